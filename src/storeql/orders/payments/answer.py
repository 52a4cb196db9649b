"""Writes what a gateway said of an attempt to pay, and what that means for the order.

An answer told twice changes nothing the second time; money that is not needed any more goes back.
"""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.hooks import Hooks, PaymentResult
from storeql.orders.journal import Journal
from storeql.orders.order_rows import HEAD_COLUMNS, OrderHead, head_of_row, move_order
from storeql.orders.payments.attempts import (
    PAYMENT_COLUMNS,
    Payment,
    answered,
    attempts_of,
    payment_data,
    payment_of_row,
    save_attempt,
    with_status,
)
from storeql.orders.payments.states import GIVEN_UP, SETTLED, PaymentState, after_answer
from storeql.orders.states import OrderState
from storeql.orders.tables import orders, payments
from storeql.promotions.limits.commit import commit
from storeql.promotions.limits.policy import Paid

_HOLD = statement(
    select(*HEAD_COLUMNS, *PAYMENT_COLUMNS)
    .select_from(orders.join(payments, payments.c.order_id == orders.c.id))
    .where(payments.c.reference == bindparam("reference"))
    .with_for_update(key_share=True)
)


def record_answer(
    connection: Connection, journal: Journal, *, reference: str, result: PaymentResult
) -> Payment:
    """The attempt with this reference after the answer; raises Rejected when there is none."""
    row = connection.one(_HOLD, reference=reference)
    if row is None:
        raise refuse("PAYMENT_NOT_FOUND", "There is no such payment.")
    width = len(HEAD_COLUMNS)
    order, payment = head_of_row(row[:width]), payment_of_row(row[width:])
    return apply_answer(connection, journal, order=order, payment=payment, result=result)


def apply_answer(
    connection: Connection,
    journal: Journal,
    *,
    order: OrderHead,
    payment: Payment,
    result: PaymentResult,
) -> Payment:
    """Writes an answer about an attempt of a held order."""
    pending = order.state is OrderState.PENDING_PAYMENT
    needed = pending or payment.status in SETTLED
    status = after_answer(payment.status, result.status, needed=needed)
    after = answered(payment, result, status)
    if not save_attempt(connection, after, before=payment, now=journal.now):
        return payment
    if status in SETTLED and status is not payment.status:
        commit(connection, order_id=order.id, paid=Paid.YES, now=journal.now)
    kind = f"PAYMENT_{status.value}"
    if pending and status in SETTLED:
        target, data = OrderState.AWAITING_FULFILMENT, payment_data(after)
        move_order(connection, order, target, kind=kind, journal=journal, **data)
    elif status is not payment.status:
        note_payment(journal, order, after)
    return after


def give_up_attempts(
    connection: Connection, journal: Journal, *, order: OrderHead, hooks: Hooks
) -> list[Payment]:
    """Gives up what could still bring money for a held order, or has; answers these attempts.

    Money that a gateway holds or took is due to go back, see `ask_gateway.return_money`.
    """
    given_up: list[Payment] = []
    for payment in attempts_of(connection, order.id):
        after = with_status(payment, _given_up(payment, hooks))
        if save_attempt(connection, after, before=payment, now=journal.now):
            note_payment(journal, order, after)
            given_up.append(after)
    return given_up


def _given_up(payment: Payment, hooks: Hooks) -> PaymentState:
    status = GIVEN_UP.get(payment.status, payment.status)
    gateway = hooks.gateways.get(payment.gateway)
    nothing_to_void = gateway is not None and gateway.void is None
    if status is PaymentState.VOID_DUE and nothing_to_void:
        return PaymentState.VOIDED
    return status


def note_payment(journal: Journal, order: OrderHead, payment: Payment) -> None:
    state, kind = order.state.value, f"PAYMENT_{payment.status.value}"
    journal.note(
        order.id,
        kind,
        channel_id=order.channel_id,
        before=state,
        after=state,
        **payment_data(payment),
    )
