"""What gateways are to be asked: attempts and steps with all that they are told of them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.hooks import GatewayStep, PaymentRequest
from storeql.orders.order_rows import OrderHead
from storeql.orders.payments.attempts import Payment
from storeql.orders.payments.movements import Movement
from storeql.pricing.currencies import exponent_of


class Asked(Struct, frozen=True, kw_only=True):
    """An attempt that its gateway has to be asked about; `token` comes from the buyer.

    `order` is the order as it was just written: while nobody changes it, an answer need not read
    it again.
    """

    payment: Payment
    order_number: str
    email: str
    token: str = ""
    order: OrderHead | None = None


class AskedMovement(Struct, frozen=True, kw_only=True):
    """A step of an attempt's money that its gateway has to be asked for."""

    movement: Movement
    payment: Payment
    order_number: str
    email: str


def asked_for(
    order: OrderHead, payments: Sequence[Payment], movements: Sequence[Movement]
) -> list[AskedMovement]:
    """The steps with the attempts, of the same order, that they belong to."""
    known = {payment.id: payment for payment in payments}
    return [
        AskedMovement(
            movement=one,
            payment=known[one.payment_id],
            order_number=order.number,
            email=order.email,
        )
        for one in movements
    ]


def request_for(asked: Asked, step: GatewayStep) -> PaymentRequest:
    """What a gateway is told when the money is asked for, or how an attempt stands."""
    payment = asked.payment
    return PaymentRequest(
        key=payment.reference if step == "authorize" else f"{payment.reference}:{step}",
        order_number=asked.order_number,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        exponent=exponent_of(payment.currency),
        reference=payment.gateway_reference,
        token=asked.token,
        email=asked.email,
    )


def request_to_move(asked: AskedMovement) -> PaymentRequest:
    """What a gateway is told of a step."""
    payment, movement = asked.payment, asked.movement
    return PaymentRequest(
        key=movement.key,
        order_number=asked.order_number,
        amount_minor=movement.amount_minor,
        currency=payment.currency,
        exponent=exponent_of(payment.currency),
        reference=payment.gateway_reference,
        email=asked.email,
    )
