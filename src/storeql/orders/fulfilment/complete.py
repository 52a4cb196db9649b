"""Completes orders, which brings the buyer the vouchers that they earned: all is well by then."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import structlog
from sqlalchemy import bindparam, select, tuple_, update

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import StoreError
from storeql.hooks import Hooks
from storeql.orders.fulfilment.settings import DAY_MS, current_settings
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import OrderHead, held_order, hold_order, move_order
from storeql.orders.states import OrderState
from storeql.orders.tables import orders
from storeql.promotions.vouchers.earned import give_earned

log = structlog.get_logger("storeql.orders")

SHOP = "shop"
COMPLETED = "COMPLETED"
AT_ONCE = 100

_order = orders.c
_DUE = statement(
    select(_order.placed_at, _order.id)
    .where(
        _order.state == OrderState.DELIVERED.value,
        _order.delivered_at < bindparam("before"),
        tuple_(_order.placed_at, _order.id) > tuple_(bindparam("last_at"), bindparam("last_id")),
    )
    .order_by(_order.placed_at, _order.id)
    .limit(AT_ONCE)
)
_STAMP = statement(
    update(orders).where(_order.id == bindparam("b_id")).values(completed_at=bindparam("now"))
)


def complete_order(
    write: Write,
    order_id: int,
    *,
    cart_token: str = "",
    actor: Actor,
    hooks: Hooks,
    now: int,
) -> int:
    """The row number of the order, COMPLETED; done twice, the second changes nothing.

    Customers complete their own, guests with the token of their cart. Raises Rejected before it
    is delivered.
    """

    def work(connection: Connection, journal: Journal) -> None:
        order = hold_order(connection, order_id, actor=actor, cart_token=cart_token)
        if order.state is not OrderState.COMPLETED:
            _complete(connection, order, journal)

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return order_id


def complete_delivered(write: Write, *, hooks: Hooks, now: int) -> int:
    """How many orders were completed that were delivered as many days ago as the shop waits.

    Every process may do it at once: the order's row decides. One that fails is logged and tried
    again the next time.
    """
    days = write(current_settings).completion_days
    completed = 0
    for order_id in _delivered(write, now - days * DAY_MS):
        try:
            completed += recorded(
                write, partial(_complete_due, order_id), hooks=hooks, actor=SHOP, now=now
            )
        except StoreError:
            log.exception("order_not_completed", order_id=order_id)
    return completed


def _delivered(write: Write, before: int) -> Iterator[int]:
    last = (0, 0)
    while rows := write(partial(_some_after, before=before, last=last)):
        yield from (row[1] for row in rows)
        last = rows[-1]


def _some_after(
    connection: Connection, *, before: int, last: tuple[int, int]
) -> list[tuple[int, int]]:
    rows = connection.rows(_DUE, before=before, last_at=last[0], last_id=last[1])
    return [(placed_at, order_id) for placed_at, order_id in rows]


def _complete_due(order_id: int, connection: Connection, journal: Journal) -> bool:
    order = held_order(connection, order_id)
    if order is None or order.state is not OrderState.DELIVERED:
        return False
    _complete(connection, order, journal)
    return True


def _complete(connection: Connection, order: OrderHead, journal: Journal) -> None:
    move_order(connection, order, OrderState.COMPLETED, kind=COMPLETED, journal=journal)
    connection.run(_STAMP, b_id=order.id, now=journal.now)
    give_earned(connection, order.id, now=journal.now)
