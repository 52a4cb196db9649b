"""Pays an order that still waits for money: another attempt, or the open one asked about again."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import Rejected, refuse
from storeql.hooks import Hooks
from storeql.orders.balance import NOTHING
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import OrderHead, change_order, hold_order, state_conflict
from storeql.orders.payments.ask_gateway import move_money, settle
from storeql.orders.payments.asked import Asked, AskedMovement
from storeql.orders.payments.attempts import Payment, attempts_of, begin_attempt, new_attempt
from storeql.orders.payments.begin import is_unanswered, note_begun, opened, paid_so_far
from storeql.orders.payments.let_go import give_up_attempts
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


class _Attempt(Struct, frozen=True, kw_only=True):
    """An attempt that is written, and the steps of those that it replaces."""

    asked: Asked
    given_up: Sequence[AskedMovement] = ()


def pay_order(write: Write, wish: PayWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the order after another attempt to pay it.

    It waits for money before it goes ahead, and also later, when what was held for it was let go.
    Raises Rejected when it does not, or an attempt by another gateway has not been answered
    (PaymentPending).
    """
    attempt = recorded(
        write,
        lambda connection, journal: _attempt(
            connection, wish, journal=journal, actor=actor, hooks=hooks
        ),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    move_money(write, attempt.given_up, hooks=hooks, actor=actor.key, now=now)
    if is_unanswered(attempt.asked.payment, hooks=hooks):
        settle(write, attempt.asked, hooks=hooks, actor=actor.key, now=now)
    return wish.order_id


def _attempt(
    connection: Connection, wish: PayWish, *, journal: Journal, actor: Actor, hooks: Hooks
) -> _Attempt:
    order = hold_order(connection, wish.order_id, actor=actor, cart_token=wish.cart_token)
    key = key_of(actor, MUTATION, wish.idempotency_key, wish, secret=wish.cart_token)
    before = object_of(connection, key)
    attempts = attempts_of(connection, order.id)
    for payment in attempts:
        if payment.id == before:
            return _Attempt(asked=_asked(order, payment, wish))
    if order.state is OrderState.CANCELLED or not order.outstanding_minor:
        raise state_conflict(order)
    made = _next_attempt(connection, order, attempts, wish, journal=journal, hooks=hooks)
    keep_key(connection, key, object_id=made.asked.payment.id, now=journal.now)
    return made


def _next_attempt(
    connection: Connection,
    order: OrderHead,
    attempts: list[Payment],
    wish: PayWish,
    *,
    journal: Journal,
    hooks: Hooks,
) -> _Attempt:
    if wish.gateway not in hooks.gateways:
        message = "The shop does not take this payment."
        raise refuse("PAYMENT_METHOD_NOT_FOUND", message, "paymentMethod")
    for payment in attempts:
        if is_unanswered(payment, hooks=hooks):
            if payment.gateway == wish.gateway:
                return _Attempt(asked=_asked(order, payment, wish))
            raise _pending(payment)
    if len(attempts) >= MOST_ATTEMPTS:
        message = f"An order is tried to be paid at most {MOST_ATTEMPTS} times."
        raise refuse("TOO_MANY", message, "orderId")
    given_up = give_up_attempts(connection, journal, order=order, hooks=hooks, keep_settled=True)
    payment = _begin(connection, order, len(attempts) + 1, wish, journal=journal, hooks=hooks)
    return _Attempt(asked=_asked(order, payment, wish), given_up=given_up)


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
        amount_minor=order.outstanding_minor,
        currency=order.currency,
    )
    payment = opened(_asked(order, fresh, wish), hooks=hooks, now=journal.now)
    payment = begin_attempt(connection, payment, order_id=order.id, now=journal.now)
    target = order.state
    if target is OrderState.PENDING_PAYMENT and payment.status in SETTLED:
        target = OrderState.AWAITING_FULFILMENT
    if payment.balance != NOTHING:
        moved = change_order(connection, order, target, money=payment.balance, now=journal.now)
        if moved is None:
            raise state_conflict(order)
    note_begun(connection, journal, order, payment, after=target)
    if payment.status in SETTLED:
        paid = paid_so_far(payment, hooks=hooks)
        commit(connection, order_id=order.id, paid=paid, now=journal.now)
    return payment


def _asked(order: OrderHead, payment: Payment, wish: PayWish) -> Asked:
    return Asked(
        payment=payment,
        order_number=order.number,
        email=order.email,
        token=wish.payment_token,
    )


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
