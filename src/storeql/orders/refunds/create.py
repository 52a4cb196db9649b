"""Gives money of an order back because staff decided it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import refuse
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import OrderHead, hold_order
from storeql.orders.payments.ask_gateway import due_movements, move_money
from storeql.orders.payments.asked import AskedMovement
from storeql.orders.refunds.split import Split, SplitLine
from storeql.orders.refunds.start import start_refund
from storeql.orders.refunds.states import RefundCause

MUTATION = "orderRefundCreate"
LONGEST_REASON = 500


class RefundWish(Struct, frozen=True, kw_only=True):
    """Money to give back, in minor units of `currency`.

    What `lines` and `shipping_minor` do not make up of the amount is for no part of the order.
    Without `payment_ids` it comes from the order's payments, the oldest first.
    """

    order_id: int
    amount_minor: int
    currency: str
    idempotency_key: str
    lines: Sequence[SplitLine] = ()
    shipping_minor: int = 0
    reason: str = ""
    payment_ids: Sequence[int] | None = None


class Created(Struct, frozen=True, kw_only=True):
    """A refund and its order, by row number."""

    refund_id: int
    order_id: int


def create_refund(
    write: Write, wish: RefundWish, *, actor: Actor, hooks: Hooks, now: int
) -> Created:
    """The refund, its gateways asked and their answers written.

    With a key that was used before nothing goes back again, but what is not answered is asked for
    again. Raises Rejected as `start_refund` does.
    """
    refund_id, asked = recorded(
        write,
        lambda connection, journal: _create(
            connection, wish, journal=journal, actor=actor, hooks=hooks
        ),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    move_money(write, asked, hooks=hooks, actor=actor.key, now=now)
    return Created(refund_id=refund_id, order_id=wish.order_id)


def _create(
    connection: Connection, wish: RefundWish, *, journal: Journal, actor: Actor, hooks: Hooks
) -> tuple[int, Sequence[AskedMovement]]:
    reason = _reason(wish)
    order = hold_order(connection, wish.order_id, actor=actor)
    key = key_of(actor, MUTATION, wish.idempotency_key, wish)
    before = object_of(connection, key)
    if before is not None:
        return before, due_movements(connection, order)
    started = start_refund(
        connection,
        journal,
        order=order,
        split=_split(order, wish),
        cause=RefundCause.STAFF,
        reason=reason,
        payment_ids=wish.payment_ids,
        hooks=hooks,
    )
    keep_key(connection, key, object_id=started.refund_id, now=journal.now)
    return started.refund_id, started.asked


def _split(order: OrderHead, wish: RefundWish) -> Split:
    if wish.currency != order.currency:
        message = f"The order is in {order.currency}."
        raise refuse("CURRENCY_MISMATCH", message, "amount", "currency")
    parts = Split(lines=wish.lines, shipping_minor=wish.shipping_minor)
    return Split(
        lines=wish.lines,
        shipping_minor=wish.shipping_minor,
        adjustment_minor=wish.amount_minor - parts.amount_minor,
    )


def _reason(wish: RefundWish) -> str:
    fields = Fields()
    reason = fields.line("reason", wish.reason, most=LONGEST_REASON, required=False)
    fields.refuse_problems()
    return reason
