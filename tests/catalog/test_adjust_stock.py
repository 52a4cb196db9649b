"""Staff change what is on hand; the ledger keeps every change and sums to the levels."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from storeql.catalog.inputs import StockChange
from storeql.catalog.problems import StockChanged, StockReserved
from storeql.catalog.stock.adjust import adjust_stock
from storeql.catalog.stock.ledger import stock_movements_of
from storeql.catalog.stock.promise import release, reserve
from storeql.db import Database, Selection
from storeql.db.paging import PageRequest
from storeql.errors import Rejected
from tests.catalog.ledger import levels
from tests.catalog.refusals import codes_of, problems_of
from tests.catalog.shop import NOW, stocked


def changed(reason: str = "CORRECTED", **given: object) -> StockChange:
    return StockChange(**{"variant_id": 1, "warehouse_id": 1, "reason": reason} | given)  # type: ignore[arg-type]


def adjusted(database: Database, *changes: StockChange) -> None:
    database.write(lambda c: adjust_stock(c, changes, now=NOW, actor="staff:1"))


def test_stock_is_changed_by_pieces_or_set_to_what_was_counted(database: Database) -> None:
    stocked(database, {(1, 1): 5, (2, 2): 7})

    adjusted(
        database,
        changed("RECEIVED", change=10),
        changed(variant_id=2, warehouse_id=1, on_hand=4),
        changed("DAMAGED", variant_id=2, warehouse_id=2, change=-1),
    )

    assert levels(database) == {(1, 1): (15, 0), (2, 1): (4, 0), (2, 2): (6, 0)}


def test_less_than_is_promised_to_orders_cannot_be_on_hand(database: Database) -> None:
    stocked(database, {(1, 1): 5})
    database.write(lambda c: reserve(c, {1: 3}, now=NOW, actor="guest", reference="order:1"))

    for change in (changed(change=-3), changed(on_hand=2)):
        (problem,) = problems_of(
            database, lambda c, one=change: adjust_stock(c, [one], now=NOW, actor="staff:1")
        )
        assert isinstance(problem, StockReserved)
        assert (problem.on_hand, problem.reserved) == (5, 3)
    adjusted(database, changed(on_hand=3))

    assert levels(database) == {(1, 1): (3, 3)}


def test_all_problems_of_all_changes_come_at_once(database: Database) -> None:
    stocked(database, {(1, 1): 5})
    changes = [
        changed(change=1, on_hand=1),
        changed(variant_id=8, on_hand=-1),
        changed(warehouse_id=9, change=1, note="x" * 501),
        changed(change=1),
    ]

    assert codes_of(database, lambda c: adjust_stock(c, changes, now=NOW, actor="s")) == [
        ("ONE_OF", "changes.0.quantity"),
        ("OUT_OF_RANGE", "changes.1.quantity.onHand"),
        ("TOO_LONG", "changes.2.note"),
        ("NOT_FOUND", "changes.1.variantId"),
        ("NOT_FOUND", "changes.2.warehouseId"),
        ("DUPLICATE", "changes.3.variantId"),
    ]
    assert codes_of(database, lambda c: adjust_stock(c, [], now=NOW, actor="s")) == [
        ("REQUIRED", "changes")
    ]


def test_goods_received_are_never_fewer_and_goods_damaged_never_more(database: Database) -> None:
    stocked(database, {(1, 1): 5})

    for change in (changed("RECEIVED", change=-1), changed("LOST", change=1)):
        assert codes_of(
            database, lambda c, one=change: adjust_stock(c, [one], now=NOW, actor="s")
        ) == [("WRONG_SIGN", "changes.0.quantity.change")]


def test_a_count_made_upon_another_level_is_refused(database: Database) -> None:
    stocked(database, {(1, 1): 5})
    adjusted(database, changed(on_hand=6))

    (problem,) = problems_of(
        database,
        lambda c: adjust_stock(
            c, [changed(on_hand=9, expected_on_hand=5)], now=NOW, actor="staff:1"
        ),
    )

    assert isinstance(problem, StockChanged)
    assert problem.on_hand == 6


def test_the_ledger_sums_to_the_levels_whatever_happens_at_once(database: Database) -> None:
    stocked(database, {(1, 1): 20, (2, 1): 20, (1, 2): 10})

    def act(number: int) -> None:
        try:
            if number % 3 == 0:
                adjusted(database, changed(on_hand=20 + number), changed(variant_id=2, change=-1))
            else:
                made = database.write(
                    lambda c: reserve(c, {2: 1, 1: 2}, now=NOW, actor="guest", reference="o:1")
                )
                if number % 3 == 1:
                    database.write(
                        lambda c: release(c, made, now=NOW, actor="guest", reference="o:1")
                    )
        except Rejected:
            pass

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(act, range(60)))

    assert all(0 <= held <= on_hand for on_hand, held in levels(database).values())


def test_the_ledger_is_read_newest_first_page_by_page(database: Database) -> None:
    stocked(database, {(1, 1): 5, (1, 2): 1})
    for note in ("first", "second", "third"):
        adjusted(database, changed("RECEIVED", change=1, note=note))
    wanted = Selection.of_names("nodes", "page_info", "total_count")

    with database.reading() as connection:
        page = stock_movements_of(connection, 1, wanted, page=PageRequest(first=2), warehouse_id=1)
        assert page.page_info is not None
        rest = stock_movements_of(
            connection,
            1,
            wanted,
            page=PageRequest(first=2, after=page.page_info.end_cursor),
            warehouse_id=1,
        )
        everywhere = stock_movements_of(connection, 1, wanted, page=PageRequest())

    assert [one.note for one in [*page.nodes, *rest.nodes]] == ["third", "second", "first", ""]
    assert (page.total_count, page.page_info.has_next_page) == (4, True)
    assert len(everywhere.nodes) == 5
    assert page.nodes[0].warehouse.slug == "house-1"
    assert (page.nodes[0].on_hand_change, page.nodes[0].actor) == (1, "staff:1")
