"""Takes money that a gateway holds for an order, all of it or a part."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import Rejected, refuse
from storeql.hooks import Hooks
from storeql.inputs import MOST_MINOR
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import OrderHead, state_conflict
from storeql.orders.payments.ask_gateway import due_movements, move_money
from storeql.orders.payments.asked import AskedMovement, asked_for
from storeql.orders.payments.attempts import Payment
from storeql.orders.payments.change import save_change
from storeql.orders.payments.hold import hold_payment
from storeql.orders.payments.movements import begin_movements, new_movement, refuse_endless
from storeql.orders.payments.problems import CaptureTooLarge
from storeql.orders.payments.states import SETTLED, MovementKind
from storeql.orders.states import OrderState

MUTATION = "paymentCapture"


class CaptureWish(Struct, frozen=True, kw_only=True):
    """Money to take of a payment; without an amount, all that is held. Minor units."""

    payment_id: int
    idempotency_key: str
    amount_minor: int | None = None
    currency: str | None = None


def capture_payment(
    write: Write, wish: CaptureWish, *, actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the order whose money was asked for.

    With a key that was used before nothing is taken again, but what is not answered is asked for
    again. Raises Rejected: CaptureTooLarge with what is left, or what the gateway cannot do.
    """
    order_id, asked = recorded(
        write,
        lambda connection, journal: _capture(
            connection, wish, journal=journal, actor=actor, hooks=hooks
        ),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    move_money(write, asked, hooks=hooks, actor=actor.key, now=now)
    return order_id


def begin_capture(
    connection: Connection,
    journal: Journal,
    *,
    order: OrderHead,
    payment: Payment,
    amount_minor: int,
) -> Sequence[AskedMovement]:
    """The step that takes this much of what a held payment holds; its gateway can do that."""
    step = new_movement(payment, MovementKind.CAPTURE, amount_minor, now=journal.now)
    claiming = payment.claiming_minor + amount_minor
    after = msgspec.structs.replace(payment, claiming_minor=claiming)
    order, after = save_change(connection, journal, order, before=payment, after=after)
    begin_movements(connection, [step], now=journal.now)
    return asked_for(order, [after], [step])


def _capture(
    connection: Connection, wish: CaptureWish, *, journal: Journal, actor: Actor, hooks: Hooks
) -> tuple[int, Sequence[AskedMovement]]:
    order, payment = hold_payment(connection, id=wish.payment_id)
    key = key_of(actor, MUTATION, wish.idempotency_key, wish)
    if object_of(connection, key) is not None:
        return order.id, due_movements(connection, order)
    amount = payment.capturable_minor if wish.amount_minor is None else wish.amount_minor
    _check(order, payment, wish, amount, hooks)
    keep_key(connection, key, object_id=payment.id, now=journal.now)
    return order.id, begin_capture(
        connection, journal, order=order, payment=payment, amount_minor=amount
    )


def _check(
    order: OrderHead, payment: Payment, wish: CaptureWish, amount: int, hooks: Hooks
) -> None:
    refuse_endless(payment)
    gateway = hooks.gateways.get(payment.gateway)
    if order.state is OrderState.CANCELLED:
        raise state_conflict(order)
    if wish.currency not in (None, payment.currency):
        message = f"The payment is in {payment.currency}."
        raise refuse("CURRENCY_MISMATCH", message, "amount", "currency")
    if gateway is not None and gateway.offline:
        message = "This money is not at a gateway: note it with `orderMarkPaid` once it has come."
        raise refuse("PAYMENT_MANUAL", message, "paymentId")
    if gateway is None or gateway.capture is None:
        raise refuse("GATEWAY_UNAVAILABLE", "The gateway cannot capture.", "paymentId")
    left = payment.capturable_minor if payment.status in SETTLED else 0
    if not 0 < amount <= min(left, MOST_MINOR):
        raise _too_much(payment, left)
    if amount != payment.authorized_minor and not gateway.in_parts:
        message = "This gateway takes all that it holds, or nothing."
        raise refuse("GATEWAY_TAKES_ALL", message, "amount")


def _too_much(payment: Payment, left: int) -> Rejected:
    message = "So much is not held any more." if left else "Nothing is held that could be taken."
    problem = CaptureTooLarge(
        message=message, field=("amount",), left_minor=left, currency=payment.currency
    )
    return Rejected([problem])
