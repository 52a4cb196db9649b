"""Writes what a gateway said of a step of an attempt's money, and what follows from it.

An answer told twice changes nothing the second time.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select

from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.hooks import Hooks, PaymentResult, PaymentStatus
from storeql.orders.journal import Journal
from storeql.orders.order_rows import HEAD_COLUMNS, OrderHead, head_of_row
from storeql.orders.payments.answer import Answered
from storeql.orders.payments.asked import AskedMovement
from storeql.orders.payments.attempts import PAYMENT_COLUMNS, Payment, payment_data, payment_of_row
from storeql.orders.payments.change import note_money, save_change
from storeql.orders.payments.let_go import let_go
from storeql.orders.payments.movements import (
    MOVEMENT_COLUMNS,
    Movement,
    movement_of_row,
    note_done,
    save_movement,
    with_answer,
)
from storeql.orders.payments.states import (
    MovementKind,
    MovementState,
    PaymentState,
    movement_after,
)
from storeql.orders.payments.tables import money_movements
from storeql.orders.refunds.progress import step_ended
from storeql.orders.tables import orders, payments

# PostgreSQL locks the rows of the tables in their order here: the order's row always comes first.
_HOLD = statement(
    select(*HEAD_COLUMNS, *PAYMENT_COLUMNS, *MOVEMENT_COLUMNS)
    .select_from(
        orders.join(payments, payments.c.order_id == orders.c.id).join(
            money_movements, money_movements.c.payment_id == payments.c.id
        )
    )
    .where(money_movements.c.key == bindparam("key"))
    .with_for_update(key_share=True)
)
_S, _P = MovementState, PaymentState

# What is noted of a step that has ended.
_EVENTS = {
    (MovementKind.CAPTURE, _S.SUCCEEDED): "PAYMENT_CAPTURED",
    (MovementKind.CAPTURE, _S.FAILED): "PAYMENT_CAPTURE_FAILED",
    (MovementKind.VOID, _S.SUCCEEDED): "PAYMENT_VOIDED",
    (MovementKind.VOID, _S.FAILED): "PAYMENT_VOID_FAILED",
    (MovementKind.REFUND, _S.SUCCEEDED): "PAYMENT_REFUNDED",
    (MovementKind.REFUND, _S.FAILED): "PAYMENT_REFUND_FAILED",
}


def record_movement_answer(
    connection: Connection, journal: Journal, *, key: str, result: PaymentResult, hooks: Hooks
) -> Answered:
    """Writes an answer to the step with this key; raises Rejected when there is none."""
    row = connection.one(_HOLD, key=key)
    if row is None:
        raise refuse("MOVEMENT_NOT_FOUND", "There is no such movement of money.")
    width, all_but = len(HEAD_COLUMNS), len(row) - len(MOVEMENT_COLUMNS)
    order = head_of_row(row[:width])
    payment = payment_of_row(row[width:all_but])
    step = movement_of_row(row[all_but:])
    state = _state_after(step, payment, result)
    after = with_answer(step, result, state)
    if after == step or not save_movement(connection, after, now=journal.now):
        return Answered(order=order, payment=payment)
    if state is _S.PENDING:
        return Answered(order=order, payment=payment)
    return _ended(connection, journal, order, payment, step=after, result=result, hooks=hooks)


def _state_after(step: Movement, payment: Payment, result: PaymentResult) -> MovementState:
    """A void that is refused has succeeded where there was nothing to let go of."""
    state = movement_after(step.kind, step.state, result.status)
    nothing_held = step.kind is MovementKind.VOID and not payment.authorized_minor
    if nothing_held and state is _S.FAILED and result.status is PaymentStatus.DECLINED:
        return _S.SUCCEEDED
    return state


def _ended(
    connection: Connection,
    journal: Journal,
    order: OrderHead,
    payment: Payment,
    *,
    step: Movement,
    result: PaymentResult,
    hooks: Hooks,
) -> Answered:
    came_late = step.kind is MovementKind.VOID and result.status is PaymentStatus.CAPTURED
    after = after_step(payment, step, taken=came_late, lapsed=result.status is PaymentStatus.VOIDED)
    order, after = save_change(
        connection, journal, order, before=payment, after=after, is_noted=False
    )
    if came_late:
        seen = msgspec.structs.replace(after, version=payment.version)
        note_done(connection, seen, MovementKind.CAPTURE, step.amount_minor, now=journal.now)
    _note_ended(journal, order, payment, after, step)
    if step.refund_id is not None:
        step_ended(connection, journal, order=order, step=step)
    begun: Sequence[AskedMovement] = ()
    if came_late or step.kind is MovementKind.CAPTURE:
        begun = let_go(connection, journal, order=order, payments=[after], hooks=hooks)
    return Answered(order=order, payment=after, begun=begun)


def _note_ended(
    journal: Journal, order: OrderHead, before: Payment, after: Payment, step: Movement
) -> None:
    data = payment_data(after, step.amount_minor)
    note_money(journal, order, _EVENTS[step.kind, step.state], **data)
    if after.status is _P.REFUND_DUE and before.status is not _P.REFUND_DUE:
        note_money(journal, order, f"PAYMENT_{after.status.value}", **payment_data(after))


def after_step(payment: Payment, step: Movement, *, taken: bool, lapsed: bool) -> Payment:
    """The attempt once a step has ended.

    `taken`: it was to be let go and the gateway had taken it already. `lapsed`: it was to be taken
    and the gateway had let go of it already.
    """
    amount, done = step.amount_minor, step.state is _S.SUCCEEDED
    held = min(amount, payment.claiming_minor)
    if step.kind is MovementKind.REFUND:
        returning, back = payment.returning_minor - amount, amount if done else 0
        refunded = payment.refunded_minor + back
        return _rested(payment, returning_minor=returning, refunded_minor=refunded)
    gone = done or taken or lapsed
    captured = amount if taken or (done and step.kind is MovementKind.CAPTURE) else 0
    return _rested(
        payment,
        authorized_minor=payment.authorized_minor - (held if gone else 0),
        claiming_minor=payment.claiming_minor - held,
        captured_minor=payment.captured_minor + captured,
    )


def _rested(payment: Payment, **amounts: int) -> Payment:
    """The attempt with other amounts, in the status that these make of it."""
    after = msgspec.structs.replace(payment, **amounts)
    status = after.status
    if after.captured_minor and status in (_P.AUTHORIZED, _P.VOID_DUE):
        status = _P.CAPTURED if status is _P.AUTHORIZED else _P.REFUND_DUE
    if not after.authorized_minor:
        if not after.captured_minor:
            status = _P.VOIDED
        elif after.captured_minor == after.refunded_minor:
            status = _P.REFUNDED
    return msgspec.structs.replace(after, status=status)
