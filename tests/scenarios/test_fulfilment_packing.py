"""A packing station scan by scan, orders split and joined, and many at once; on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.orders.fulfilment.pack import MOST_PACKAGES
from storeql.orders.fulfilment.split import MOST_PARTS
from storeql.orders.fulfilment.tables import fulfilments, order_holds, packages
from storeql.orders.holds import MOST_EVER
from storeql.schema.ids import opaque_id, row_of
from tests.carts.shop import CUP, TEA, insert_rows
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop
from tests.scenarios.warehouse import (
    BEGIN,
    CLOSE,
    HOLD,
    MERGE,
    MOVE,
    PACK,
    PACK_FINISH,
    REMOVE,
    SCAN_IN,
    SHIP,
    SPLIT,
    UNPACK,
    add_warehouse,
    books_balance,
    level_of,
    of_order,
)

ORDER_RESULTS = "results { order { number state } userErrors { code field } } userErrors { code }"
PACK_MANY = """
  mutation ($input: FulfilmentsInput!) {
    fulfilmentsPack(input: $input) {
      results { fulfilment { number state } userErrors { code } } userErrors { code field } }
  }"""
SHIP_MANY = f"""
  mutation ($input: OrdersShipInput!) {{ ordersShip(input: $input) {{ {ORDER_RESULTS} }} }}"""
DELIVER_MANY = f"""
  mutation ($input: OrdersInput!) {{ ordersDeliver(input: $input) {{ {ORDER_RESULTS} }} }}"""
HOLD_MANY = f"""
  mutation ($input: OrdersHoldInput!) {{ ordersHold(input: $input) {{ {ORDER_RESULTS} }} }}"""
RELEASE_MANY = f"""
  mutation ($input: OrdersReleaseInput!) {{
    ordersRelease(input: $input) {{ {ORDER_RESULTS} }} }}"""
EXTEND = """
  mutation ($input: OrderShipByExtendInput!) {
    orderShipByExtend(input: $input) {
      order { shipBy isLate version } userErrors { code field } }
  }"""
SETTINGS = """
  mutation ($input: FulfilmentSettingsUpdateInput!) {
    fulfilmentSettingsUpdate(input: $input) {
      fulfilmentSettings { version handlingHours completionDays channels { channelId hours } }
      userErrors { code field } }
  }"""
HOUR = 3_600_000


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], "clerk@example.cn", "orders")
        hired(opened[1], "packer@example.cn", "warehouse")
        hired(opened[1], "owner@example.cn", "owner")
        yield opened
        books_balance(opened[1])


def placed(door: Door, key: str = "k") -> dict[str, Any]:
    """An order of 2 teas and a cup."""
    shopper = Shopper(door)
    shopper.ready()
    order: dict[str, Any] = shopper.place("160.00", key)["order"]
    return order


def parts_of(door: Door, order: dict[str, Any]) -> list[dict[str, Any]]:
    """What warehouses send of an order."""
    found: list[dict[str, Any]] = of_order(door, door.staff("clerk@example.cn"), order["id"])[
        "fulfilments"
    ]
    return found


def pieces(fulfilment: dict[str, Any]) -> list[tuple[str, int]]:
    return [(one["sku"], one["quantity"]) for one in fulfilment["pieces"]]


def test_a_station_fills_packages_scan_by_scan(shop: tuple[Door, Database]) -> None:
    door, database = shop
    database.write(lambda c: c.text("UPDATE variants SET weight_grams = id * 100"))
    packer = door.staff("packer@example.cn")
    [todo] = parts_of(door, placed(door))
    which = {"fulfilmentId": todo["id"]}

    begun = door.ask(BEGIN, packer, input=which)["fulfilment"]
    door.ask(BEGIN, packer, input=which)
    first, second = door.ask(BEGIN, packer, input=which)["fulfilment"]["packages"][:2]
    assert [one["state"] for one in begun["packages"]] == ["OPEN"]

    def put(package: dict[str, Any], code: str, quantity: int = 1, **given: Any) -> dict[str, Any]:
        wish = {"packageId": package["id"], "code": code, "quantity": quantity, **given}
        payload: dict[str, Any] = door.ask(SCAN_IN, packer, input=wish)
        return payload

    put(first, "SKU-1", 2)
    too_many = put(second, "SKU-1")["userErrors"][0]
    assert (too_many["code"], too_many["left"]) == ("TOO_MANY_PIECES", 0)
    assert put(second, "SKU-3")["userErrors"][0]["code"] == "WRONG_PIECE"
    assert put(second, "SKU-1", 1, isOut=True)["userErrors"][0]["code"] == "TOO_MANY_PIECES"
    out = put(first, "SKU-1", 1, isOut=True)["fulfilment"]
    assert (out["pieces"][0]["packed"], out["packages"][0]["expectedGrams"]) == (1, 100)
    put(second, "SKU-1")
    empty = door.ask(CLOSE, packer, input={"packageId": out["packages"][2]["id"]})
    assert empty["userErrors"][0]["code"] == "PACKAGE_EMPTY"
    early = door.ask(PACK_FINISH, packer, input=which)["userErrors"][0]
    assert (early["code"], early["missing"]) == (
        "PIECES_MISSING",
        [{"sku": "SKU-2", "quantity": 1}],
    )
    assert door.ask(PACK, packer, input=which)["userErrors"][0]["code"] == "PACKING_BEGUN"
    put(second, "SKU-2")
    closed = door.ask(CLOSE, packer, input={"packageId": first["id"], "weightGrams": 150})
    assert (closed["fulfilment"]["state"], closed["fulfilment"]["packages"][0]["weightGrams"]) == (
        "OPEN",
        150,
    )
    assert put(first, "SKU-2")["userErrors"][0]["state"] == "CLOSED"
    done = door.ask(PACK_FINISH, packer, input=which)["fulfilment"]
    assert (done["state"], [one["state"] for one in done["packages"]]) == (
        "PACKED",
        ["CLOSED", "CLOSED"],
    )
    assert [one["expectedGrams"] for one in done["packages"]] == [100, 300]


def test_the_package_that_closes_over_the_last_piece_ends_the_packing(
    shop: tuple[Door, Database],
) -> None:
    door, _ = shop
    packer = door.staff("packer@example.cn")
    [todo] = parts_of(door, placed(door))
    which = {"fulfilmentId": todo["id"]}
    spare = door.ask(BEGIN, packer, input=which)["fulfilment"]["packages"][0]
    package = door.ask(BEGIN, packer, input=which)["fulfilment"]["packages"][1]
    door.ask(REMOVE, packer, input={"packageId": spare["id"]})
    for code, quantity in (("SKU-1", 2), ("SKU-2", 1)):
        wish = {"packageId": package["id"], "code": code, "quantity": quantity}
        door.ask(SCAN_IN, packer, input=wish)

    closed = door.ask(CLOSE, packer, input={"packageId": package["id"]})["fulfilment"]

    assert (closed["state"], closed["orderState"]) == ("PACKED", "PACKED")
    late = {"packageId": package["id"], "code": "SKU-1"}
    assert door.ask(SCAN_IN, packer, input=late)["userErrors"][0]["state"] == "PACKED"
    assert door.ask(UNPACK, packer, input=which)["fulfilment"]["state"] == "OPEN"
    gone = {"packageId": package["id"], "code": "SKU-1"}
    assert door.ask(SCAN_IN, packer, input=gone)["userErrors"][0]["code"] == "PACKAGE_NOT_FOUND"


def test_packages_of_one_fulfilment_may_leave_on_different_days(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    packer = door.staff("packer@example.cn")
    order = placed(door)
    [todo] = parts_of(door, order)
    boxes = [{"pieces": [{"code": "SKU-1", "quantity": 2}]}, {"pieces": [{"code": "SKU-2"}]}]
    wish = {"fulfilmentId": todo["id"], "packages": boxes}
    first, _ = door.ask(PACK, packer, input=wish)["fulfilment"]["packages"]
    some = {"fulfilmentId": todo["id"], "idempotencyKey": "a", "packageIds": [first["id"]]}

    door.ask(SHIP, packer, input=some)

    gone, waiting = parts_of(door, order)
    assert (gone["state"], pieces(gone)) == ("SHIPPED", [("SKU-1", 2)])
    assert (waiting["state"], pieces(waiting)) == ("PACKED", [("SKU-2", 1)])
    assert [one["number"] for one in waiting["packages"]] == [f"{order['number']}-2-1"]
    assert (level_of(database, TEA), level_of(database, CUP)) == ((98, 0), (100, 1))
    unknown = {**some, "idempotencyKey": "b", "packageIds": [str(opaque_id("Package", 999))]}
    refused = door.ask(SHIP, packer, input={**unknown, "fulfilmentId": waiting["id"]})
    assert refused["userErrors"][0]["field"] == ["packageIds", "0"]
    door.ask(SHIP, packer, input={"fulfilmentId": waiting["id"], "idempotencyKey": "c"})
    clerk = door.staff("clerk@example.cn")
    assert of_order(door, clerk, order["id"])["fulfilmentStatus"] == "SHIPPED"


def test_a_fulfilment_is_split_by_pieces_and_joined_again(shop: tuple[Door, Database]) -> None:
    door, database = shop
    packer = door.staff("packer@example.cn")
    order = placed(door)
    [todo] = parts_of(door, order)

    def split(version: int, *codes: tuple[str, int]) -> dict[str, Any]:
        named = [{"code": code, "quantity": quantity} for code, quantity in codes]
        wish = {"fulfilmentId": todo["id"], "pieces": named, "expectedVersion": version}
        payload: dict[str, Any] = door.ask(SPLIT, packer, input=wish)
        return payload

    everything = split(1, ("SKU-1", 2), ("SKU-2", 1))["userErrors"][0]
    assert everything["code"] == "NOTHING_LEFT"
    assert split(1, ("SKU-1", 1))["fulfilment"]["version"] == 2
    assert split(1, ("SKU-1", 1))["userErrors"][0]["current"] == 2
    first, second = parts_of(door, order)
    assert (pieces(first), pieces(second)) == (
        [("SKU-1", 1), ("SKU-2", 1)],
        [("SKU-1", 1)],
    )
    assert level_of(database, TEA) == (100, 2)
    both = {"fulfilmentIds": [first["id"], second["id"]]}
    door.ask(BEGIN, packer, input={"fulfilmentId": second["id"]})
    assert door.ask(MERGE, packer, input=both)["userErrors"][0]["code"] == "BEGUN"
    door.ask(UNPACK, packer, input={"fulfilmentId": second["id"]})
    alone = {"fulfilmentIds": [first["id"], first["id"]]}
    assert door.ask(MERGE, packer, input=alone)["userErrors"][0]["code"] == "REQUIRED"
    merged = door.ask(MERGE, packer, input=both)["fulfilment"]
    assert pieces(merged) == [("SKU-1", 2), ("SKU-2", 1)]
    assert len(parts_of(door, order)) == 1
    assert door.ask(MERGE, packer, input=both)["userErrors"][0]["field"] == ["fulfilmentIds", "1"]
    door.ask(PACK, packer, input={"fulfilmentId": first["id"]})
    begun = split(merged["version"] + 1, ("SKU-1", 1))["userErrors"][0]
    assert (begun["code"], begun["state"]) == ("FULFILMENT_STATE_CONFLICT", "PACKED")


def test_another_warehouse_takes_over_what_it_has(shop: tuple[Door, Database]) -> None:
    door, database = shop
    add_warehouse(database, 2, {TEA: 2, CUP: 0})
    packer = door.staff("packer@example.cn")
    order = placed(door)
    [todo] = parts_of(door, order)
    other = str(opaque_id("Warehouse", 2))

    def move(fulfilment: dict[str, Any], house: str = other) -> dict[str, Any]:
        wish = {"fulfilmentId": fulfilment["id"], "expectedVersion": fulfilment["version"]}
        payload: dict[str, Any] = door.ask(MOVE, packer, input={**wish, "warehouseId": house})
        return payload

    short = move(todo)["userErrors"]
    assert [(one["code"], one["sku"], one["available"]) for one in short] == [
        ("INSUFFICIENT_STOCK", "SKU-2", 0)
    ]
    assert move(todo, str(opaque_id("Warehouse", 9)))["userErrors"][0]["code"] == "NOT_FOUND"
    cup = {"fulfilmentId": todo["id"], "pieces": [{"code": "SKU-2"}], "expectedVersion": 1}
    tea = door.ask(SPLIT, packer, input=cup)["fulfilment"]
    moved = move(tea)["fulfilment"]
    assert moved["warehouse"]["slug"] == "w2"
    assert (level_of(database, TEA), level_of(database, TEA, 2)) == ((100, 0), (2, 2))


def test_many_are_packed_shipped_and_delivered_at_once_each_with_its_answer(
    shop: tuple[Door, Database],
) -> None:
    door, _ = shop
    packer, clerk = door.staff("packer@example.cn"), door.staff("clerk@example.cn")
    one, two, three = (placed(door, key) for key in "abc")
    door.ask(HOLD, clerk, input={"orderId": two["id"]})
    todo = [parts_of(door, order)[0]["id"] for order in (one, two, three)]

    packed = door.ask(PACK_MANY, packer, input={"fulfilmentIds": todo})
    assert [
        (result["fulfilment"] and result["fulfilment"]["state"], result["userErrors"])
        for result in packed["results"]
    ] == [("PACKED", []), (None, [{"code": "ORDER_STATE_CONFLICT"}]), ("PACKED", [])]

    entries = [
        {"orderId": one["id"], "carrier": "SF", "trackingNumbers": ["SF1"]},
        {"orderId": two["id"]},
        {"orderId": three["id"], "carrier": "x" * 65},
    ]
    shipment = {"orders": entries, "idempotencyKey": "today"}
    shipped = door.ask(SHIP_MANY, packer, input=shipment)
    assert [result["userErrors"] for result in shipped["results"]] == [
        [],
        [{"code": "ORDER_STATE_CONFLICT", "field": ["orderId"]}],
        [{"code": "TOO_LONG", "field": ["carrier"]}],
    ]
    assert door.ask(SHIP_MANY, packer, input=shipment) == shipped
    assert parts_of(door, one)[0]["packages"][0]["trackingNumber"] == "SF1"

    ids = [order["id"] for order in (one, two, three)]
    delivered = door.ask(DELIVER_MANY, packer, input={"orderIds": ids})
    assert [
        (result["order"] or {"state": result["userErrors"][0]["code"]})["state"]
        for result in delivered["results"]
    ] == ["DELIVERED", "ORDER_STATE_CONFLICT", "ORDER_STATE_CONFLICT"]
    too_many = door.ask(PACK_MANY, packer, input={"fulfilmentIds": todo[:1] * 101})
    assert (too_many["results"], too_many["userErrors"]) == (
        None,
        [{"code": "TOO_MANY", "field": ["fulfilmentIds"]}],
    )
    assert door.refusal(HOLD_MANY, packer, input={"orderIds": ids}) == "FORBIDDEN"
    held = door.ask(HOLD_MANY, clerk, input={"orderIds": ids, "kind": "ADDRESS"})
    assert [result["userErrors"] == [] for result in held["results"]] == [False, True, True]
    released = door.ask(RELEASE_MANY, clerk, input={"orderIds": ids[1:]})
    assert [result["order"]["state"] for result in released["results"]] == [
        "AWAITING_FULFILMENT",
        "PACKED",
    ]


def test_parts_packages_and_holds_are_only_so_many(shop: tuple[Door, Database]) -> None:
    door, database = shop
    clerk = door.staff("clerk@example.cn")
    order = placed(door)
    [todo] = parts_of(door, order)
    row, part = row_of("Order", order["id"]), row_of("Fulfilment", todo["id"])
    times = {"created_at": door.clock.now, "updated_at": door.clock.now}
    boxes = [{"fulfilment_id": part, "position": place, **times} for place in range(MOST_PACKAGES)]
    insert_rows(database, packages, *boxes)
    which = {"fulfilmentId": todo["id"]}
    assert door.ask(BEGIN, clerk, input=which)["userErrors"][0]["code"] == "TOO_MANY"
    door.ask(UNPACK, clerk, input=which)
    empty = {"order_id": row, "warehouse_id": 1, "state": "CANCELLED", **times}
    parts = [{**empty, "position": place} for place in range(2, MOST_PARTS + 1)]
    insert_rows(database, fulfilments, *parts)
    split = {**which, "pieces": [{"code": "SKU-1"}], "expectedVersion": todo["version"]}
    [refused] = door.ask(SPLIT, clerk, input=split)["userErrors"]
    assert (refused["code"], refused["field"]) == ("TOO_MANY", ["fulfilmentId"])
    hold = {"order_id": row, "reason": "OTHER", "placed_by": "staff:1", "placed_at": 1}
    insert_rows(database, order_holds, *({**hold, "released_at": 2} for _ in range(MOST_EVER)))
    assert door.ask(HOLD, clerk, input={"orderId": order["id"]})["userErrors"] == [
        {"code": "TOO_MANY"}
    ]


def test_an_approved_delay_gives_an_order_more_time(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    clerk = door.staff("clerk@example.cn")
    order = placed(door)
    door.clock.now += 49 * HOUR
    seen = door.ask(
        "query ($id: ID!) { order(id: $id) { shipBy isLate version } }", clerk, id=order["id"]
    )
    assert seen["isLate"] is True
    wish = {"orderId": order["id"], "expectedVersion": seen["version"], "reason": "Typhoon"}

    for ship_by in ("2025-11-24T00:00:00Z", "2026-12-31T00:00:00Z"):
        refused = door.ask(EXTEND, clerk, input={**wish, "shipBy": ship_by})
        assert refused["userErrors"] == [{"code": "OUT_OF_RANGE", "field": ["shipBy"]}]
    longer = {**wish, "shipBy": "2025-12-01T00:00:00Z"}
    extended = door.ask(EXTEND, clerk, input=longer)["order"]
    assert (extended["shipBy"], extended["isLate"]) == ("2025-12-01T00:00:00.000Z", False)
    assert door.ask(EXTEND, clerk, input=longer)["userErrors"][0]["code"] == "STALE_VERSION"
    event = of_order(door, clerk, order["id"])["events"][-1]
    assert (event["kind"], event["data"]["reason"]) == ("SHIP_BY_EXTENDED", "Typhoon")


def test_the_shop_and_each_channel_say_how_long_an_order_may_take(
    shop: tuple[Door, Database],
) -> None:
    door, _ = shop
    owner, clerk = door.staff("owner@example.cn"), door.staff("clerk@example.cn")
    app = str(opaque_id("Channel", 2))

    def ship_by() -> int:
        order = placed(door, f"k{door.clock.now}")
        door.clock.now += 1
        text = of_order(door, clerk, order["id"])["shipBy"]
        return int(text[8:10]) * 24 + int(text[11:13])

    assert ship_by() == 26 * 24 + 16
    first = {
        "expectedVersion": 0,
        "handlingHours": 24,
        "channels": [{"channelId": app, "hours": 8}],
    }
    changed = door.ask(SETTINGS, owner, input=first)["fulfilmentSettings"]
    assert changed == {
        "version": 1,
        "handlingHours": 24,
        "completionDays": 7,
        "channels": [{"channelId": app, "hours": 8}],
    }
    assert ship_by() == 25 * 24 + 16
    web = {"channelId": str(opaque_id("Channel", 1)), "hours": 6}
    own = {"expectedVersion": 1, "channels": [web]}
    assert door.ask(SETTINGS, owner, input=own)["fulfilmentSettings"]["channels"] == [web]
    assert ship_by() == 24 * 24 + 22
    wrong = {
        "expectedVersion": 2,
        "handlingHours": 0,
        "completionDays": 400,
        "channels": [web, web],
    }
    refused = door.ask(SETTINGS, owner, input=wrong)["userErrors"]
    assert [(one["code"], one["field"]) for one in refused] == [
        ("OUT_OF_RANGE", ["handlingHours"]),
        ("OUT_OF_RANGE", ["completionDays"]),
        ("DUPLICATE", ["channels", "1", "channelId"]),
    ]
    assert door.refusal(SETTINGS, clerk, input=own) == "FORBIDDEN"
