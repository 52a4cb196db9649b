"""Asks gateways with no transaction open, and writes their answers in transactions of their own.

If the process dies between the two, attempt and step keep their states and are asked about again
under the same key: for a gateway that is asking once.
"""

from __future__ import annotations

from collections.abc import Sequence

from storeql.customers.write import Write
from storeql.db import Connection
from storeql.hooks import GatewayStep, Hooks, PaymentResult
from storeql.orders.journal import recorded
from storeql.orders.order_rows import OrderHead
from storeql.orders.payments.answer import Answered, apply_answer, record_answer
from storeql.orders.payments.asked import (
    Asked,
    AskedMovement,
    asked_for,
    request_for,
    request_to_move,
)
from storeql.orders.payments.attempts import Payment, attempts_of
from storeql.orders.payments.change import Outdated
from storeql.orders.payments.movement_answer import record_movement_answer
from storeql.orders.payments.movements import pending_movements
from storeql.orders.payments.states import MovementKind

STEPS: dict[MovementKind, GatewayStep] = {
    MovementKind.CAPTURE: "capture",
    MovementKind.VOID: "void",
    MovementKind.REFUND: "refund",
}
MOST_FOLLOWING = 4
"""How often an answer may begin another step before the rest is left to be asked for later."""


def settle(write: Write, asked: Asked, *, hooks: Hooks, actor: str, now: int) -> Payment:
    """The attempt after its gateway was asked for the money, or how far it is with it.

    Raises Rejected when there is no such gateway any more.
    """
    gateway = hooks.gateways.get(asked.payment.gateway)
    can_check = gateway is not None and gateway.check is not None
    is_known = can_check and bool(asked.payment.gateway_reference)
    step: GatewayStep = "check" if is_known else "authorize"
    result = hooks.ask_gateway(asked.payment.gateway, step, request_for(asked, step))
    answered = _answer(write, asked, result, hooks=hooks, actor=actor, now=now)
    if not answered.begun:
        return answered.payment
    return _go_on(write, answered, hooks=hooks, actor=actor, now=now)


def answer(
    write: Write, reference: str, result: PaymentResult, *, hooks: Hooks, actor: str, now: int
) -> Answered:
    """Writes what a gateway says of an attempt, whoever brings it: the shop, or a callback."""
    return recorded(
        write,
        lambda connection, journal: record_answer(
            connection, journal, reference=reference, result=result, hooks=hooks
        ),
        hooks=hooks,
        actor=actor,
        now=now,
    )


def move_money(
    write: Write, asked: Sequence[AskedMovement], *, hooks: Hooks, actor: str, now: int
) -> None:
    """Has gateways take, let go of or give back what is due, and writes their answers.

    What a gateway cannot do stays PENDING for people to do.
    """
    for one in asked:
        answered = move(write, one, hooks=hooks, actor=actor, now=now)
        if answered is not None and answered.begun:
            _go_on(write, answered, hooks=hooks, actor=actor, now=now)


def move(
    write: Write, asked: AskedMovement, *, hooks: Hooks, actor: str, now: int
) -> Answered | None:
    """What became of a step after its gateway was asked; None when the gateway cannot do it."""
    movement, payment = asked.movement, asked.payment
    step, gateway = STEPS[movement.kind], hooks.gateways.get(payment.gateway)
    if movement.is_by_hand or gateway is None or getattr(gateway, step) is None:
        return None
    result = hooks.ask_gateway(payment.gateway, step, request_to_move(asked))
    return answer_movement(write, movement.key, result, hooks=hooks, actor=actor, now=now)


def answer_movement(
    write: Write, key: str, result: PaymentResult, *, hooks: Hooks, actor: str, now: int
) -> Answered:
    """Writes what a gateway says of a step, whoever brings it."""
    return recorded(
        write,
        lambda connection, journal: record_movement_answer(
            connection, journal, key=key, result=result, hooks=hooks
        ),
        hooks=hooks,
        actor=actor,
        now=now,
    )


def due_movements(connection: Connection, order: OrderHead) -> list[AskedMovement]:
    """Every step of a held order's money that waits for its gateway."""
    waiting = pending_movements(connection, order.id)
    return asked_for(order, attempts_of(connection, order.id), waiting) if waiting else []


def _answer(
    write: Write, asked: Asked, result: PaymentResult, *, hooks: Hooks, actor: str, now: int
) -> Answered:
    """The answer written; without reading order and attempt again where nobody changed them."""
    order, payment = asked.order, asked.payment
    if order is not None:
        try:
            return recorded(
                write,
                lambda connection, journal: apply_answer(
                    connection, journal, order=order, payment=payment, result=result, hooks=hooks
                ),
                hooks=hooks,
                actor=actor,
                now=now,
            )
        except Outdated:
            pass
    return answer(write, payment.reference, result, hooks=hooks, actor=actor, now=now)


def _go_on(write: Write, answered: Answered, *, hooks: Hooks, actor: str, now: int) -> Payment:
    """The attempt after the steps that an answer began, and those that their answers begin."""
    waiting, payment = list(answered.begun), answered.payment
    for _ in range(MOST_FOLLOWING):
        if not waiting:
            break
        after = move(write, waiting.pop(0), hooks=hooks, actor=actor, now=now)
        if after is not None:
            payment = after.payment
            waiting += after.begun
    return payment
