"""A warehouse's work done by several at the same moment: one wins, and the stock adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from storeql.access import GUEST, Actor
from storeql.carts.price_cart import PriceDesk
from storeql.catalog.tables import stock_levels
from storeql.db import Database, statement
from storeql.errors import Rejected
from storeql.orders.cancel_order import CancelWish, cancel_order
from storeql.orders.fulfilment.deliver import deliver_fulfilment
from storeql.orders.fulfilment.pack import PackWish, pack_fulfilment
from storeql.orders.fulfilment.package_rows import packages_of
from storeql.orders.fulfilment.packing import PackageScan, begin_package, scan_package
from storeql.orders.fulfilment.picking.create import PickWish, create_pick_list
from storeql.orders.fulfilment.picking.pick import scan_pieces
from storeql.orders.fulfilment.picking.rows import lines_of
from storeql.orders.fulfilment.picking.short import ShortWish, short_pick
from storeql.orders.fulfilment.picking.states import ShortReason
from storeql.orders.fulfilment.pieces import total
from storeql.orders.fulfilment.rows import FulfilmentRow, fulfilments_of
from storeql.orders.fulfilment.scan import Scanned
from storeql.orders.fulfilment.ship import ship_fulfilment
from storeql.orders.fulfilment.split import SplitWish, split_fulfilment
from storeql.orders.fulfilment.states import FulfilmentState
from storeql.orders.fulfilment.waybills import ShipWish
from storeql.orders.holds import HoldWish, put_on_hold
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from tests.carts.shop import NOW, PRICES, STAFF, TEA, open_shop, ready_cart
from tests.scenarios.warehouse import add_warehouse, books_balance, level_of

AT_ONCE = 8
PACKER = Actor("staff", 5, permissions=frozenset({"FULFIL_ORDERS"}))


class Bench:
    """A small shop with orders of 4 teas, and its warehouse's verbs."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.desk: PriceDesk = open_shop(database)
        self.who = {"actor": PACKER, "hooks": self.desk.hooks, "now": NOW}

    def order(self, teas: int = 4) -> int:
        return self.order_of({TEA: teas})

    def order_of(self, goods: Mapping[int, int]) -> int:
        cart = ready_cart(self.database, goods, actor=GUEST, payment="cash_on_delivery")
        total_minor = sum(PRICES[key] * quantity for key, quantity in goods.items())
        wish = OrderWish(
            cart_token=cart.token,
            confirmed_minor=total_minor + 1_000,
            currency="CNY",
            idempotency_key=cart.token,
        )
        return checkout(self.database.write, wish, actor=GUEST, desk=self.desk, now=NOW)

    def parts(self, order_id: int) -> list[FulfilmentRow]:
        with self.database.reading() as connection:
            return fulfilments_of(connection, order_id)

    def pack(self, fulfilment_id: int) -> int:
        wish = PackWish(fulfilment_id=fulfilment_id)
        return pack_fulfilment(self.database.write, wish, **self.who)  # type: ignore[arg-type]

    def ship(self, fulfilment_id: int, key: str) -> int:
        wish = ShipWish(fulfilment_id=fulfilment_id, idempotency_key=key)
        return ship_fulfilment(self.database.write, wish, **self.who)  # type: ignore[arg-type]

    def cancel(self, order_id: int, key: str) -> int:
        wish = CancelWish(order_id=order_id, idempotency_key=key)
        hooks = self.desk.hooks
        return cancel_order(self.database.write, wish, actor=STAFF, hooks=hooks, now=NOW)

    def pick(self, most: int = 20) -> int:
        wish = PickWish(warehouse_id=1, most=most)
        return create_pick_list(self.database.write, wish, **self.who)  # type: ignore[arg-type]

    def short(self, line_id: int, missing: int, key: str) -> int:
        wish = ShortWish(
            line_id=line_id,
            missing=missing,
            reason=ShortReason.NOT_FOUND,
            idempotency_key=key,
        )
        return short_pick(self.database.write, wish, **self.who)  # type: ignore[arg-type]

    def state(self, order_id: int) -> str:
        with self.database.reading() as connection:
            sql = f"SELECT state FROM orders WHERE id = {order_id}"
            return str(connection.text(sql).fetchone()[0])


@pytest.fixture
def bench(database: Database) -> Iterator[Bench]:
    yield Bench(database)
    books_balance(database)


def outcomes(work: Callable[[int], object], times: int = AT_ONCE) -> Counter[str]:
    def one(number: int) -> str:
        try:
            work(number)
        except Rejected as refused:
            return refused.problems[0].code
        return "DONE"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(times)))


def test_of_many_packers_one_packs(bench: Bench) -> None:
    [todo] = bench.parts(bench.order())

    told = outcomes(lambda _: bench.pack(todo.id))

    assert told == {"DONE": 1, "FULFILMENT_STATE_CONFLICT": AT_ONCE - 1}
    with bench.database.reading() as connection:
        assert [total(one.pieces) for one in packages_of(connection, todo.id)] == [4]


def test_of_many_scans_of_the_last_piece_one_goes_in(bench: Bench) -> None:
    [todo] = bench.parts(bench.order(1))
    begin_package(bench.database.write, todo.id, **bench.who)  # type: ignore[arg-type]
    with bench.database.reading() as connection:
        [package] = packages_of(connection, todo.id)
    wish = PackageScan(package_id=package.id, scanned=Scanned("SKU-1"))

    told = outcomes(lambda _: scan_package(bench.database.write, wish, **bench.who))  # type: ignore[arg-type]

    assert told == {"DONE": 1, "TOO_MANY_PIECES": AT_ONCE - 1}


def test_a_parcel_leaves_once_however_many_ship_it(bench: Bench) -> None:
    [todo] = bench.parts(bench.order())
    bench.pack(todo.id)

    told = outcomes(lambda number: bench.ship(todo.id, f"k{number}"))

    assert told == {"DONE": 1, "ORDER_STATE_CONFLICT": AT_ONCE - 1}
    assert level_of(bench.database, TEA) == (96, 0)


@pytest.mark.parametrize("first", [0, 1])
def test_an_order_is_either_shipped_or_cancelled(bench: Bench, first: int) -> None:
    for _ in range(3):
        order_id = bench.order()
        [todo] = bench.parts(order_id)
        bench.pack(todo.id)
        before = level_of(bench.database, TEA)[0]

        def change(number: int, order_id: int = order_id, fulfilment_id: int = todo.id) -> int:
            if number % 2 == first:
                return bench.ship(fulfilment_id, f"{order_id} {number}")
            return bench.cancel(order_id, f"{order_id} {number}")

        told = outcomes(change)

        assert told == {"DONE": 1, "ORDER_STATE_CONFLICT": AT_ONCE - 1}
        state, [part] = bench.state(order_id), bench.parts(order_id)
        assert (state, part.state.value) in {("SHIPPED", "SHIPPED"), ("CANCELLED", "CANCELLED")}
        gone = 4 if state == "SHIPPED" else 0
        assert level_of(bench.database, TEA) == (before - gone, 0)


def test_an_order_is_never_shipped_while_it_is_held(bench: Bench) -> None:
    order_id = bench.order()
    [todo] = bench.parts(order_id)
    bench.pack(todo.id)

    def change(number: int) -> int:
        if number % 2:
            return bench.ship(todo.id, f"s{number}")
        wish = HoldWish(order_id=order_id, note=f"{number}")
        hooks = bench.desk.hooks
        return put_on_hold(bench.database.write, wish, actor=STAFF, hooks=hooks, now=NOW)

    outcomes(change)

    [part], state = bench.parts(order_id), bench.state(order_id)
    assert (state, part.state.value) in {("SHIPPED", "SHIPPED"), ("ON_HOLD", "PACKED")}


def test_each_fulfilment_is_on_one_list_however_many_are_made(bench: Bench) -> None:
    orders = [bench.order(1) for _ in range(6)]

    told = outcomes(lambda _: bench.pick(most=2))

    assert told["DONE"] + told["NOTHING_TO_PICK"] == AT_ONCE
    with bench.database.reading() as connection:
        listed = [
            line.fulfilment_id
            for (list_id,) in connection.text("SELECT id FROM pick_lists").fetchall()
            for line in lines_of(connection, list_id)
        ]
    assert len(listed) == len(set(listed))
    picking = [bench.state(order_id) == "PICKING" for order_id in orders]
    assert picking.count(True) == len(listed)


def test_a_piece_is_picked_once_however_many_scan_it(bench: Bench) -> None:
    bench.order(3)
    list_id, scanned = bench.pick(), Scanned("SKU-1")

    told = outcomes(
        lambda _: bench.database.write(lambda c: scan_pieces(c, list_id, scanned, now=NOW))
    )

    assert told == {"DONE": 3, "TOO_MANY_PIECES": AT_ONCE - 3}


def test_of_many_short_picks_of_the_same_pieces_one_counts(bench: Bench) -> None:
    order_id = bench.order()
    list_id = bench.pick()
    with bench.database.reading() as connection:
        [line] = lines_of(connection, list_id)

    told = outcomes(lambda number: bench.short(line.id, 3, f"k{number}"))

    assert told == {"DONE": 1, "TOO_MANY_PIECES": AT_ONCE - 1}
    assert level_of(bench.database, TEA) == (97, 1)
    assert bench.state(order_id) == "ON_HOLD"


def test_short_picks_of_several_orders_never_promise_the_same_pieces_elsewhere(
    bench: Bench,
) -> None:
    add_warehouse(bench.database, 2, {TEA: 5})
    # All orders come from the first warehouse: it holds them whole, and is the older.
    orders = [bench.order(2) for _ in range(4)]
    list_id = bench.pick()
    with bench.database.reading() as connection:
        lines = lines_of(connection, list_id)

    told = outcomes(lambda number: bench.short(lines[number].id, 2, f"{number}"), times=len(lines))

    assert told == {"DONE": 4}
    assert level_of(bench.database, TEA) == (92, 0)
    assert level_of(bench.database, TEA, 2) == (5, 5)
    states = Counter(bench.state(order_id) for order_id in orders)
    assert states == {"AWAITING_FULFILMENT": 2, "ON_HOLD": 2}


def test_a_fulfilment_is_split_by_one_of_many(bench: Bench) -> None:
    order_id = bench.order()
    [todo] = bench.parts(order_id)
    wish = SplitWish(fulfilment_id=todo.id, scans=[Scanned("SKU-1")], expected_version=todo.version)

    told = outcomes(lambda _: split_fulfilment(bench.database.write, wish, **bench.who))  # type: ignore[arg-type]

    assert told == {"DONE": 1, "STALE_VERSION": AT_ONCE - 1}
    assert [total(one.pieces) for one in bench.parts(order_id)] == [3, 1]


def test_a_delivery_told_by_many_is_one(bench: Bench) -> None:
    order_id = bench.order()
    [todo] = bench.parts(order_id)
    bench.pack(todo.id)
    bench.ship(todo.id, "k")

    told = outcomes(lambda _: deliver_fulfilment(bench.database.write, todo.id, **bench.who))  # type: ignore[arg-type]

    assert told == {"DONE": AT_ONCE}
    with bench.database.reading() as connection:
        sql = "SELECT COUNT(*) FROM order_events WHERE kind = 'DELIVERED'"
        assert connection.text(sql).fetchone()[0] == 1
    assert bench.parts(order_id)[0].state is FulfilmentState.DELIVERED


def test_the_stock_check_stops_what_would_be_oversold(bench: Bench) -> None:
    """The table's own guard: fewer on hand than are promised cannot be written at all."""
    bench.order()
    fewer = statement(update(stock_levels).values(on_hand=3))

    with pytest.raises(Exception, match="never_oversold"):
        bench.database.write(lambda c: c.run(fewer))
