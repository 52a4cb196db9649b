"""From a paid order to a completed one: packed, shipped, delivered; on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.orders.fulfilment.complete import complete_delivered
from tests.carts.shop import BOOK, CUP, TEA, add_promotion, desk
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop
from tests.scenarios.warehouse import (
    CANCEL,
    COMPLETE,
    DELIVER,
    HOLD,
    ONE,
    ORDER,
    PACK,
    RELEASE,
    SHIP,
    UNPACK,
    add_warehouse,
    books_balance,
    empty_shelf,
    ledger,
    level_of,
    of_order,
)

DAY = 86_400_000


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], "clerk@example.cn", "orders")
        hired(opened[1], "packer@example.cn", "warehouse")
        yield opened
        books_balance(opened[1])


def placed(door: Door, session: str = "", total: str = "160.00") -> dict[str, Any]:
    """An order of 2 teas and a cup, to be paid at the door."""
    shopper = Shopper(door, session)
    shopper.ready()
    payload = shopper.place(total, shopper.token)
    assert payload["userErrors"] == []
    order: dict[str, Any] = payload["order"]
    return {**order, "token": shopper.token}


def pack(door: Door, session: str, fulfilment: str, *packages: Any) -> dict[str, Any]:
    wish = {"fulfilmentId": fulfilment, "packages": list(packages)}
    payload: dict[str, Any] = door.ask(PACK, session, input=wish)
    return payload


def ship(door: Door, session: str, fulfilment: str, key: str = "s", **given: Any) -> dict[str, Any]:
    wish = {"fulfilmentId": fulfilment, "idempotencyKey": key, **given}
    payload: dict[str, Any] = door.ask(SHIP, session, input=wish)
    return payload


def test_an_order_goes_from_shelf_to_buyer_and_is_completed(shop: tuple[Door, Database]) -> None:
    door, database = shop
    clerk, packer = door.staff("clerk@example.cn"), door.staff("packer@example.cn")
    order = placed(door)
    [todo] = of_order(door, clerk, order["id"])["fulfilments"]
    assert (todo["state"], todo["number"]) == ("OPEN", f"{order['number']}-1")
    assert [(one["sku"], one["quantity"]) for one in todo["pieces"]] == [("SKU-1", 2), ("SKU-2", 1)]
    assert level_of(database, TEA) == (100, 2)

    box = {"pieces": [{"code": "SKU-1", "quantity": 2}, {"code": "SKU-2"}], "weightGrams": 900}
    packed = pack(door, packer, todo["id"], box)
    assert packed["userErrors"] == []
    assert (packed["fulfilment"]["state"], packed["fulfilment"]["orderState"]) == ("PACKED",) * 2
    [package] = packed["fulfilment"]["packages"]
    assert (package["number"], package["weightGrams"]) == (f"{order['number']}-1-1", 900)

    label = {"packageId": package["id"], "carrier": "SF", "trackingNumber": "SF100"}
    shipped = ship(door, packer, todo["id"], packages=[label])
    assert shipped["userErrors"] == []
    assert shipped["fulfilment"]["packages"][0]["trackingNumber"] == "SF100"
    assert level_of(database, TEA) == (98, 0)
    assert ledger(database, TEA) == [("RECEIVED", 100, 0), ("RESERVED", 0, 2), ("SHIPPED", -2, -2)]
    seen = of_order(door, clerk, order["id"])
    assert (seen["state"], seen["fulfilmentStatus"]) == ("SHIPPED", "SHIPPED")

    door.clock.now += DAY
    delivered = door.ask(DELIVER, packer, input={"fulfilmentId": todo["id"]})
    assert delivered["fulfilment"]["state"] == "DELIVERED"
    again = door.ask(DELIVER, packer, input={"fulfilmentId": todo["id"]})
    assert again == delivered
    done = door.ask(COMPLETE, "", input={"orderId": order["id"], "cartToken": order["token"]})
    assert done["order"]["state"] == "COMPLETED"

    log = of_order(door, clerk, order["id"])["events"]
    assert [(one["kind"], one["stateBefore"], one["stateAfter"]) for one in log[2:]] == [
        ("PACKED", "AWAITING_FULFILMENT", "PACKED"),
        ("SHIPPED", "PACKED", "SHIPPED"),
        ("DELIVERED", "SHIPPED", "DELIVERED"),
        ("COMPLETED", "DELIVERED", "COMPLETED"),
    ]


def test_gifts_and_parts_of_bundles_are_packed_and_leave_the_stock(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    packer = door.staff("packer@example.cn")
    gift = {"gifts": [str(BOOK)], "from_quantity": 1}
    add_promotion(database, 1, "GIFT_WITH_PURCHASE", gift, gifts={BOOK: 5})
    order = placed(door)
    [todo] = of_order(door, door.staff("clerk@example.cn"), order["id"])["fulfilments"]
    assert [(one["sku"], one["isGift"]) for one in todo["pieces"]] == [
        ("SKU-1", False),
        ("SKU-2", False),
        ("SKU-3", True),
    ]

    pieces = [{"code": "SKU-1", "quantity": 2}, {"code": "SKU-2"}]
    without_gift = pack(door, packer, todo["id"], {"pieces": pieces})
    assert without_gift["userErrors"][0]["missing"] == [{"sku": "SKU-3", "quantity": 1}]
    pack(door, packer, todo["id"], {"pieces": [*pieces, {"code": "SKU-3"}]})
    ship(door, packer, todo["id"])

    assert level_of(database, BOOK) == (99, 0)


def test_all_that_is_wrong_with_a_package_is_said_at_once(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    packer = door.staff("packer@example.cn")
    order = placed(door)
    [todo] = of_order(door, door.staff("clerk@example.cn"), order["id"])["fulfilments"]

    wrong = pack(
        door,
        packer,
        todo["id"],
        {"pieces": [{"code": "SKU-3"}, {"code": "SKU-1", "quantity": 3}]},
        {"pieces": [{"code": "SKU-2"}, {"code": "SKU-2"}]},
    )

    assert [(one["code"], one["field"]) for one in wrong["userErrors"]] == [
        ("WRONG_PIECE", ["packages", "0", "pieces", "0", "code"]),
        ("TOO_MANY_PIECES", ["packages", "0", "pieces", "1", "quantity"]),
        ("TOO_MANY_PIECES", ["packages", "1", "pieces", "1", "quantity"]),
    ]
    assert wrong["userErrors"][0]["scanned"] == "SKU-3"
    assert (wrong["userErrors"][1]["sku"], wrong["userErrors"][1]["left"]) == ("SKU-1", 2)
    one_missing = pack(door, packer, todo["id"], {"pieces": [{"code": "SKU-1", "quantity": 2}]})
    assert one_missing["userErrors"][0]["missing"] == [{"sku": "SKU-2", "quantity": 1}]
    assert of_order(door, door.staff("clerk@example.cn"), order["id"])["state"] == (
        "AWAITING_FULFILMENT"
    )


def test_a_barcode_is_as_good_as_a_sku(shop: tuple[Door, Database]) -> None:
    door, database = shop
    database.write(lambda c: c.text("UPDATE variants SET barcode = '6901234567892' WHERE id = 1"))
    packer = door.staff("packer@example.cn")
    order = placed(door)
    [todo] = of_order(door, door.staff("clerk@example.cn"), order["id"])["fulfilments"]

    pieces = [{"code": " 6901234567892 ", "quantity": 2}, {"code": "SKU-2"}]
    packed = pack(door, packer, todo["id"], {"pieces": pieces})

    assert packed["userErrors"] == []


def test_packages_come_apart_until_they_are_shipped(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    packer = door.staff("packer@example.cn")
    order = placed(door)
    [todo] = of_order(door, door.staff("clerk@example.cn"), order["id"])["fulfilments"]
    which = {"fulfilmentId": todo["id"]}

    nothing = door.ask(UNPACK, packer, input=which)
    assert nothing["userErrors"][0]["state"] == "OPEN"
    pack(door, packer, todo["id"])
    assert pack(door, packer, todo["id"])["userErrors"][0]["code"] == "FULFILMENT_STATE_CONFLICT"
    unpacked = door.ask(UNPACK, packer, input=which)
    assert (unpacked["fulfilment"]["state"], unpacked["fulfilment"]["packages"]) == ("OPEN", [])
    assert unpacked["fulfilment"]["orderState"] == "AWAITING_FULFILMENT"
    pack(door, packer, todo["id"])
    ship(door, packer, todo["id"])

    too_late = door.ask(UNPACK, packer, input=which)
    assert too_late["userErrors"][0]["code"] == "ORDER_STATE_CONFLICT"


def test_a_shipment_told_twice_leaves_once(shop: tuple[Door, Database]) -> None:
    door, database = shop
    packer = door.staff("packer@example.cn")
    order = placed(door)
    [todo] = of_order(door, door.staff("clerk@example.cn"), order["id"])["fulfilments"]
    assert ship(door, packer, todo["id"])["userErrors"][0]["code"] == "FULFILMENT_STATE_CONFLICT"
    pack(door, packer, todo["id"])

    first = ship(door, packer, todo["id"], "k1")
    second = ship(door, packer, todo["id"], "k1")
    other = ship(door, packer, todo["id"], "k2")

    assert first == second
    assert other["userErrors"][0]["code"] == "ORDER_STATE_CONFLICT"
    assert level_of(database, TEA) == (98, 0)


def test_an_order_is_split_by_warehouse_and_its_parts_go_their_own_ways(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    add_warehouse(database, 2, {CUP: 5})
    empty_shelf(database, CUP)
    clerk = door.staff("clerk@example.cn")
    order = placed(door)
    first, second = of_order(door, clerk, order["id"])["fulfilments"]
    assert [one["warehouse"]["slug"] for one in (first, second)] == ["main", "w2"]
    assert [one["pieces"][0]["sku"] for one in (first, second)] == ["SKU-1", "SKU-2"]

    def state() -> tuple[str, str]:
        seen = of_order(door, clerk, order["id"])
        return seen["state"], seen["fulfilmentStatus"]

    pack(door, clerk, first["id"])
    assert state() == ("PICKING", "UNFULFILLED")
    ship(door, clerk, first["id"], "a")
    assert state() == ("PICKING", "PARTIALLY_SHIPPED")
    cancel = {"orderId": order["id"], "idempotencyKey": "c"}
    refused = door.ask(CANCEL, clerk, input=cancel)
    assert refused["userErrors"][0]["code"] == "ORDER_STATE_CONFLICT"
    door.ask(DELIVER, clerk, input={"fulfilmentId": first["id"]})
    assert state() == ("PICKING", "PARTIALLY_SHIPPED")
    pack(door, clerk, second["id"])
    assert state() == ("PACKED", "PARTIALLY_SHIPPED")
    ship(door, clerk, second["id"], "b")
    assert state() == ("SHIPPED", "SHIPPED")
    door.ask(DELIVER, clerk, input={"fulfilmentId": second["id"]})
    assert state() == ("DELIVERED", "DELIVERED")


def test_what_was_packed_goes_back_on_its_shelf_when_the_order_is_cancelled(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    clerk, li = door.staff("clerk@example.cn"), door.customer("li@example.cn")
    order = placed(door, li)
    [todo] = of_order(door, clerk, order["id"])["fulfilments"]
    pack(door, clerk, todo["id"])
    cancel = {"orderId": order["id"], "idempotencyKey": "c"}

    refused = door.ask(CANCEL, li, input=cancel)
    assert refused["userErrors"][0]["code"] == "ORDER_STATE_CONFLICT"
    gone = door.ask(CANCEL, clerk, input=cancel)

    assert gone["order"]["state"] == "CANCELLED"
    assert ledger(database, TEA)[-1] == ("RESHELVED", 0, -2)
    assert level_of(database, TEA) == (100, 0)
    [given_up] = of_order(door, clerk, order["id"])["fulfilments"]
    assert given_up["state"] == "CANCELLED"


def test_an_order_with_a_hold_is_neither_packed_nor_shipped(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    clerk = door.staff("clerk@example.cn")
    order = placed(door)
    [todo] = of_order(door, clerk, order["id"])["fulfilments"]
    fraud = {"orderId": order["id"], "kind": "FRAUD_CHECK", "reason": "New card, new address"}
    door.ask(HOLD, clerk, input=fraud)
    address = {"orderId": order["id"], "kind": "ADDRESS"}
    assert door.ask(HOLD, clerk, input=address)["order"]["state"] == "ON_HOLD"
    assert door.ask(HOLD, clerk, input=fraud)["userErrors"][0]["code"] == "HOLD_EXISTS"

    refused = pack(door, clerk, todo["id"])
    assert refused["userErrors"][0] == {"code": "ORDER_STATE_CONFLICT", "field": ["orderId"]}
    first, _ = of_order(door, clerk, order["id"])["holds"]
    one = {"orderId": order["id"], "holdIds": [first["id"]], "reason": "They called back"}
    assert door.ask(RELEASE, clerk, input=one)["order"]["state"] == "ON_HOLD"
    assert door.ask(RELEASE, clerk, input=one)["userErrors"][0]["code"] == "NOT_FOUND"
    rest = {"orderId": order["id"]}
    assert door.ask(RELEASE, clerk, input=rest)["order"]["state"] == "AWAITING_FULFILMENT"
    assert door.ask(RELEASE, clerk, input=rest)["userErrors"][0]["code"] == "ORDER_STATE_CONFLICT"
    pack(door, clerk, todo["id"])
    assert door.ask(HOLD, clerk, input=address)["order"]["state"] == "ON_HOLD"
    assert ship(door, clerk, todo["id"])["userErrors"][0]["code"] == "ORDER_STATE_CONFLICT"
    assert door.ask(RELEASE, clerk, input=rest)["order"]["state"] == "PACKED"
    ended = of_order(door, clerk, order["id"])["holds"]
    assert [(one["reason"], one["note"], one["releasedAt"] is None) for one in ended] == [
        ("FRAUD_CHECK", "New card, new address", False),
        ("ADDRESS", "", False),
        ("ADDRESS", "", False),
    ]


def test_orders_are_completed_some_days_after_their_delivery(shop: tuple[Door, Database]) -> None:
    door, database = shop
    clerk = door.staff("clerk@example.cn")
    order = placed(door)
    [todo] = of_order(door, clerk, order["id"])["fulfilments"]
    pack(door, clerk, todo["id"])
    ship(door, clerk, todo["id"])
    early = {"orderId": order["id"]}
    assert door.ask(COMPLETE, clerk, input=early)["userErrors"][0]["code"] == "ORDER_STATE_CONFLICT"
    door.ask(DELIVER, clerk, input={"fulfilmentId": todo["id"]})
    hooks, delivered_at = desk().hooks, door.clock.now

    soon, due = delivered_at + 7 * DAY, delivered_at + 7 * DAY + 1
    assert complete_delivered(database.write, hooks=hooks, now=soon) == 0
    assert complete_delivered(database.write, hooks=hooks, now=due) == 1
    assert complete_delivered(database.write, hooks=hooks, now=due) == 0

    seen = of_order(door, clerk, order["id"])
    assert seen["state"] == "COMPLETED"
    assert seen["events"][-1]["kind"] == "COMPLETED"


def test_the_clock_of_shipping_starts_when_an_order_is_paid(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    clerk = door.staff("clerk@example.cn")
    shopper = Shopper(door)
    shopper.ready("bank_transfer")
    order = shopper.place("160.00", "k")["order"]
    unpaid = of_order(door, clerk, order["id"])
    assert (unpaid["fulfilments"], unpaid["shipBy"]) == ([], "2025-11-26T16:00:00.000Z")

    door.clock.now += 3 * DAY
    paid = """mutation ($input: OrderMarkPaidInput!) {
      orderMarkPaid(input: $input) { order { shipBy isLate } userErrors { code } } }"""
    marked = door.ask(paid, clerk, input={"orderId": order["id"]})
    assert marked["order"] == {"shipBy": "2025-11-29T16:00:00.000Z", "isLate": False}
    door.clock.now += 2 * DAY + 1_000
    late = """query ($late: Boolean) { orders(filter: {late: $late}) {
      nodes { isLate fulfilments { isLate } } } }"""
    assert door.ask(late, clerk, late=True)["nodes"] == [
        {"isLate": True, "fulfilments": [{"isLate": True}]}
    ]
    [todo] = of_order(door, clerk, order["id"])["fulfilments"]
    pack(door, clerk, todo["id"])
    ship(door, clerk, todo["id"])
    assert door.ask(late, clerk, late=True)["nodes"] == []


def test_only_the_warehouse_and_staff_of_orders_pack(shop: tuple[Door, Database]) -> None:
    door, database = shop
    hired(database, "editor@example.cn", "catalogue")
    order = placed(door)
    packer = door.staff("packer@example.cn")
    [todo] = of_order(door, door.staff("clerk@example.cn"), order["id"])["fulfilments"]

    wish = {"fulfilmentId": todo["id"], "packages": []}
    assert door.refusal(PACK, input=wish) == "UNAUTHENTICATED"
    assert door.refusal(PACK, door.staff("editor@example.cn"), input=wish) == "FORBIDDEN"
    assert door.refusal(ONE, door.customer(), id=todo["id"]) == "FORBIDDEN"
    seen = door.ask(ONE, packer, id=todo["id"])
    assert (seen["name"], seen["address"]["city"]) == ("李雷", "上海")
    assert door.ask(ORDER, packer, id=order["id"]) is None
    unknown = {"fulfilmentId": "RnVsZmlsbWVudDo5OTk=", "packages": []}
    assert door.ask(PACK, packer, input=unknown)["userErrors"][0]["code"] == (
        "FULFILMENT_NOT_FOUND"
    )
