"""Ends a movement of money that no gateway answers: staff say what became of it."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, select

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.hooks import Hooks, PaymentResult, PaymentStatus
from storeql.inputs import Fields
from storeql.orders.journal import Journal, recorded
from storeql.orders.payments.answer import Answered
from storeql.orders.payments.ask_gateway import move_money
from storeql.orders.payments.attempts import LONGEST_MESSAGE
from storeql.orders.payments.movement_answer import record_movement_answer
from storeql.orders.payments.states import MovementKind, MovementState
from storeql.orders.payments.tables import money_movements

PATIENCE_MS = 3_600_000
"""So long a gateway is waited for before people may say what became of a movement."""

DONE: dict[MovementKind, PaymentStatus] = {
    MovementKind.CAPTURE: PaymentStatus.CAPTURED,
    MovementKind.VOID: PaymentStatus.VOIDED,
    MovementKind.REFUND: PaymentStatus.REFUNDED,
}

_movement = money_movements.c
_FIND = statement(
    select(
        _movement.key,
        _movement.kind,
        _movement.state,
        _movement.is_by_hand,
        _movement.created_at,
    ).where(_movement.id == bindparam("id"))
)


class Resolution(Struct, frozen=True, kw_only=True):
    """What became of a movement, as staff saw it; `note` says where."""

    movement_id: int
    succeeded: bool
    note: str = ""


def resolve_movement(
    write: Write, wish: Resolution, *, actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the order whose movement is over; said twice, the second changes nothing.

    Raises Rejected (MOVEMENT_NOT_MANUAL) while a gateway may still answer, and
    (MOVEMENT_OVER) when it ended otherwise.
    """
    fields = Fields()
    note = fields.line("note", wish.note, most=LONGEST_MESSAGE, required=False)
    fields.refuse_problems()
    answered = recorded(
        write,
        lambda connection, journal: _resolve(connection, wish, note, journal, hooks),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    move_money(write, answered.begun, hooks=hooks, actor=actor.key, now=now)
    return answered.order.id


def _resolve(
    connection: Connection, wish: Resolution, note: str, journal: Journal, hooks: Hooks
) -> Answered:
    row = connection.one(_FIND, id=wish.movement_id)
    if row is None:
        message = "There is no such movement of money."
        raise refuse("MOVEMENT_NOT_FOUND", message, "movementId")
    key, kind, state, is_by_hand, created_at = row
    wanted = MovementState.SUCCEEDED if wish.succeeded else MovementState.FAILED
    if MovementState(state) not in (MovementState.PENDING, wanted):
        raise refuse("MOVEMENT_OVER", f"It has {state.lower()} already.", "movementId")
    if not is_by_hand and journal.now < created_at + PATIENCE_MS:
        message = "The gateway may still answer: wait an hour."
        raise refuse("MOVEMENT_NOT_MANUAL", message, "movementId")
    status = DONE[MovementKind(kind)] if wish.succeeded else PaymentStatus.DECLINED
    result = PaymentResult(status=status, message=note)
    return record_movement_answer(connection, journal, key=key, result=result, hooks=hooks)
