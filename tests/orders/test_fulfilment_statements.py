"""What a warehouse's work costs in statements: as many for an order of many lines as for one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storeql.db import Database
from storeql.db.connection import Connection
from storeql.orders.fulfilment.deliver import deliver_order
from storeql.orders.fulfilment.pack import Packed, PackWish, pack_fulfilment
from storeql.orders.fulfilment.picking.create import PickWish, create_pick_list
from storeql.orders.fulfilment.picking.finish import cancel_pick_list, finish_pick_list
from storeql.orders.fulfilment.picking.pick import LineCount, scan_pieces, set_picked
from storeql.orders.fulfilment.picking.rows import lines_of
from storeql.orders.fulfilment.picking.short import ShortWish, short_pick
from storeql.orders.fulfilment.picking.states import ShortReason
from storeql.orders.fulfilment.rows import fulfilments_of
from storeql.orders.fulfilment.scan import Scanned
from storeql.orders.fulfilment.ship import ship_fulfilment, ship_order
from storeql.orders.fulfilment.split import SplitWish, split_fulfilment
from storeql.orders.fulfilment.unpack import unpack_fulfilment
from storeql.orders.fulfilment.waybills import OrderShipment, ShipWish, Waybill
from storeql.orders.holds import HoldWish, ReleaseWish, put_on_hold, release_hold
from tests.carts.shop import BOOK, CUP, NOW, STAFF, TEA
from tests.orders.test_fulfilment_races import Bench

EVERYTHING = {TEA: 3, CUP: 2, BOOK: 4}
MOST = {
    "split": 10,
    "hold": 8,
    "release": 7,
    "pick": 13,
    "stop": 9,
    "scan": 4,
    "count": 4,
    "short": 19,
    "finish": 3,
    "pack": 10,
    "unpack": 9,
    "ship": 13,
    "ship all": 12,
    "deliver": 7,
}


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of every statement that the process runs."""
    statements: list[str] = []
    monkeypatch.setattr(Connection, "_note", lambda _, sql: statements.append(sql))
    return statements


def work(bench: Bench, seen: list[str], goods: dict[int, int]) -> dict[str, int]:
    """The statements of each step of an order's way, and of another's."""
    write, who = bench.database.write, bench.who
    spent: dict[str, int] = {}

    def counted(name: str, step: Callable[[], object]) -> None:
        seen.clear()
        step()
        spent[name] = len([sql for sql in seen if "pg_notify" not in sql])

    def part(order_id: int) -> int:
        return bench.parts(order_id)[0].id

    first, second = bench.order_of(goods), bench.order_of(goods)
    held = HoldWish(order_id=first)
    staff = {**who, "actor": STAFF}
    counted("hold", lambda: put_on_hold(write, held, **staff))  # type: ignore[arg-type]
    free = ReleaseWish(order_id=first)
    counted("release", lambda: release_hold(write, free, **staff))  # type: ignore[arg-type]
    lists: list[int] = []
    wave = PickWish(warehouse_id=1)
    counted("pick", lambda: lists.append(create_pick_list(write, wave, **who)))  # type: ignore[arg-type]
    counted("stop", lambda: cancel_pick_list(write, lists[0], **who))  # type: ignore[arg-type]
    lists.append(create_pick_list(write, wave, **who))  # type: ignore[arg-type]
    one = Scanned("SKU-1")
    counted("scan", lambda: write(lambda c: scan_pieces(c, lists[1], one, now=NOW)))
    with bench.database.reading() as connection:
        lines = lines_of(connection, lists[1])
    tea = next(line for line in lines if line.sku == "SKU-1" and line.left)
    gone = ShortWish(
        line_id=tea.id, missing=1, reason=ShortReason.NOT_FOUND, idempotency_key=f"{tea.id}"
    )
    counted("short", lambda: short_pick(write, gone, **who))  # type: ignore[arg-type]
    release_hold(write, ReleaseWish(order_id=first), **staff)  # type: ignore[arg-type]
    counts = [LineCount(line.id, line.quantity - (line.id == tea.id)) for line in lines]
    counted("count", lambda: write(lambda c: set_picked(c, lists[1], counts, now=NOW)))
    counted("finish", lambda: write(lambda c: finish_pick_list(c, lists[1], now=NOW)))
    scans = [Scanned(f"SKU-{key}", quantity) for key, quantity in goods.items()]
    packages = [Packed(scans=scans)]
    todo = part(second)
    packing = PackWish(fulfilment_id=todo, packages=packages)
    counted("pack", lambda: pack_fulfilment(write, packing, **who))  # type: ignore[arg-type]
    counted("unpack", lambda: unpack_fulfilment(write, todo, **who))  # type: ignore[arg-type]
    pack_fulfilment(write, packing, **who)  # type: ignore[arg-type]
    with bench.database.reading() as connection:
        package = connection.text("SELECT MAX(id) FROM packages").fetchone()[0]
    label = Waybill(package_id=package, carrier="SF", tracking_number="1")
    leaving = ShipWish(fulfilment_id=todo, idempotency_key=f"{todo}", waybills=[label])
    counted("ship", lambda: ship_fulfilment(write, leaving, **who))  # type: ignore[arg-type]
    counted("deliver", lambda: deliver_order(write, second, **who))  # type: ignore[arg-type]
    third = bench.order_of(goods)
    whole = SplitWish(fulfilment_id=part(third), scans=[one], expected_version=1)
    counted("split", lambda: split_fulfilment(write, whole, **who))  # type: ignore[arg-type]
    with bench.database.reading() as connection:
        parts = [row.id for row in fulfilments_of(connection, third)]
    for row_id in parts:
        bench.pack(row_id)
    together = OrderShipment(order_id=third, idempotency_key="k")
    counted("ship all", lambda: ship_order(write, together, **who))  # type: ignore[arg-type]
    return spent


def test_statements_do_not_grow_with_the_lines_of_an_order(
    database: Database, seen: list[str]
) -> None:
    bench = Bench(database)

    small = work(bench, seen, {TEA: 3})
    large = work(bench, seen, EVERYTHING)

    assert large == small
    assert {name: count for name, count in small.items() if count > MOST[name]} == {}
    assert small.keys() == MOST.keys()
