"""Brings an order to the state that its fulfilments and its holds say, and notes what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, update

from storeql.db import Connection, statement
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import FulfilmentRow, number_of, save_fulfilment
from storeql.orders.fulfilment.states import (
    FULFILMENT_STEPS,
    FulfilmentState,
    FulfilmentStatus,
    derived_state,
    derived_status,
)
from storeql.orders.journal import Journal
from storeql.orders.order_rows import OrderHead, state_conflict
from storeql.orders.states import OrderState, may_become
from storeql.orders.tables import orders

_order = orders.c
_ADVANCE = statement(
    update(orders)
    .where(_order.id == bindparam("b_id"), _order.state == bindparam("seen"))
    .values(
        state=bindparam("new_state"),
        fulfilment_status=bindparam("new_status"),
        delivered_at=func.coalesce(_order.delivered_at, bindparam("came_at")),
        updated_at=bindparam("now"),
        version=_order.version + 1,
    )
)


def advance(
    connection: Connection,
    order: OrderHead,
    fulfilments: Sequence[FulfilmentRow],
    *,
    kind: str,
    journal: Journal,
    is_held: bool | None = None,
    **data: Any,
) -> OrderHead:
    """The held order in the state of its fulfilments; the event is noted even if that stays.

    `is_held`: whether a hold is open; None: as before. Raises Rejected when the order may not
    become that.
    """
    if is_held is None:
        is_held = order.state is OrderState.ON_HOLD
    states = [one.state for one in fulfilments]
    target, status = derived_state(states, is_held=is_held), derived_status(states)
    if target is not order.state and not may_become(order.state, target):
        raise state_conflict(order)
    moved = connection.run(
        _ADVANCE,
        b_id=order.id,
        seen=order.state.value,
        new_state=target.value,
        new_status=status.value,
        came_at=journal.now if status is FulfilmentStatus.DELIVERED else None,
        now=journal.now,
    )
    if not moved:
        raise state_conflict(order)
    journal.note(order.id, kind, before=order.state.value, after=target.value, **data)
    return msgspec.structs.replace(order, state=target, fulfilment_status=status.value)


def refuse_unless_workable(order: OrderHead) -> None:
    """Raises Rejected unless the warehouse may work on the order now: it is paid, not held."""
    if order.state not in (OrderState.AWAITING_FULFILMENT, OrderState.PICKING, OrderState.PACKED):
        raise state_conflict(order)


def become(
    connection: Connection,
    order: OrderHead,
    every: Sequence[FulfilmentRow],
    fulfilment: FulfilmentRow,
    target: FulfilmentState,
    *,
    kind: str,
    journal: Journal,
    **data: Any,
) -> tuple[OrderHead, list[FulfilmentRow]]:
    """The order, and its fulfilments, after one of them went a step; the event names it.

    Raises Rejected (FulfilmentStateConflict) for a step that it may not go.
    """
    if target not in FULFILMENT_STEPS[fulfilment.state]:
        raise fulfilment_conflict(fulfilment.state)
    changed = msgspec.structs.replace(fulfilment, state=target)
    saved = save_fulfilment(connection, fulfilment, changed, now=journal.now)
    after = [saved if one.id == saved.id else one for one in every]
    name = number_of(order.number, fulfilment.position)
    moved = advance(connection, order, after, kind=kind, journal=journal, fulfilment=name, **data)
    return moved, after
