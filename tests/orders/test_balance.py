"""An order's balance: the status it makes, in SQL as in Python, and what no change may do to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storeql.access import GUEST
from storeql.db import Connection, Database
from storeql.orders.balance import Balance, OrderPaymentStatus, status_of
from storeql.orders.order_rows import OrderHead, change_order, held_order
from storeql.orders.placing.checkout import checkout
from storeql.orders.placing.place_order import OrderWish
from storeql.orders.refunds.split import Left, LineLeft, split_of_all
from storeql.orders.refunds.states import RefundState, state_of
from storeql.orders.tables import orders
from tests.carts.shop import NOW, TEA, change_rows, open_shop, ready_cart

TOTAL = 3_500
S = OrderPaymentStatus
small = st.integers(0, 2 * TOTAL)


class RolledBack(Exception):
    """Nothing of this example stays."""


@pytest.fixture
def order(database: Database) -> Iterator[OrderHead]:
    desk = open_shop(database)
    token = ready_cart(database, {TEA: 1}, payment="bank_transfer").token
    wish = OrderWish(cart_token=token, confirmed_minor=TOTAL, currency="CNY", idempotency_key="k")
    order_id = checkout(database.write, wish, actor=GUEST, desk=desk, now=NOW)
    found = database.write(lambda c: held_order(c, order_id))
    assert found is not None and found.balance == Balance()
    yield found


def changed(database: Database, order: OrderHead, money: Balance) -> OrderHead | None:
    return database.write(lambda c: change_order(c, order, order.state, money=money, now=NOW))


@pytest.mark.parametrize(
    ("total", "balance", "status"),
    [
        (TOTAL, Balance(), S.UNPAID),
        (0, Balance(), S.PAID),
        (TOTAL, Balance(authorized_minor=1), S.AUTHORIZED),
        (TOTAL, Balance(authorized_minor=1_000, captured_minor=2_500), S.PARTIALLY_PAID),
        (TOTAL, Balance(captured_minor=TOTAL), S.PAID),
        (TOTAL, Balance(captured_minor=TOTAL, returning_minor=TOTAL), S.PAID),
        (TOTAL, Balance(captured_minor=TOTAL, refunded_minor=1), S.PARTIALLY_REFUNDED),
        (TOTAL, Balance(captured_minor=1_000, refunded_minor=1_000), S.REFUNDED),
    ],
)
def test_the_amounts_make_the_status(
    total: int, balance: Balance, status: OrderPaymentStatus
) -> None:
    assert status_of(total, balance) is status


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=small, taken=small, returning=small, back=small)
def test_the_database_makes_the_same_status_and_never_gives_back_more_than_was_taken(
    database: Database, order: OrderHead, held: int, taken: int, returning: int, back: int
) -> None:
    change = Balance(
        authorized_minor=held,
        captured_minor=taken,
        returning_minor=returning,
        refunded_minor=back,
    )

    def work(connection: Connection) -> None:
        changed = change_order(connection, order, order.state, money=change, now=NOW)
        assert (changed is not None) is (returning + back <= taken)
        if changed is not None:
            row = connection.text("SELECT payment_status, captured_minor FROM orders").fetchone()
            assert tuple(row) == (status_of(TOTAL, change).value, taken)
        raise RolledBack

    with pytest.raises(RolledBack):
        database.write(work)


def test_nothing_falls_below_zero(database: Database, order: OrderHead) -> None:
    for name in Balance.__struct_fields__:
        assert changed(database, order, Balance(**{name: -1})) is None


def test_an_order_in_another_state_is_not_changed(database: Database, order: OrderHead) -> None:
    change_rows(database, orders, orders.c.id == order.id, state="CANCELLED")
    assert changed(database, order, Balance(authorized_minor=1)) is None


@given(
    amount=st.integers(0, 10_000),
    lines=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3_000)), max_size=6),
    shipping=st.integers(0, 1_000),
)
def test_all_that_is_left_is_split_to_the_cent(
    amount: int, lines: list[tuple[int, int]], shipping: int
) -> None:
    left = Left(
        lines=[
            LineLeft(order_line_id=key, quantity=quantity, amount_minor=money)
            for key, (quantity, money) in enumerate(lines)
        ],
        shipping_minor=shipping,
    )

    split = split_of_all(amount, left)

    known = {line.order_line_id: line for line in left.lines}
    assert split.amount_minor == amount
    assert 0 <= split.shipping_minor <= shipping
    assert split.adjustment_minor >= 0
    for line in split.lines:
        assert line.quantity == known[line.order_line_id].quantity
        assert 0 <= line.amount_minor <= known[line.order_line_id].amount_minor
    assert sum(line.quantity for line in split.lines) == sum(pieces for pieces, _ in lines)


@pytest.mark.parametrize(
    ("back", "failed", "state"),
    [
        (0, 0, RefundState.PENDING),
        (60, 39, RefundState.PENDING),
        (100, 0, RefundState.SUCCEEDED),
        (60, 40, RefundState.PARTIALLY_FAILED),
        (0, 100, RefundState.FAILED),
    ],
)
def test_a_refund_is_over_once_all_of_it_was_answered(
    back: int, failed: int, state: RefundState
) -> None:
    assert state_of(amount_minor=100, refunded_minor=back, failed_minor=failed) is state
