"""Changes of one order or one customer at the same moment: each happens once, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from storeql.access import GUEST
from storeql.carts.lines import add_lines
from storeql.carts.price_cart import PriceDesk
from storeql.carts.records import LineInput
from storeql.carts.tables import cart_lines
from storeql.catalog.tables import stock_levels, stock_movements
from storeql.customers.tables import customers
from storeql.db import Database, statement
from storeql.errors import Rejected
from storeql.orders.cancel_order import CancelWish, cancel_order
from storeql.orders.payments.mark_paid import mark_paid
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from storeql.orders.tables import order_events, orders
from tests.carts.shop import (
    CUSTOMER,
    NOW,
    STAFF,
    TEA,
    add_promotion,
    new_cart,
    open_shop,
    ready_cart,
)

AT_ONCE = 8


def outcomes(work: Callable[[int], object], times: int = AT_ONCE) -> Counter[str]:
    def one(number: int) -> str:
        try:
            work(number)
        except Rejected as refused:
            return refused.problems[0].code
        return "DONE"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(times)))


def value(database: Database, query: object) -> int:
    with database.reading() as connection:
        found: int = connection.scalar(statement(query))  # type: ignore[arg-type]
        return found


def bought(database: Database, desk: PriceDesk, payment: str = "cash_on_delivery") -> int:
    token = ready_cart(database, {TEA: 2}, actor=CUSTOMER, payment=payment).token
    wish = OrderWish(cart_token=token, confirmed_minor=6_000, currency="CNY", idempotency_key=token)
    return checkout(database.write, wish, actor=CUSTOMER, desk=desk, now=NOW)


def test_an_order_cancelled_by_many_at_once_gives_its_stock_back_once(
    database: Database,
) -> None:
    desk = open_shop(database)
    order_id, kept = bought(database, desk), bought(database, desk)

    def cancel(number: int) -> None:
        wish = CancelWish(order_id=order_id, idempotency_key=f"k{number}")
        cancel_order(database.write, wish, actor=CUSTOMER, hooks=desk.hooks, now=NOW)

    assert outcomes(cancel) == {"DONE": 1, "ORDER_STATE_CONFLICT": AT_ONCE - 1}
    level = select(stock_levels.c.reserved).where(stock_levels.c.variant_id == TEA)
    assert value(database, level) == 2
    released = select(func.sum(stock_movements.c.reserved_change)).where(
        stock_movements.c.reference == f"order:{order_id}"
    )
    assert value(database, released) == 0
    counted = select(customers.c.order_count).where(customers.c.id == CUSTOMER.id)
    assert value(database, counted) == 1
    assert kept != order_id


def test_a_transfer_noted_and_an_order_cancelled_at_once_agree(database: Database) -> None:
    desk = open_shop(database)
    order_id = bought(database, desk, "bank_transfer")

    def change(number: int) -> None:
        if number % 2:
            mark_paid(database.write, order_id, actor=STAFF, hooks=desk.hooks, now=NOW)
        else:
            wish = CancelWish(order_id=order_id, idempotency_key=f"k{number}")
            cancel_order(database.write, wish, actor=CUSTOMER, hooks=desk.hooks, now=NOW)

    outcomes(change)

    state = select(orders.c.state).where(orders.c.id == order_id)
    with database.reading() as connection:
        assert connection.scalar(statement(state)) == "CANCELLED"
    cancelled = select(func.count()).where(order_events.c.kind == "CANCELLED")
    assert value(database, cancelled) == 1
    level = select(stock_levels.c.reserved).where(stock_levels.c.variant_id == TEA)
    assert value(database, level) == 0


def test_of_two_simultaneous_orders_only_one_is_the_first(database: Database) -> None:
    desk = open_shop(database)
    terms = {"conditions": {"first_order_only": True}}
    add_promotion(database, 1, "VOUCHER_DISCOUNT", {"off_minor": 1_000}, terms=terms)
    tokens = [ready_cart(database, {TEA: 2}, actor=CUSTOMER).token for _ in range(AT_ONCE)]

    def buy(number: int) -> None:
        wish = OrderWish(
            cart_token=tokens[number],
            confirmed_minor=5_000,
            currency="CNY",
            idempotency_key=f"k{number}",
        )
        checkout(database.write, wish, actor=CUSTOMER, desk=desk, now=NOW)

    assert outcomes(buy) == {"DONE": 1, "PRICE_CHANGED": AT_ONCE - 1}


def test_pieces_added_to_one_cart_at_once_all_arrive(database: Database) -> None:
    open_shop(database)
    token = new_cart(database).token

    def add(_number: int) -> None:
        lines = [LineInput(variant_id=TEA, quantity=3)]
        database.write(lambda c: add_lines(c, token, lines=lines, actor=GUEST, now=NOW))

    assert outcomes(add, 20) == {"DONE": 20}
    assert value(database, select(func.sum(cart_lines.c.quantity))) == 60
    assert value(database, select(func.count()).select_from(cart_lines)) == 1
