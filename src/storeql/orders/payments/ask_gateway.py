"""Asks gateways with no transaction open, and writes their answers in transactions of their own.

If the process dies between the two, the attempt keeps its state and is asked about again under
the same key: for a gateway that is asking once.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.customers.write import Write
from storeql.hooks import GatewayStep, Hooks, PaymentRequest, PaymentResult
from storeql.orders.journal import recorded
from storeql.orders.payments.answer import record_answer
from storeql.orders.payments.attempts import Payment
from storeql.orders.payments.states import PaymentState
from storeql.pricing.currencies import exponent_of

DUE: dict[PaymentState, GatewayStep] = {
    PaymentState.VOID_DUE: "void",
    PaymentState.REFUND_DUE: "refund",
}


class Asked(Struct, frozen=True, kw_only=True):
    """An attempt that its gateway has to be asked about; `token` comes from the buyer."""

    payment: Payment
    order_number: str
    email: str
    token: str = ""


def settle(write: Write, asked: Asked, *, hooks: Hooks, actor: str, now: int) -> Payment:
    """The attempt after its gateway was asked for the money, or how far it is with it.

    Raises Rejected when there is no such gateway any more.
    """
    gateway = hooks.gateways.get(asked.payment.gateway)
    can_check = gateway is not None and gateway.check is not None
    is_known = can_check and bool(asked.payment.gateway_reference)
    step: GatewayStep = "check" if is_known else "authorize"
    result = hooks.ask_gateway(asked.payment.gateway, step, request_for(asked, step))
    settled = answer(write, asked.payment.reference, result, hooks=hooks, actor=actor, now=now)
    back = [Asked(payment=settled, order_number=asked.order_number, email=asked.email)]
    return return_money(write, back, hooks=hooks, actor=actor, now=now)[0]


def return_money(
    write: Write, asked: Sequence[Asked], *, hooks: Hooks, actor: str, now: int
) -> list[Payment]:
    """The attempts after their gateways let go of what is due; what one cannot do stays due."""
    after: list[Payment] = []
    for one in asked:
        payment, step = one.payment, DUE.get(one.payment.status)
        gateway = hooks.gateways.get(payment.gateway)
        if step is not None and gateway is not None and getattr(gateway, step) is not None:
            result = hooks.ask_gateway(payment.gateway, step, request_for(one, step))
            payment = answer(write, payment.reference, result, hooks=hooks, actor=actor, now=now)
        after.append(payment)
    return after


def answer(
    write: Write, reference: str, result: PaymentResult, *, hooks: Hooks, actor: str, now: int
) -> Payment:
    """Writes a gateway's answer, whoever brings it: the shop that asked, or a callback."""
    return recorded(
        write,
        lambda connection, journal: record_answer(
            connection, journal, reference=reference, result=result
        ),
        hooks=hooks,
        actor=actor,
        now=now,
    )


def request_for(asked: Asked, step: GatewayStep) -> PaymentRequest:
    """What a gateway is told; each step has a key of its own."""
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
