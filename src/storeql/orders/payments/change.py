"""Writes what became of an attempt to pay, with what that means for its order's balance."""

from __future__ import annotations

from typing import Any

from storeql.db import Connection
from storeql.orders.balance import NAMES, NOTHING, Balance
from storeql.orders.journal import Journal
from storeql.orders.order_rows import OrderHead, change_order
from storeql.orders.payments.attempts import Payment, payment_data, save_attempt
from storeql.orders.payments.states import SETTLED
from storeql.orders.states import OrderState


class Outdated(Exception):
    """An order or an attempt changed since it was read: nothing of the transaction may stay."""


def save_change(
    connection: Connection,
    journal: Journal,
    order: OrderHead,
    *,
    before: Payment,
    after: Payment,
    is_noted: bool = True,
) -> tuple[OrderHead, Payment]:
    """The order and the attempt as they are written.

    An order that waits for its payment goes ahead once the attempt is settled. A new status is
    noted, unless whoever calls notes more than that. Raises Outdated when one of the two is not
    what was read; of a held order none is.
    """
    money, kind = _difference(before, after), f"PAYMENT_{after.status.value}"
    is_new = after.status is not before.status
    target = order.state
    if target is OrderState.PENDING_PAYMENT and after.status in SETTLED:
        target = OrderState.AWAITING_FULFILMENT
    changed: OrderHead | None = order
    if target is not order.state or money != NOTHING:
        changed = change_order(connection, order, target, money=money, now=journal.now)
    saved = save_attempt(connection, after, before=before, now=journal.now)
    if changed is None or saved is None:
        raise Outdated
    if is_new and is_noted:
        journal.note(
            order.id,
            kind,
            channel_id=order.channel_id,
            before=order.state.value,
            after=target.value,
            **payment_data(after),
        )
    return changed, saved


def note_money(journal: Journal, order: OrderHead, kind: str, **data: Any) -> None:
    """Notes something that leaves the order in its state."""
    state = order.state.value
    journal.note(order.id, kind, channel_id=order.channel_id, before=state, after=state, **data)


def _difference(before: Payment, after: Payment) -> Balance:
    old, new = before.balance, after.balance
    return Balance(**{name: getattr(new, name) - getattr(old, name) for name in NAMES})
