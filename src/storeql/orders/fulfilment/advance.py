"""Brings orders to the state that their fulfilments and holds say, and notes what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, update

from storeql.db import Connection, statement
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import FulfilmentRow, Work, number_of, save_fulfilments
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
WORKABLE = frozenset({OrderState.AWAITING_FULFILMENT, OrderState.PICKING, OrderState.PACKED})
"""The warehouse may work on the order: it is paid, and nothing holds it."""


def refuse_unless_workable(order: OrderHead) -> None:
    """Raises Rejected unless the warehouse may work on the held order now."""
    if order.state not in WORKABLE:
        raise state_conflict(order)


def advance(
    connection: Connection,
    order: OrderHead,
    every: Sequence[FulfilmentRow],
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
    entry, after = _advanced(order, every, is_held=is_held, now=journal.now)
    connection.run_many(_ADVANCE, [entry])
    journal.note(
        order.id,
        kind,
        channel_id=order.channel_id,
        before=order.state.value,
        after=after.state.value,
        **data,
    )
    return after


def become(
    connection: Connection,
    work: Work,
    target: FulfilmentState,
    *,
    kind: str,
    journal: Journal,
    **data: Any,
) -> Work:
    """The work after its chosen fulfilments went a step; the event names them."""
    [after] = become_all(connection, [work], target, kind=kind, journal=journal, **data)
    return after


def become_all(
    connection: Connection,
    works: Sequence[Work],
    target: FulfilmentState,
    *,
    kind: str,
    journal: Journal,
    **data: Any,
) -> list[Work]:
    """The same for many orders, in two statements however many there are.

    Raises Rejected (FulfilmentStateConflict) when one of the fulfilments may not go that step.
    """
    pairs = [(one, _stepped(one, target)) for work in works for one in work.chosen]
    saved = {one.id: one for one in save_fulfilments(connection, pairs, now=journal.now)}
    entries: list[dict[str, Any]] = []
    moved: list[Work] = []
    for work in works:
        every = [saved.get(one.id, one) for one in work.every]
        entry, order = _advanced(work.order, every, is_held=None, now=journal.now)
        chosen = [saved[one.id] for one in work.chosen]
        entries.append(entry)
        moved.append(Work(order=order, every=every, chosen=chosen))
        names = [number_of(order.number, one.position) for one in chosen]
        before, after = work.order.state.value, order.state.value
        journal.note(
            order.id,
            kind,
            channel_id=order.channel_id,
            before=before,
            after=after,
            fulfilments=names,
            **data,
        )
    connection.run_many(_ADVANCE, entries)
    return moved


def _stepped(fulfilment: FulfilmentRow, target: FulfilmentState) -> FulfilmentRow:
    if target not in FULFILMENT_STEPS[fulfilment.state]:
        raise fulfilment_conflict(fulfilment.state)
    return msgspec.structs.replace(fulfilment, state=target)


def _advanced(
    order: OrderHead, every: Sequence[FulfilmentRow], *, is_held: bool | None, now: int
) -> tuple[dict[str, Any], OrderHead]:
    """What to write of a held order, and the order after it."""
    states = [one.state for one in every]
    held = order.state is OrderState.ON_HOLD if is_held is None else is_held
    target = derived_state(states, is_held=held)
    status = derived_status(states, is_held=held)
    if target is not order.state and not may_become(order.state, target):
        raise state_conflict(order)
    entry = {
        "b_id": order.id,
        "seen": order.state.value,
        "new_state": target.value,
        "new_status": status.value,
        "came_at": now if status is FulfilmentStatus.DELIVERED else None,
        "now": now,
    }
    after = msgspec.structs.replace(order, state=target, fulfilment_status=status.value)
    return entry, after
