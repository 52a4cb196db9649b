"""Begins an attempt to pay: an offline gateway answers at once, any other is asked afterwards."""

from __future__ import annotations

import msgspec

from storeql.db import Connection
from storeql.errors import refuse
from storeql.hooks import Hooks
from storeql.orders.journal import Journal
from storeql.orders.order_rows import OrderHead
from storeql.orders.payments.asked import Asked, request_for
from storeql.orders.payments.attempts import FIRST_PAUSE_MS, Payment, answered, payment_data
from storeql.orders.payments.movements import note_done
from storeql.orders.payments.states import SETTLED, MovementKind, PaymentState, after_answer
from storeql.orders.states import OrderState
from storeql.promotions.limits.policy import Paid


def opened(asked: Asked, *, hooks: Hooks, now: int) -> Payment:
    """The attempt as it is first written; raises Rejected when an offline gateway declines."""
    payment = asked.payment
    if not hooks.gateways[payment.gateway].offline:
        return msgspec.structs.replace(payment, due_at=now + FIRST_PAUSE_MS)
    result = hooks.ask_gateway(payment.gateway, "authorize", request_for(asked, "authorize"))
    status = after_answer(payment.status, result.status, needed=True)
    if status is PaymentState.DECLINED:
        message = result.message or "This payment was declined."
        raise refuse("PAYMENT_DECLINED", message, "paymentMethod")
    return answered(payment, result, status)


def note_begun(
    connection: Connection,
    journal: Journal,
    order: OrderHead,
    payment: Payment,
    *,
    after: OrderState | None = None,
) -> None:
    """Notes an attempt that was just written, and the money that it brought at once.

    `after` is the state that it brought the order to, its own where left out.
    """
    kind, states = f"PAYMENT_{payment.status.value}", (order.state, after or order.state)
    before, target = (state.value for state in states)
    journal.note(
        order.id,
        kind,
        channel_id=order.channel_id,
        before=before,
        after=target,
        **payment_data(payment),
    )
    if payment.captured_minor:
        taken = payment.captured_minor
        note_done(connection, payment, MovementKind.CAPTURE, taken, now=journal.now)


def is_unanswered(payment: Payment, *, hooks: Hooks) -> bool:
    """True when the gateway has still to be asked, or to be asked again after a crash."""
    gateway = hooks.gateways.get(payment.gateway)
    is_online = gateway is not None and not gateway.offline
    return payment.status is PaymentState.PENDING and is_online


def paid_so_far(payment: Payment | None, *, hooks: Hooks) -> Paid:
    """Whether an order with this first attempt (None: it costs nothing) is paid for its promotions.

    LATER: it goes ahead, and its money changes hands outside the shop.
    """
    if payment is None or payment.status is PaymentState.CAPTURED:
        return Paid.YES
    if payment.status not in SETTLED:
        return Paid.NO
    gateway = hooks.gateways.get(payment.gateway)
    return Paid.LATER if gateway is not None and gateway.offline else Paid.YES
