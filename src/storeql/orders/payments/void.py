"""Lets go of money that a gateway holds for an order and that will not be taken."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import refuse
from storeql.hooks import Hooks
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.journal import Journal, recorded
from storeql.orders.payments.ask_gateway import due_movements, move_money
from storeql.orders.payments.asked import AskedMovement, asked_for
from storeql.orders.payments.change import save_change
from storeql.orders.payments.hold import hold_payment
from storeql.orders.payments.let_go import begin_void
from storeql.orders.payments.movements import begin_movements

MUTATION = "paymentVoid"


class VoidWish(Struct, frozen=True, kw_only=True):
    """A payment whose money is to be let go, as far as it was not taken."""

    payment_id: int
    idempotency_key: str


def void_payment(write: Write, wish: VoidWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the order whose money was let go; it keeps its state.

    With a key that was used before nothing happens again, but what is not answered is asked for
    again. Raises Rejected when nothing is held, or the gateway cannot let go of it.
    """
    order_id, asked = recorded(
        write,
        lambda connection, journal: _void(
            connection, wish, journal=journal, actor=actor, hooks=hooks
        ),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    move_money(write, asked, hooks=hooks, actor=actor.key, now=now)
    return order_id


def _void(
    connection: Connection, wish: VoidWish, *, journal: Journal, actor: Actor, hooks: Hooks
) -> tuple[int, Sequence[AskedMovement]]:
    order, payment = hold_payment(connection, id=wish.payment_id)
    key = key_of(actor, MUTATION, wish.idempotency_key, wish)
    if object_of(connection, key) is not None:
        return order.id, due_movements(connection, order)
    gateway = hooks.gateways.get(payment.gateway)
    if gateway is None or gateway.void is None:
        raise refuse("GATEWAY_UNAVAILABLE", "The gateway cannot void.", "paymentId")
    if not payment.capturable_minor:
        raise refuse("NOTHING_TO_VOID", "Nothing is held that could be let go.", "paymentId")
    step, after = begin_void(payment, now=journal.now)
    order, after = save_change(connection, journal, order, before=payment, after=after)
    begin_movements(connection, [step], now=journal.now)
    keep_key(connection, key, object_id=payment.id, now=journal.now)
    return order.id, asked_for(order, [after], [step])
