"""Writes what a gateway said of an attempt to pay, and what that means for the order.

An answer told twice changes nothing the second time; money that is not needed any more goes back.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from storeql.db import Connection
from storeql.hooks import Hooks, PaymentResult
from storeql.orders.journal import Journal
from storeql.orders.order_rows import OrderHead
from storeql.orders.payments.asked import AskedMovement
from storeql.orders.payments.attempts import Payment, answered
from storeql.orders.payments.change import save_change
from storeql.orders.payments.hold import hold_payment
from storeql.orders.payments.let_go import let_go
from storeql.orders.payments.movements import note_done
from storeql.orders.payments.states import SETTLED, MovementKind, after_answer
from storeql.orders.states import OrderState
from storeql.promotions.limits.commit import commit
from storeql.promotions.limits.policy import Paid


class Answered(Struct, frozen=True, kw_only=True):
    """An order and an attempt after an answer; `begun` is what gateways are to be asked next."""

    order: OrderHead
    payment: Payment
    begun: Sequence[AskedMovement] = ()


def record_answer(
    connection: Connection,
    journal: Journal,
    *,
    reference: str,
    result: PaymentResult,
    hooks: Hooks,
) -> Answered:
    """Writes an answer about the attempt with this reference; raises Rejected without one."""
    order, payment = hold_payment(connection, reference=reference)
    return apply_answer(
        connection, journal, order=order, payment=payment, result=result, hooks=hooks
    )


def apply_answer(
    connection: Connection,
    journal: Journal,
    *,
    order: OrderHead,
    payment: Payment,
    result: PaymentResult,
    hooks: Hooks,
) -> Answered:
    """Writes an answer about an attempt of a held order.

    Of an order that is not held it raises Outdated when it is not what was read any more.
    """
    needed = payment.status in SETTLED or _wants_money(order)
    status = after_answer(payment.status, result.status, needed=needed)
    after = answered(payment, result, status)
    if after == payment:
        return Answered(order=order, payment=payment)
    order, after = save_change(connection, journal, order, before=payment, after=after)
    _note_taken(connection, payment, after, now=journal.now)
    if status in SETTLED and status is not payment.status:
        commit(connection, order_id=order.id, paid=Paid.YES, now=journal.now)
    begun: Sequence[AskedMovement] = ()
    if status is not payment.status:
        begun = let_go(connection, journal, order=order, payments=[after], hooks=hooks)
    return Answered(order=order, payment=after, begun=begun)


def _wants_money(order: OrderHead) -> bool:
    """Whether money that comes for the order buys something."""
    return order.state is not OrderState.CANCELLED and order.outstanding_minor > 0


def _note_taken(connection: Connection, before: Payment, after: Payment, *, now: int) -> None:
    """Keeps that a gateway took the money without having been asked to capture it."""
    taken = after.captured_minor - before.captured_minor
    if taken:
        seen = msgspec.structs.replace(after, version=before.version)
        note_done(connection, seen, MovementKind.CAPTURE, taken, now=now)
