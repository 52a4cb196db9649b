"""Notes that staff saw the money of a payment that no gateway answers for: cash, or a transfer."""

from __future__ import annotations

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import refuse
from storeql.hooks import Hooks, PaymentResult, PaymentStatus
from storeql.inputs import Fields
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import hold_order
from storeql.orders.payments.answer import apply_answer
from storeql.orders.payments.attempts import LONGEST_MESSAGE, attempts_of
from storeql.orders.payments.states import PaymentState

AWAITED = frozenset({PaymentState.PENDING, PaymentState.AUTHORIZED})


def mark_paid(
    write: Write, order_id: int, *, note: str = "", actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the order, paid; done twice, the second changes nothing.

    Raises Rejected (PAYMENT_NOT_MANUAL) when no money of this kind is awaited.
    """
    fields = Fields()
    seen = fields.line("note", note, most=LONGEST_MESSAGE, required=False)
    fields.refuse_problems()
    recorded(
        write,
        lambda connection, journal: _mark(
            connection, order_id, seen, journal=journal, actor=actor, hooks=hooks
        ),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    return order_id


def _mark(
    connection: Connection,
    order_id: int,
    note: str,
    *,
    journal: Journal,
    actor: Actor,
    hooks: Hooks,
) -> None:
    order = hold_order(connection, order_id, actor=actor)
    attempts = attempts_of(connection, order_id)
    manual = [one for one in attempts if _is_manual(one.gateway, hooks)]
    awaited = [one for one in manual if one.status in AWAITED]
    if awaited:
        paid = PaymentResult(status=PaymentStatus.CAPTURED, message=note)
        payment = awaited[-1]
        apply_answer(connection, journal, order=order, payment=payment, result=paid, hooks=hooks)
    elif not any(one.status is PaymentState.CAPTURED for one in manual):
        message = "No cash or transfer is awaited for this order."
        raise refuse("PAYMENT_NOT_MANUAL", message, "orderId")


def _is_manual(gateway: str, hooks: Hooks) -> bool:
    known = hooks.gateways.get(gateway)
    return known is not None and known.offline
