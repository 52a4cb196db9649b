"""Puts an order on hold, so that the warehouse leaves it alone, and lets it go on."""

from __future__ import annotations

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import hold_order as held
from storeql.orders.order_rows import move_order, state_conflict
from storeql.orders.states import OrderState

LONGEST_REASON = 500


def put_on_hold(
    write: Write, order_id: int, *, reason: str, actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the order, ON_HOLD; raises Rejected from a state that cannot wait."""
    return _move(write, order_id, OrderState.ON_HOLD, reason, actor=actor, hooks=hooks, now=now)


def release_hold(
    write: Write, order_id: int, *, reason: str = "", actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the order, AWAITING_FULFILMENT again."""
    target = OrderState.AWAITING_FULFILMENT
    return _move(write, order_id, target, reason, actor=actor, hooks=hooks, now=now)


def _move(
    write: Write,
    order_id: int,
    target: OrderState,
    reason: str,
    *,
    actor: Actor,
    hooks: Hooks,
    now: int,
) -> int:
    fields = Fields()
    text = fields.line("reason", reason, most=LONGEST_REASON, required=False)
    fields.refuse_problems()

    def work(connection: Connection, journal: Journal) -> None:
        order = held(connection, order_id, actor=actor)
        is_release = target is OrderState.AWAITING_FULFILMENT
        if is_release and order.state is not OrderState.ON_HOLD:
            raise state_conflict(order)
        kind = "RELEASED" if is_release else "HELD"
        move_order(connection, order, target, kind=kind, journal=journal, reason=text)

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return order_id
