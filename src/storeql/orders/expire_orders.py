"""Gives up orders that nobody paid, so that what they hold can be sold again.

Every process may do it at once: an order's row decides, and the second finds it cancelled.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import structlog
from sqlalchemy import bindparam, select, tuple_

from storeql.customers.write import Write
from storeql.db import Connection, Statement, statement
from storeql.errors import StoreError
from storeql.hooks import Hooks
from storeql.orders.cancel_order import undo_order
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import OrderHead, held_order
from storeql.orders.payments.ask_gateway import move_money, settle
from storeql.orders.payments.asked import Asked, AskedMovement
from storeql.orders.payments.attempts import Payment, attempts_of
from storeql.orders.payments.let_go import give_up_attempts
from storeql.orders.payments.states import PaymentState
from storeql.orders.states import OrderState
from storeql.orders.tables import orders

log = structlog.get_logger("storeql.orders")

SHOP = "shop"
EXPIRED = "EXPIRED"
AT_ONCE = 100

_order = orders.c
_UNPAID: Statement = statement(
    select(_order.placed_at, _order.id)
    .where(
        _order.state == bindparam("state"),
        _order.placed_at < bindparam("before"),
        tuple_(_order.placed_at, _order.id) > tuple_(bindparam("last_at"), bindparam("last_id")),
    )
    .order_by(_order.placed_at, _order.id)
    .limit(AT_ONCE)
)


def expire_orders(write: Write, *, placed_before: int, hooks: Hooks, now: int) -> int:
    """How many orders went that were placed before this instant and are not paid.

    Gateways that know of an open payment are asked first, so that money on its way still buys.
    Money that comes later goes back, as with any cancelled order. One that fails is logged and
    tried again the next time.
    """
    expired = 0
    for order_id in _unpaid(write, placed_before):
        try:
            expired += _expire(write, order_id, hooks=hooks, now=now)
        except StoreError:
            log.exception("order_not_expired", order_id=order_id)
    return expired


def _unpaid(write: Write, before: int) -> Iterator[int]:
    last = (0, 0)
    while rows := write(partial(_some_after, before=before, last=last)):
        yield from (row[1] for row in rows)
        last = rows[-1]


def _some_after(
    connection: Connection, *, before: int, last: tuple[int, int]
) -> list[tuple[int, int]]:
    state = OrderState.PENDING_PAYMENT.value
    rows = connection.rows(_UNPAID, state=state, before=before, last_at=last[0], last_id=last[1])
    return [(placed_at, order_id) for placed_at, order_id in rows]


def _expire(write: Write, order_id: int, *, hooks: Hooks, now: int) -> bool:
    order, attempts = write(lambda connection: _waiting(connection, order_id))
    if order is None:
        return False
    for payment in attempts:
        if _may_be_paid(payment, hooks):
            settle(write, _asked(order, payment), hooks=hooks, actor=SHOP, now=now)
    due = recorded(
        write,
        lambda connection, journal: _give_up(connection, order_id, journal=journal, hooks=hooks),
        hooks=hooks,
        actor=SHOP,
        now=now,
    )
    if due is None:
        return False
    move_money(write, due, hooks=hooks, actor=SHOP, now=now)
    return True


def _waiting(connection: Connection, order_id: int) -> tuple[OrderHead | None, list[Payment]]:
    order = held_order(connection, order_id)
    if order is None or order.state is not OrderState.PENDING_PAYMENT:
        return None, []
    return order, attempts_of(connection, order_id)


def _may_be_paid(payment: Payment, hooks: Hooks) -> bool:
    """True when the gateway can say how it stands; one that never heard of it is left alone."""
    gateway = hooks.gateways.get(payment.gateway)
    can_check = gateway is not None and gateway.check is not None
    return can_check and bool(payment.gateway_reference) and payment.status is PaymentState.PENDING


def _give_up(
    connection: Connection, order_id: int, *, journal: Journal, hooks: Hooks
) -> Sequence[AskedMovement] | None:
    order, _ = _waiting(connection, order_id)
    if order is None:
        return None
    cancelled = undo_order(connection, order, kind=EXPIRED, reason="", journal=journal)
    return give_up_attempts(connection, journal, order=cancelled, hooks=hooks)


def _asked(order: OrderHead, payment: Payment) -> Asked:
    return Asked(payment=payment, order_number=order.number, email=order.email)
