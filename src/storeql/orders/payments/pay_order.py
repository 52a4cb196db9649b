"""Pays an order that still waits for it: another attempt, or the open one asked about again."""

from __future__ import annotations

from msgspec import Struct

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import Rejected, refuse
from storeql.hooks import Hooks
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import OrderHead, hold_order, move_order, state_conflict
from storeql.orders.payments.answer import give_up_attempts, note_payment
from storeql.orders.payments.ask_gateway import Asked, settle
from storeql.orders.payments.attempts import Payment, attempts_of, begin_attempt, new_attempt
from storeql.orders.payments.begin import is_unanswered, opened, paid_so_far
from storeql.orders.payments.states import SETTLED
from storeql.orders.problems import PaymentPending
from storeql.orders.states import OrderState
from storeql.promotions.limits.commit import commit

MUTATION = "orderPay"
MOST_ATTEMPTS = 50


class PayWish(Struct, frozen=True, kw_only=True):
    """A way to pay an order; a guest shows the token of the cart the order came from."""

    order_id: int
    gateway: str
    idempotency_key: str
    payment_token: str = ""
    cart_token: str = ""


def pay_order(write: Write, wish: PayWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the order after another attempt to pay it.

    Raises Rejected when the order does not wait for a payment, or an attempt by another gateway
    has not been answered (PaymentPending).
    """
    asked = recorded(
        write,
        lambda connection, journal: _attempt(
            connection, wish, journal=journal, actor=actor, hooks=hooks
        ),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    if is_unanswered(asked.payment, hooks=hooks):
        settle(write, asked, hooks=hooks, actor=actor.key, now=now)
    return wish.order_id


def check_payment(
    write: Write, order_id: int, *, cart_token: str = "", actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the order after its gateway was asked how far an open payment is."""
    order, attempts = write(
        lambda connection: _open_attempts(connection, order_id, actor, cart_token)
    )
    for payment in attempts:
        if is_unanswered(payment, hooks=hooks):
            settle(write, _asked(order, payment), hooks=hooks, actor=actor.key, now=now)
    return order_id


def _attempt(
    connection: Connection, wish: PayWish, *, journal: Journal, actor: Actor, hooks: Hooks
) -> Asked:
    order = hold_order(connection, wish.order_id, actor=actor, cart_token=wish.cart_token)
    key = key_of(actor, MUTATION, wish.idempotency_key, wish, secret=wish.cart_token)
    before = object_of(connection, key)
    attempts = attempts_of(connection, order.id)
    for payment in attempts:
        if payment.id == before:
            return _asked(order, payment, wish.payment_token)
    if order.state is not OrderState.PENDING_PAYMENT:
        raise state_conflict(order)
    payment = _next_attempt(connection, order, attempts, wish, journal=journal, hooks=hooks)
    keep_key(connection, key, object_id=payment.id, now=journal.now)
    return _asked(order, payment, wish.payment_token)


def _next_attempt(
    connection: Connection,
    order: OrderHead,
    attempts: list[Payment],
    wish: PayWish,
    *,
    journal: Journal,
    hooks: Hooks,
) -> Payment:
    if wish.gateway not in hooks.gateways:
        message = "The shop does not take this payment."
        raise refuse("PAYMENT_METHOD_NOT_FOUND", message, "paymentMethod")
    for payment in attempts:
        if is_unanswered(payment, hooks=hooks):
            if payment.gateway == wish.gateway:
                return payment
            raise _pending(payment)
    if len(attempts) >= MOST_ATTEMPTS:
        message = f"An order is tried to be paid at most {MOST_ATTEMPTS} times."
        raise refuse("TOO_MANY", message, "orderId")
    give_up_attempts(connection, journal, order=order, hooks=hooks)
    return _begin(connection, order, len(attempts) + 1, wish, journal=journal, hooks=hooks)


def _begin(
    connection: Connection,
    order: OrderHead,
    attempt: int,
    wish: PayWish,
    *,
    journal: Journal,
    hooks: Hooks,
) -> Payment:
    fresh = new_attempt(
        order.number,
        attempt,
        gateway=wish.gateway,
        amount_minor=order.total_minor,
        currency=order.currency,
    )
    payment = opened(_asked(order, fresh, wish.payment_token), hooks=hooks)
    payment = begin_attempt(connection, payment, order_id=order.id, now=journal.now)
    if payment.status in SETTLED:
        target, kind = OrderState.AWAITING_FULFILMENT, f"PAYMENT_{payment.status.value}"
        move_order(
            connection, order, target, kind=kind, journal=journal, reference=payment.reference
        )
        paid = paid_so_far(payment, hooks=hooks)
        commit(connection, order_id=order.id, paid=paid, now=journal.now)
    else:
        note_payment(journal, order, payment)
    return payment


def _open_attempts(
    connection: Connection, order_id: int, actor: Actor, cart_token: str
) -> tuple[OrderHead, list[Payment]]:
    order = hold_order(connection, order_id, actor=actor, cart_token=cart_token)
    return order, attempts_of(connection, order_id)


def _asked(order: OrderHead, payment: Payment, token: str = "") -> Asked:
    return Asked(payment=payment, order_number=order.number, email=order.email, token=token)


def _pending(payment: Payment) -> Rejected:
    return Rejected(
        [
            PaymentPending(
                message="An earlier payment has not been answered yet: wait for it.",
                field=("orderId",),
                method=payment.gateway,
            )
        ]
    )
