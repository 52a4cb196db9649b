"""What happens to the money of an attempt after it was authorized: one row for each step.

A row is written in the transaction that decides on the step, and names the key under which its
gateway is asked afterwards: asked twice under one key, a gateway acts once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, insert, select, update

from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.hooks import PaymentResult
from storeql.orders.payments.attempts import (
    FIRST_PAUSE_MS,
    LONGEST_MESSAGE,
    LONGEST_REFERENCE,
    Payment,
)
from storeql.orders.payments.states import MovementKind, MovementState
from storeql.orders.payments.tables import money_movements

MOST_STEPS = 500

_movement = money_movements.c
_NAMES = (
    "id",
    "order_id",
    "payment_id",
    "refund_id",
    "kind",
    "state",
    "amount_minor",
    "key",
    "gateway_reference",
    "message",
    "is_by_hand",
    "due_at",
)
MOVEMENT_COLUMNS: tuple[ColumnElement[Any], ...] = tuple(_movement[name] for name in _NAMES)
_PENDING = statement(
    select(*MOVEMENT_COLUMNS)
    .where(
        _movement.order_id == bindparam("order_id"),
        _movement.state == MovementState.PENDING.value,
    )
    .order_by(_movement.id)
)
_BEGIN = statement(insert(money_movements), *_NAMES[1:], "created_at", "updated_at")
_SAVE = statement(
    update(money_movements)
    .where(_movement.key == bindparam("b_key"), _movement.state == MovementState.PENDING.value)
    .values(
        state=bindparam("new_state"),
        gateway_reference=bindparam("new_reference"),
        message=bindparam("new_message"),
        due_at=bindparam("new_due"),
        updated_at=bindparam("now"),
    )
)


class Movement(Struct, frozen=True, kw_only=True):
    """One step of an attempt's money, `amount_minor` of it; `key` names it at the gateway.

    `is_by_hand`: no gateway does it, staff say when it is done. `due_at`: when the gateway is
    asked again.
    """

    payment_id: int
    kind: MovementKind
    amount_minor: int
    key: str
    state: MovementState = MovementState.PENDING
    id: int = 0
    order_id: int = 0
    refund_id: int | None = None
    gateway_reference: str = ""
    message: str = ""
    is_by_hand: bool = False
    due_at: int | None = None


def new_movement(
    payment: Payment,
    kind: MovementKind,
    amount_minor: int,
    *,
    state: MovementState = MovementState.PENDING,
    refund_id: int | None = None,
    is_by_hand: bool = False,
    now: int,
) -> Movement:
    """A step of the attempt that is not written yet; write the attempt's new row with it.

    The row's version makes the key one of its own.
    """
    is_asked = state is MovementState.PENDING and not is_by_hand
    return Movement(
        payment_id=payment.id,
        order_id=payment.order_id,
        refund_id=refund_id,
        kind=kind,
        state=state,
        amount_minor=amount_minor,
        key=f"{payment.reference}:{kind.value.lower()}:{payment.version}",
        gateway_reference=payment.gateway_reference if state is MovementState.SUCCEEDED else "",
        message=payment.message if state is MovementState.SUCCEEDED else "",
        is_by_hand=is_by_hand,
        due_at=now + FIRST_PAUSE_MS if is_asked else None,
    )


def refuse_endless(payment: Payment) -> None:
    """Raises Rejected where staff would take or give back the money of an attempt without end."""
    if payment.version > MOST_STEPS:
        message = f"The money of a payment moves at most {MOST_STEPS} times."
        raise refuse("TOO_MANY", message)


def begin_movements(connection: Connection, begun: Sequence[Movement], *, now: int) -> None:
    """Writes new steps, in one statement."""
    connection.run_many(
        _BEGIN,
        [
            {name: getattr(one, name) for name in _NAMES[1:]}
            | {"kind": one.kind.value, "state": one.state.value}
            | {"created_at": now, "updated_at": now}
            for one in begun
        ],
    )


def note_done(
    connection: Connection, payment: Payment, kind: MovementKind, amount_minor: int, *, now: int
) -> None:
    """Writes a step that nobody had to be asked for; the attempt is as it was read before."""
    done = new_movement(payment, kind, amount_minor, state=MovementState.SUCCEEDED, now=now)
    begin_movements(connection, [done], now=now)


def pending_movements(connection: Connection, order_id: int) -> list[Movement]:
    """The steps of an order's money that wait for an answer, the first one first."""
    return [movement_of_row(row) for row in connection.rows(_PENDING, order_id=order_id)]


def with_answer(movement: Movement, result: PaymentResult, state: MovementState) -> Movement:
    """The step with a gateway's answer in it."""
    return msgspec.structs.replace(
        movement,
        state=state,
        gateway_reference=(result.reference or movement.gateway_reference)[:LONGEST_REFERENCE],
        message=result.message[:LONGEST_MESSAGE],
        due_at=movement.due_at if state is MovementState.PENDING else None,
    )


def save_movement(connection: Connection, after: Movement, *, now: int) -> bool:
    """Writes what became of a step; False when it was answered before."""
    saved = connection.run(
        _SAVE,
        b_key=after.key,
        new_state=after.state.value,
        new_reference=after.gateway_reference,
        new_message=after.message,
        new_due=after.due_at,
        now=now,
    )
    return saved == 1


def movement_of_row(row: tuple[Any, ...]) -> Movement:
    """The record of a row with MOVEMENT_COLUMNS."""
    values = dict(zip(_NAMES, row, strict=True))
    kind, state = MovementKind(values["kind"]), MovementState(values["state"])
    return Movement(**values | {"kind": kind, "state": state, "is_by_hand": bool(row[-2])})
