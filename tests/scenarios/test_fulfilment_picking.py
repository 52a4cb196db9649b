"""Pick lists: waves along the shelves, scans, what is not there; on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.db.connection import Connection
from storeql.schema.ids import opaque_id
from tests.carts.shop import CUP, TEA
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop, variant
from tests.scenarios.warehouse import (
    ASSIGN,
    CANCEL,
    COUNT,
    HOLD,
    PACK,
    PICK,
    PICK_DONE,
    PICK_STOP,
    RELEASE,
    SCAN,
    SHIP,
    SHORT,
    UNPACK,
    add_warehouse,
    books_balance,
    ledger,
    level_of,
    of_order,
)

BINS = """
  mutation ($input: StockBinsSetInput!) {
    stockBinsSet(input: $input) {
      productVariants { stockLevels { binLocation } } userErrors { code field } }
  }"""
SETTINGS = """
  mutation ($input: FulfilmentSettingsUpdateInput!) {
    fulfilmentSettingsUpdate(input: $input) {
      fulfilmentSettings { version shortPick } userErrors { code } }
  }"""
ADJUST = """
  mutation ($input: StockAdjustInput!) {
    stockAdjust(input: $input) { userErrors { code } }
  }"""
MAIN = str(opaque_id("Warehouse", 1))


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], "clerk@example.cn", "orders")
        hired(opened[1], "packer@example.cn", "warehouse")
        hired(opened[1], "owner@example.cn", "owner")
        yield opened
        books_balance(opened[1])


def placed(door: Door, key: str = "k") -> dict[str, Any]:
    """An order of 2 teas and a cup; a later one is to leave later."""
    door.clock.now += 1_000
    shopper = Shopper(door)
    shopper.ready()
    order: dict[str, Any] = shopper.place("160.00", key)["order"]
    return order


def picking(door: Door, session: str, **given: Any) -> dict[str, Any]:
    """A pick list of the main warehouse."""
    payload: dict[str, Any] = door.ask(PICK, session, input={"warehouseId": MAIN, **given})
    return payload


def scan(door: Door, session: str, list_id: str, code: str, quantity: int = 1) -> dict[str, Any]:
    wish = {"pickListId": list_id, "code": code, "quantity": quantity}
    payload: dict[str, Any] = door.ask(SCAN, session, input=wish)
    return payload


def short(
    door: Door, session: str, line: dict[str, Any], missing: int, key: str = "s", **given: Any
) -> dict[str, Any]:
    wish = {"lineId": line["id"], "missing": missing, "reason": "NOT_FOUND"}
    payload: dict[str, Any] = door.ask(
        SHORT, session, input={**wish, "idempotencyKey": key, **given}
    )
    return payload


def fulfilment_of(door: Door, order: dict[str, Any], place: int = 0) -> dict[str, Any]:
    clerk = door.staff("clerk@example.cn")
    found: dict[str, Any] = of_order(door, clerk, order["id"])["fulfilments"][place]
    return found


def test_a_wave_leads_from_shelf_to_shelf_through_the_orders_that_leave_first(
    shop: tuple[Door, Database],
) -> None:
    door, _ = shop
    packer = door.staff("packer@example.cn")
    bins = [
        {"variantId": variant(TEA), "warehouseId": MAIN, "binLocation": "B-02"},
        {"variantId": variant(CUP), "warehouseId": MAIN, "binLocation": "A-01"},
    ]
    shelves = door.ask(BINS, door.staff("clerk@example.cn"), input={"bins": bins})
    assert shelves["productVariants"][0]["stockLevels"] == [{"binLocation": "B-02"}]
    first, second, third = placed(door, "1"), placed(door, "2"), placed(door, "3")

    made = picking(door, packer, most=2)["pickList"]

    numbers = [f"{one['number']}-1" for one in (first, second)]
    lines = [(one["binLocation"], one["fulfilmentNumber"]) for one in made["lines"]]
    assert lines == [(shelf, number) for shelf in ("A-01", "B-02") for number in numbers]
    assert (made["state"], made["quantity"], made["picked"]) == ("OPEN", 6, 0)
    clerk = door.staff("clerk@example.cn")
    states = [of_order(door, clerk, one["id"])["state"] for one in (first, second, third)]
    assert states == ["PICKING", "PICKING", "AWAITING_FULFILMENT"]
    rest = picking(door, packer)["pickList"]
    assert {one["fulfilmentNumber"] for one in rest["lines"]} == {f"{third['number']}-1"}
    assert picking(door, packer)["userErrors"][0]["code"] == "NOTHING_TO_PICK"


def test_scans_fill_the_lines_in_turn_and_refuse_what_is_not_wanted(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    database.write(lambda c: c.text("UPDATE variants SET barcode = '690' WHERE id = 2"))
    packer = door.staff("packer@example.cn")
    first, second = placed(door, "1"), placed(door, "2")
    listed = picking(door, packer)["pickList"]["id"]

    scanned = scan(door, packer, listed, "SKU-1", 3)
    numbers = [f"{one['number']}-1" for one in (first, second)]
    assert [(one["fulfilmentNumber"], one["picked"]) for one in scanned["lines"]] == [
        (numbers[0], 2),
        (numbers[1], 1),
    ]
    assert scan(door, packer, listed, "690")["lines"][0]["fulfilmentNumber"] == numbers[0]
    too_many = scan(door, packer, listed, "SKU-1", 2)["userErrors"][0]
    assert (too_many["code"], too_many["left"], too_many["given"]) == ("TOO_MANY_PIECES", 1, 2)
    wrong = scan(door, packer, listed, "SKU-3")["userErrors"][0]
    assert (wrong["code"], wrong["scanned"]) == ("WRONG_PIECE", "SKU-3")
    early = door.ask(PICK_DONE, packer, input={"pickListId": listed})["userErrors"][0]
    assert early["missing"] == [{"sku": "SKU-1", "quantity": 1}, {"sku": "SKU-2", "quantity": 1}]
    # Of the first order everything is there: it can be packed while the wave goes on.
    packed = {"fulfilmentId": fulfilment_of(door, first)["id"]}
    assert door.ask(PACK, packer, input=packed)["userErrors"] == []
    waiting = {"fulfilmentId": fulfilment_of(door, second)["id"]}
    refused = door.ask(PACK, packer, input=waiting)["userErrors"][0]
    assert (refused["code"], refused["missing"][0]) == (
        "PIECES_MISSING",
        {"sku": "SKU-1", "quantity": 1},
    )
    scan(door, packer, listed, "SKU-1")
    scan(door, packer, listed, "SKU-2")
    done = door.ask(PICK_DONE, packer, input={"pickListId": listed})
    assert (done["pickList"]["state"], done["pickList"]["picked"]) == ("DONE", 6)
    assert scan(door, packer, listed, "SKU-1")["userErrors"][0]["state"] == "DONE"
    # Unpacked again, what was picked is still picked.
    unpacked = door.ask(UNPACK, packer, input=packed)
    assert unpacked["fulfilment"]["state"] == "PICKING"


def test_counts_are_also_written_by_hand(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    packer = door.staff("packer@example.cn")
    placed(door)
    made = picking(door, packer)["pickList"]
    tea, cup = made["lines"]

    def count(*lines: tuple[str, int]) -> dict[str, Any]:
        entries = [{"lineId": line_id, "picked": picked} for line_id, picked in lines]
        wish = {"pickListId": made["id"], "lines": entries}
        payload: dict[str, Any] = door.ask(COUNT, packer, input=wish)
        return payload

    assert count((tea["id"], 2), (cup["id"], 1))["pickList"]["picked"] == 3
    assert count((tea["id"], 1))["pickList"]["picked"] == 2
    unknown = str(opaque_id("PickListLine", 999))
    wrong = count((tea["id"], 3), (unknown, 1))["userErrors"]
    assert [(one["code"], one["field"]) for one in wrong] == [
        ("OUT_OF_RANGE", ["lines", "0", "picked"]),
        ("NOT_FOUND", ["lines", "1", "lineId"]),
    ]


def test_a_list_is_somebody_s_or_anybody_s(shop: tuple[Door, Database]) -> None:
    door, database = shop
    packer = door.staff("packer@example.cn")
    me = str(opaque_id("StaffMember", hired(database, "li@example.cn", "warehouse")))
    placed(door)
    made = picking(door, packer, assigneeId=me)["pickList"]
    assert made["assigneeName"] == "li@example.cn"
    listed = """query ($filter: PickListFilterInput) {
      pickLists(filter: $filter) { totalCount nodes { id } } }"""
    work = """query ($filter: FulfilmentFilterInput) {
      fulfilments(filter: $filter) { totalCount nodes { state } } }"""
    assert door.ask(listed, packer, filter={"assigneeId": me})["totalCount"] == 1
    assert door.ask(work, packer, filter={"assigneeId": me})["nodes"] == [{"state": "PICKING"}]
    nobody = door.ask(ASSIGN, packer, input={"pickListId": made["id"]})
    assert nobody["pickList"]["assigneeName"] == ""
    assert door.ask(listed, packer, filter={"assigneeId": me})["totalCount"] == 0
    assert door.ask(listed, packer, filter={"unassigned": True})["totalCount"] == 1
    assert door.ask(work, packer, filter={"assigneeId": me})["totalCount"] == 0
    gone = str(opaque_id("StaffMember", 999))
    refused = picking(door, packer, assigneeId=gone)["userErrors"][0]
    assert (refused["code"], refused["field"]) == ("NOT_FOUND", ["staffId"])


def test_the_warehouse_knows_its_places_and_its_people(shop: tuple[Door, Database]) -> None:
    door, database = shop
    packer = door.staff("packer@example.cn")
    hired(database, "editor@example.cn", "catalogue")
    asked = """query ($tea: ID!) {
      warehouses { nodes { id slug } } pickers { totalCount nodes { id name } }
      productVariant(id: $tea) { stockLevels { onHand binLocation warehouse { slug } } } }"""

    seen = door.answer(asked, packer, tea=variant(TEA))["data"]

    assert seen["warehouses"]["nodes"] == [{"id": MAIN, "slug": "main"}]
    assert [one["name"] for one in seen["pickers"]["nodes"]] == [
        "clerk@example.cn",
        "packer@example.cn",
        "owner@example.cn",
    ]
    assert seen["pickers"]["totalCount"] == 3
    [level] = seen["productVariant"]["stockLevels"]
    assert level == {"onHand": 100, "binLocation": "", "warehouse": {"slug": "main"}}
    page = door.ask("{ pickers(first: 1) { nodes { id } pageInfo { endCursor } } }", packer)
    after = page["pageInfo"]["endCursor"]
    rest = door.ask("query ($a: String) { pickers(after: $a) { nodes { name } } }", packer, a=after)
    assert [one["name"] for one in rest["nodes"]] == ["packer@example.cn", "owner@example.cn"]
    placed(door)
    mine = picking(door, packer, assigneeId=seen["pickers"]["nodes"][1]["id"])["pickList"]
    assert mine["assigneeName"] == "packer@example.cn"


def test_everything_wrong_with_named_fulfilments_is_said_at_once(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    packer, clerk = door.staff("packer@example.cn"), door.staff("clerk@example.cn")
    add_warehouse(database, 2, {})
    held, good = placed(door, "1"), placed(door, "2")
    door.ask(HOLD, clerk, input={"orderId": held["id"]})
    ids = [fulfilment_of(door, one)["id"] for one in (held, good)]

    wrong = picking(door, packer, fulfilmentIds=[*ids, str(opaque_id("Fulfilment", 999))])
    elsewhere = picking(door, packer, fulfilmentIds=ids, warehouseId=str(opaque_id("Warehouse", 2)))

    assert [(one["code"], one["field"]) for one in wrong["userErrors"]] == [
        ("NOT_TO_BE_PICKED", ["fulfilmentIds", "0"]),
        ("NOT_FOUND", ["fulfilmentIds", "2"]),
    ]
    assert [one["code"] for one in elsewhere["userErrors"]] == ["OTHER_WAREHOUSE"] * 2
    assert picking(door, packer, fulfilmentIds=ids[1:])["userErrors"] == []


def test_a_list_that_is_given_up_leaves_its_orders_to_be_picked_again(
    shop: tuple[Door, Database],
) -> None:
    door, _ = shop
    packer = door.staff("packer@example.cn")
    first, second = placed(door, "1"), placed(door, "2")
    made = picking(door, packer)["pickList"]
    scan(door, packer, made["id"], "SKU-1", 2)
    scan(door, packer, made["id"], "SKU-2")
    door.ask(PACK, packer, input={"fulfilmentId": fulfilment_of(door, first)["id"]})

    stopped = door.ask(PICK_STOP, packer, input={"pickListId": made["id"]})

    assert stopped["pickList"]["state"] == "CANCELLED"
    clerk = door.staff("clerk@example.cn")
    assert [of_order(door, clerk, one["id"])["state"] for one in (first, second)] == [
        "PACKED",
        "AWAITING_FULFILMENT",
    ]
    again = picking(door, packer)["pickList"]
    assert {one["fulfilmentNumber"] for one in again["lines"]} == {f"{second['number']}-1"}


def test_an_order_on_hold_is_not_picked(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    packer, clerk = door.staff("packer@example.cn"), door.staff("clerk@example.cn")
    order = placed(door)
    made = picking(door, packer)["pickList"]
    door.ask(HOLD, clerk, input={"orderId": order["id"]})

    assert scan(door, packer, made["id"], "SKU-1")["userErrors"][0]["code"] == "ORDER_ON_HOLD"
    released = door.ask(RELEASE, clerk, input={"orderId": order["id"]})
    assert released["order"]["state"] == "PICKING"
    assert scan(door, packer, made["id"], "SKU-1")["userErrors"] == []


def test_what_was_picked_of_a_cancelled_order_goes_back_on_its_shelf(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    packer, clerk = door.staff("packer@example.cn"), door.staff("clerk@example.cn")
    order = placed(door)
    made = picking(door, packer)["pickList"]
    scan(door, packer, made["id"], "SKU-1", 2)

    cancelled = door.ask(CANCEL, clerk, input={"orderId": order["id"], "idempotencyKey": "c"})

    assert cancelled["order"]["state"] == "CANCELLED"
    assert ledger(database, TEA)[-1] == ("RESHELVED", 0, -2)
    assert level_of(database, TEA) == (100, 0)
    assert scan(door, packer, made["id"], "SKU-2")["userErrors"][0]["code"] == "WRONG_PIECE"
    done = door.ask(PICK_DONE, packer, input={"pickListId": made["id"]})
    assert done["pickList"]["state"] == "DONE"


def test_missing_pieces_are_sent_by_another_warehouse_that_has_them(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    add_warehouse(database, 2, {TEA: 5})
    packer, clerk = door.staff("packer@example.cn"), door.staff("clerk@example.cn")
    order = placed(door)
    made = picking(door, packer)["pickList"]
    tea, cup = made["lines"]

    told = short(door, packer, tea, 1, note="Shelf empty")
    again = short(door, packer, tea, 1, note="Shelf empty")

    assert again == told
    line = told["pickList"]["lines"][0]
    assert (line["missing"], line["reason"], line["note"]) == (1, "NOT_FOUND", "Shelf empty")
    assert ledger(database, TEA)[-1] == ("LOST", -1, -1)
    assert (level_of(database, TEA), level_of(database, TEA, 2)) == ((99, 1), (5, 1))
    seen = of_order(door, clerk, order["id"])
    assert (seen["state"], seen["holds"]) == ("PICKING", [])
    assert [
        (one["warehouse"]["slug"], one["state"], [p["quantity"] for p in one["pieces"]])
        for one in seen["fulfilments"]
    ] == [("main", "PICKING", [1, 1]), ("w2", "OPEN", [1])]
    event = seen["events"][-1]
    assert (event["kind"], event["data"]["elsewhere"], event["data"]["waiting"]) == (
        "SHORT_PICKED",
        1,
        0,
    )
    too_many = short(door, packer, tea, 2, "other")["userErrors"][0]
    assert (too_many["code"], too_many["left"]) == ("TOO_MANY_PIECES", 1)
    # With the rest of it missing too, the parcel is all the other warehouse's.
    short(door, packer, tea, 1, "more", reason="DAMAGED")
    short(door, packer, cup, 1, "cup", reason="MISCOUNTED")
    assert ledger(database, CUP)[-1] == ("CORRECTED", -1, -1)
    assert of_order(door, clerk, order["id"])["state"] == "ON_HOLD"


def test_an_order_waits_for_pieces_that_nobody_has_until_there_are_some(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    packer, clerk = door.staff("packer@example.cn"), door.staff("clerk@example.cn")
    order = placed(door)
    made = picking(door, packer)["pickList"]
    stock = {"reason": "LOST", "quantity": {"onHand": 2}, "warehouseId": MAIN}
    lost = {"changes": [{**stock, "variantId": variant(TEA)}], "idempotencyKey": "l"}
    assert door.ask(ADJUST, clerk, input=lost)["userErrors"] == []

    for key, line in zip("ab", made["lines"], strict=True):
        assert short(door, packer, line, line["quantity"], key)["userErrors"] == []

    seen = of_order(door, clerk, order["id"])
    assert (seen["state"], [one["state"] for one in seen["fulfilments"]]) == (
        "ON_HOLD",
        ["CANCELLED"],
    )
    assert [(one["reason"], one["note"]) for one in seen["holds"]] == [
        ("SHORT_PICKED", "2 × SKU-1")
    ]
    assert (level_of(database, TEA), level_of(database, CUP)) == ((0, 0), (99, 0))
    release = {"orderId": order["id"]}
    refused = door.ask(RELEASE, clerk, input=release)
    assert refused["userErrors"][0]["code"] == "INSUFFICIENT_STOCK"
    come = {"reason": "RECEIVED", "quantity": {"change": 2}, "warehouseId": MAIN}
    restocked = {"changes": [{**come, "variantId": variant(TEA)}], "idempotencyKey": "r"}
    door.ask(ADJUST, clerk, input=restocked)
    assert door.ask(RELEASE, clerk, input=release)["order"]["state"] == "AWAITING_FULFILMENT"
    assert (level_of(database, TEA), level_of(database, CUP)) == ((2, 2), (99, 1))
    todo = of_order(door, clerk, order["id"])["fulfilments"][1]
    assert [(one["sku"], one["quantity"]) for one in todo["pieces"]] == [("SKU-1", 2), ("SKU-2", 1)]


def test_by_the_shop_s_policy_an_order_waits_although_others_have_the_pieces(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    add_warehouse(database, 2, {TEA: 5})
    owner = door.staff("owner@example.cn")
    hold = {"expectedVersion": 0, "shortPick": "HOLD"}
    changed = door.ask(SETTINGS, owner, input=hold)
    assert changed["fulfilmentSettings"] == {"version": 1, "shortPick": "HOLD"}
    assert door.ask(SETTINGS, owner, input=hold)["userErrors"] == [{"code": "STALE_VERSION"}]
    packer, clerk = door.staff("packer@example.cn"), door.staff("clerk@example.cn")
    order = placed(door)
    made = picking(door, packer)["pickList"]

    short(door, packer, made["lines"][0], 2)

    assert of_order(door, clerk, order["id"])["state"] == "ON_HOLD"
    assert level_of(database, TEA, 2) == (5, 0)
    # Released, the pieces come from wherever they are.
    assert door.ask(RELEASE, clerk, input={"orderId": order["id"]})["order"]["state"] == "PICKING"
    assert sum(level_of(database, TEA, house)[1] for house in (1, 2)) == 2


def test_staff_find_what_has_to_be_sent(shop: tuple[Door, Database]) -> None:
    door, database = shop
    add_warehouse(database, 2, {TEA: 5})
    packer, clerk = door.staff("packer@example.cn"), door.staff("clerk@example.cn")
    first, second, third = (placed(door, key)["id"] for key in "abc")
    [a], [b], [c] = (of_order(door, clerk, one)["fulfilments"] for one in (first, second, third))
    door.ask(PACK, packer, input={"fulfilmentId": a["id"]})
    door.ask(SHIP, packer, input={"fulfilmentId": a["id"], "idempotencyKey": "s"})
    door.ask(HOLD, clerk, input={"orderId": second})
    query = """query ($filter: FulfilmentFilterInput, $sort: FulfilmentSortInput,
        $first: Int, $after: String) {
      fulfilments(filter: $filter, sort: $sort, first: $first, after: $after) {
        totalCount pageInfo { endCursor } nodes { number } } }"""

    def found(sort: Any = None, **filter: Any) -> list[str]:
        page = door.ask(query, packer, filter=filter, sort=sort)
        assert page["totalCount"] == len(page["nodes"]) or sort is not None
        return [one["number"] for one in page["nodes"]]

    sent, held, free = (one["number"] for one in (a, b, c))
    assert found() == [free, held, sent]
    assert found(states=["SHIPPED", "OPEN"]) == [free, held, sent]
    assert found(states=["SHIPPED"]) == [sent]
    assert found(states=[]) == []
    assert found(onHold=True) == [held]
    assert found(onHold=False, states=["OPEN"]) == [free]
    assert found(warehouseId=MAIN, states=["OPEN"]) == [free, held]
    assert found(warehouseId=str(opaque_id("Warehouse", 2))) == []
    by_ship_by = {"by": "SHIP_BY"}
    assert found(by_ship_by) == [held, free]
    assert found({"by": "SHIP_BY", "descending": True}, states=["OPEN", "SHIPPED"]) == [free, held]
    assert found(late=True) == []
    door.clock.now += 49 * 3_600_000
    assert found(late=True) == [free, held]
    page = door.ask(query, packer, filter={"states": ["OPEN", "SHIPPED"]}, first=2)
    after = page["pageInfo"]["endCursor"]
    rest = door.ask(query, packer, filter={"states": ["OPEN", "SHIPPED"]}, after=after)
    assert [one["number"] for one in (*page["nodes"], *rest["nodes"])] == [free, held, sent]
    statuses = """query ($filter: OrderFilterInput) {
      orders(filter: $filter) { nodes { id } } }"""
    for status, expected in (("SHIPPED", [first]), ("UNFULFILLED", [third, second])):
        page = door.ask(statuses, clerk, filter={"fulfilmentStatuses": [status]})
        assert [one["id"] for one in page["nodes"]] == expected


def test_reading_lists_takes_as_many_statements_for_one_order_as_for_many(
    shop: tuple[Door, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    door, _ = shop
    packer = door.staff("packer@example.cn")
    seen: list[str] = []
    monkeypatch.setattr(Connection, "_note", lambda _, sql: seen.append(sql))
    work = """{ fulfilments { totalCount nodes { number isLate pieces { sku packed }
      packages { number pieces { sku } } warehouse { slug } } } }"""
    lists = "{ pickLists { totalCount nodes { picked lines { sku toBePicked } } } }"

    def counted(query: str) -> int:
        seen.clear()
        door.ask(query, packer)
        return len(seen)

    placed(door, "0")
    picking(door, packer)
    alone = counted(work), counted(lists)
    for key in range(1, 5):
        placed(door, str(key))
        picking(door, packer)
    assert (counted(work), counted(lists)) == alone
    assert alone == (5, 5)
    placed(door, "a")
    seen.clear()
    picking(door, packer)
    one = len(seen)
    for key in range(4):
        placed(door, f"b{key}")
    seen.clear()
    picking(door, packer)
    assert len(seen) == one
