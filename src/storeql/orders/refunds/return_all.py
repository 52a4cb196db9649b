"""Starts to give back all that payments given up have taken, as one refund."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from storeql.db import Connection
from storeql.hooks import Hooks
from storeql.orders.journal import Journal
from storeql.orders.order_rows import OrderHead
from storeql.orders.payments.asked import AskedMovement
from storeql.orders.payments.attempts import attempts_of
from storeql.orders.refunds.left import what_is_left
from storeql.orders.refunds.split import Split, split_of_all
from storeql.orders.refunds.start import start_refund
from storeql.orders.refunds.states import RefundCause


def return_all(
    connection: Connection,
    journal: Journal,
    *,
    order: OrderHead,
    payment_ids: Collection[int],
    cause: RefundCause,
    hooks: Hooks,
) -> Sequence[AskedMovement]:
    """The steps that give back all that these payments of a held order took.

    Of an order that is cancelled it is for its lines and its delivery; money that came late is for
    nothing.
    """
    payments = [one for one in attempts_of(connection, order.id) if one.id in payment_ids]
    amount = sum(one.refundable_minor for one in payments)
    split = Split(adjustment_minor=amount)
    if cause is RefundCause.CANCELLATION:
        split = split_of_all(amount, what_is_left(connection, order.id))
    started = start_refund(
        connection,
        journal,
        order=order,
        split=split,
        cause=cause,
        payment_ids=payment_ids,
        hooks=hooks,
    )
    return started.asked
