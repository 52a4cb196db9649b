"""Gives up attempts to pay, and begins what lets go of their money or gives it back.

Gateways are asked afterwards, see `ask_gateway.move_money`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from storeql.db import Connection
from storeql.hooks import Hooks
from storeql.orders.journal import Journal
from storeql.orders.order_rows import OrderHead
from storeql.orders.payments.asked import AskedMovement, asked_for
from storeql.orders.payments.attempts import Payment, attempts_of, with_status
from storeql.orders.payments.change import save_change
from storeql.orders.payments.movements import Movement, begin_movements, new_movement
from storeql.orders.payments.states import (
    GIVEN_UP,
    SETTLED,
    MovementKind,
    PaymentState,
)
from storeql.orders.refunds.return_all import return_all
from storeql.orders.refunds.states import RefundCause

LETS_GO = frozenset({PaymentState.VOID_DUE, PaymentState.REFUND_DUE})


def give_up_attempts(
    connection: Connection,
    journal: Journal,
    *,
    order: OrderHead,
    hooks: Hooks,
    keep_settled: bool = False,
) -> Sequence[AskedMovement]:
    """Gives up what could still bring money for a held order, or has; the steps this begins.

    With `keep_settled` only attempts that have brought nothing yet.
    """
    given_up: list[Payment] = []
    for payment in attempts_of(connection, order.id):
        if keep_settled and payment.status in SETTLED:
            continue
        after = _given_up(payment, hooks)
        if after.status is not payment.status:
            order, after = save_change(connection, journal, order, before=payment, after=after)
        given_up.append(after)
    cause = RefundCause.CANCELLATION
    return let_go(connection, journal, order=order, payments=given_up, hooks=hooks, cause=cause)


def let_go(
    connection: Connection,
    journal: Journal,
    *,
    order: OrderHead,
    payments: Sequence[Payment],
    hooks: Hooks,
    cause: RefundCause = RefundCause.LATE_PAYMENT,
) -> Sequence[AskedMovement]:
    """Begins to let go of what attempts given up hold, and to give back what they took.

    What is under way is waited for: a capture that is not answered may still fail.
    """
    given_up = [one for one in payments if one.status in LETS_GO]
    begun: list[Movement] = []
    for payment in given_up:
        is_held = payment.capturable_minor > 0 or payment.status is PaymentState.VOID_DUE
        if is_held and not payment.claiming_minor:
            voided, after = begin_void(payment, now=journal.now)
            order, _ = save_change(connection, journal, order, before=payment, after=after)
            begun.append(voided)
    begin_movements(connection, begun, now=journal.now)
    asked = asked_for(order, payments, begun)
    due = [one.id for one in given_up if one.refundable_minor > 0]
    if due:
        asked += return_all(
            connection, journal, order=order, payment_ids=due, cause=cause, hooks=hooks
        )
    return asked


def _given_up(payment: Payment, hooks: Hooks) -> Payment:
    """The attempt given up; where its gateway has nothing to let go of, that is all."""
    after = with_status(payment, GIVEN_UP.get(payment.status, payment.status))
    gateway = hooks.gateways.get(payment.gateway)
    nothing_to_void = gateway is not None and gateway.void is None and not payment.claiming_minor
    if after.status is not PaymentState.VOID_DUE or not nothing_to_void:
        return after
    return msgspec.structs.replace(after, status=PaymentState.VOIDED, authorized_minor=0)


def begin_void(payment: Payment, *, now: int) -> tuple[Movement, Payment]:
    """The step that lets go of what an attempt holds, and the attempt once it is begun.

    Of an attempt that was never answered it is all that may be held.
    """
    held = payment.capturable_minor
    voided = new_movement(payment, MovementKind.VOID, held or payment.amount_minor, now=now)
    claiming = payment.claiming_minor + held
    return voided, msgspec.structs.replace(payment, claiming_minor=claiming)
