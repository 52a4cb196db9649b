"""Tries again to give back what a refund failed to: by its payments' gateways, or by hand."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, func, select, update

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.errors import Rejected, refuse
from storeql.hooks import Hooks
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import OrderHead, hold_order
from storeql.orders.payments.ask_gateway import due_movements, move_money
from storeql.orders.payments.asked import AskedMovement
from storeql.orders.payments.attempts import attempts_of
from storeql.orders.payments.change import note_money
from storeql.orders.payments.movements import refuse_endless
from storeql.orders.refunds.create import Created
from storeql.orders.refunds.left import take_lines, what_is_left
from storeql.orders.refunds.shares import shares_of
from storeql.orders.refunds.start import begin_shares, lines_changed, take_money
from storeql.orders.refunds.states import RefundState
from storeql.orders.refunds.tables import refund_lines, refunds

MUTATION = "orderRefundRetry"

_refund = refunds.c
_ORDER_OF = statement(select(_refund.order_id).where(_refund.id == bindparam("id")))
_REFUND = statement(
    select(
        _refund.state,
        _refund.failed_minor,
        select(func.count())
        .where(refund_lines.c.refund_id == _refund.id)
        .correlate(refunds)
        .scalar_subquery(),
    ).where(_refund.id == bindparam("id"))
)
_OPEN_AGAIN = statement(
    update(refunds)
    .where(_refund.id == bindparam("b_id"), _refund.failed_minor == bindparam("seen"))
    .values(failed_minor=0, state=RefundState.PENDING.value, updated_at=bindparam("now"))
)


class RetryWish(Struct, frozen=True, kw_only=True):
    """A refund to try again; `by_hand` where people give the money back themselves."""

    refund_id: int
    idempotency_key: str
    by_hand: bool = False


def retry_refund(write: Write, wish: RetryWish, *, actor: Actor, hooks: Hooks, now: int) -> Created:
    """The refund, what had failed of it asked for under a new key.

    Raises Rejected (REFUND_NOT_FAILED) when nothing had, and as `start_refund` does when what
    failed has gone back otherwise since.
    """
    order_id, asked = recorded(
        write,
        lambda connection, journal: _retry(
            connection, wish, journal=journal, actor=actor, hooks=hooks
        ),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    move_money(write, asked, hooks=hooks, actor=actor.key, now=now)
    return Created(refund_id=wish.refund_id, order_id=order_id)


def _retry(
    connection: Connection, wish: RetryWish, *, journal: Journal, actor: Actor, hooks: Hooks
) -> tuple[int, Sequence[AskedMovement]]:
    order_id = connection.scalar(_ORDER_OF, id=wish.refund_id)
    if order_id is None:
        raise refuse("REFUND_NOT_FOUND", "There is no such refund.", "refundId")
    order = hold_order(connection, order_id, actor=actor)
    key = key_of(actor, MUTATION, wish.idempotency_key, wish)
    if object_of(connection, key) is not None:
        return order_id, due_movements(connection, order)
    failed = _open_again(connection, order, wish.refund_id, now=journal.now)
    order = take_money(connection, order, failed, now=journal.now)
    shares = shares_of(failed, attempts_of(connection, order.id), hooks.gateways)
    for share in shares:
        refuse_endless(share.payment)
    if wish.by_hand:
        shares = [msgspec.structs.replace(share, is_by_hand=True) for share in shares]
    asked = begin_shares(connection, order, shares, wish.refund_id, now=journal.now)
    keep_key(connection, key, object_id=wish.refund_id, now=journal.now)
    note_money(journal, order, "REFUND_STARTED", refund=wish.refund_id)
    return order_id, asked


def _open_again(connection: Connection, order: OrderHead, refund_id: int, *, now: int) -> int:
    """What of the refund had failed; its lines count as gone again."""
    row = connection.one(_REFUND, id=refund_id)
    assert row is not None
    state, failed, lines = row
    if not failed or not connection.run(_OPEN_AGAIN, b_id=refund_id, seen=failed, now=now):
        message = "All of the refund is back or on its way."
        raise refuse("REFUND_NOT_FAILED", message, "refundId")
    if state == RefundState.FAILED.value:
        taken = take_lines(connection, refund_id, order_id=order.id, lines=lines)
        if not taken or what_is_left(connection, order.id).shipping_minor < 0:
            raise Rejected([lines_changed()])
    return int(failed)
