"""Orders that nobody paid: given up once, with all they held; money on its way still buys."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from storeql.carts.price_cart import PriceDesk
from storeql.catalog.tables import stock_levels
from storeql.customers.tables import customers
from storeql.db import Database, Selection, statement
from storeql.db.notices import Notices
from storeql.hooks import Hooks
from storeql.housekeeping import CHORES, HOUR_MS, do_chores
from storeql.orders.expire_orders import expire_orders
from storeql.orders.payments.mark_paid import mark_paid
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from storeql.orders.records import Order
from storeql.orders.resolvers import placed_order
from storeql.settings import Settings
from storeql.shop import Shop
from tests.carts.shop import CUSTOMER, NOW, STAFF, TEA, open_shop, ready_cart

LATER = NOW + 1
EVENTS = Selection.of_names("state", "events", "payments")


def placed(
    database: Database, desk: PriceDesk, payment: str = "bank_transfer", token: str = ""
) -> int:
    cart = ready_cart(database, {TEA: 2}, actor=CUSTOMER, payment=payment)
    wish = OrderWish(
        cart_token=cart.token,
        confirmed_minor=6_000,
        currency="CNY",
        idempotency_key=cart.token,
        payment_token=token,
    )
    return checkout(database.write, wish, actor=CUSTOMER, desk=desk, now=NOW)


def found(database: Database, order_id: int) -> Order:
    with database.reading() as connection:
        return placed_order(connection, EVENTS, order_id, now=NOW)


def one(database: Database, column: object, **where: object) -> int:
    with database.reading() as connection:
        return int(connection.scalar(statement(select(column).filter_by(**where))))  # type: ignore[call-overload]


def expire(database: Database, hooks: Hooks, *, before: int = LATER) -> int:
    return expire_orders(database.write, placed_before=before, hooks=hooks, now=LATER)


def test_an_order_that_nobody_paid_gives_back_all_it_held(database: Database) -> None:
    desk = open_shop(database)
    kept, gone = placed(database, desk, "cash_on_delivery"), placed(database, desk)

    assert expire(database, desk.hooks) == 1

    order = found(database, gone)
    assert (order.state, order.events[-2].kind, order.events[-2].actor) == (
        "CANCELLED",
        "EXPIRED",
        "shop",
    )
    assert [payment.status for payment in order.payments] == ["VOIDED"]
    assert found(database, kept).state == "AWAITING_FULFILMENT"
    assert one(database, stock_levels.c.reserved, variant_id=TEA) == 2
    assert one(database, customers.c.order_count, id=CUSTOMER.id) == 1
    assert expire(database, desk.hooks) == 0


@pytest.mark.parametrize("before", [NOW, NOW - 1])
def test_an_order_may_wait_until_its_time_is_over(database: Database, before: int) -> None:
    desk = open_shop(database)
    order_id = placed(database, desk)
    assert expire(database, desk.hooks, before=before) == 0
    assert found(database, order_id).state == "PENDING_PAYMENT"


def test_money_that_the_gateway_has_by_now_still_buys(database: Database) -> None:
    desk = open_shop(database)
    order_id = placed(database, desk, "fake_card", "tok_late")
    assert found(database, order_id).state == "PENDING_PAYMENT"

    assert expire(database, desk.hooks) == 0

    order = found(database, order_id)
    assert (order.state, order.payments[0].status) == ("AWAITING_FULFILMENT", "CAPTURED")


def test_a_transfer_noted_first_keeps_its_order(database: Database) -> None:
    desk = open_shop(database)
    order_id = placed(database, desk)
    mark_paid(database.write, order_id, actor=STAFF, hooks=desk.hooks, now=LATER)
    assert expire(database, desk.hooks) == 0
    assert found(database, order_id).state == "AWAITING_FULFILMENT"


def test_several_processes_expire_an_order_once(database: Database) -> None:
    desk = open_shop(database)
    orders = [placed(database, desk) for _ in range(3)]

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: expire(database, desk.hooks), range(4)))

    assert sum(counts) == 3
    assert one(database, stock_levels.c.reserved, variant_id=TEA) == 0
    for order_id in orders:
        kinds = [event.kind for event in found(database, order_id).events]
        assert kinds.count("EXPIRED") == 1


@pytest.mark.parametrize(("hours", "state"), [(0, "PENDING_PAYMENT"), (1, "CANCELLED")])
def test_the_shop_does_it_by_itself_where_its_setting_says_so(
    database: Database, hours: int, state: str
) -> None:
    desk = open_shop(database)
    order_id = placed(database, desk)
    shop = Shop(
        settings=Settings(unpaid_order_hours=hours),
        database=database,
        hooks=desk.hooks,
        notices=Notices(database),
        clock=lambda: NOW + HOUR_MS + 1,
    )
    do_chores(shop, CHORES)
    assert found(database, order_id).state == state
