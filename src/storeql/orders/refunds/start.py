"""Starts to give money back: never more than was taken, whoever else asks at the same moment.

It runs in the transaction that decides on the refund. Gateways are asked once that is committed,
see `payments.ask_gateway.move_money`; a process that dies in between loses nothing, since the
steps are written and are asked for again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct
from sqlalchemy import bindparam, insert

from storeql.db import Connection, statement
from storeql.errors import Problem, Rejected
from storeql.hooks import Hooks
from storeql.orders.balance import Balance
from storeql.orders.journal import Journal
from storeql.orders.order_rows import OrderHead, change_order
from storeql.orders.payments.asked import AskedMovement, asked_for
from storeql.orders.payments.attempts import Payment, attempts_of, save_attempt
from storeql.orders.payments.change import Outdated, note_money
from storeql.orders.payments.movements import begin_movements, refuse_endless
from storeql.orders.refunds.check import problems_of, too_large
from storeql.orders.refunds.left import take_lines
from storeql.orders.refunds.shares import Share, begin_return, shares_of
from storeql.orders.refunds.split import Split
from storeql.orders.refunds.states import QUIET, RefundCause, RefundState
from storeql.orders.refunds.tables import refund_lines, refunds

_BEGIN = statement(
    insert(refunds)
    .values(
        {
            name: bindparam(name)
            for name in (
                "order_id",
                "state",
                "cause",
                "reason",
                "actor",
                "amount_minor",
                "shipping_minor",
                "adjustment_minor",
                "created_at",
                "updated_at",
            )
        }
    )
    .returning(refunds.c.id)
)
_LINES = statement(insert(refund_lines), "refund_id", "order_line_id", "quantity", "amount_minor")


class StartedRefund(Struct, frozen=True, kw_only=True):
    """A refund that is written; `asked` is what gateways are asked for once it is committed."""

    refund_id: int
    order: OrderHead
    asked: Sequence[AskedMovement]


def start_refund(
    connection: Connection,
    journal: Journal,
    *,
    order: OrderHead,
    split: Split,
    cause: RefundCause,
    reason: str = "",
    payment_ids: Collection[int] | None = None,
    hooks: Hooks,
) -> StartedRefund:
    """A refund of a held order, made up as `split` says; from these payments when named.

    Raises Rejected with all that is wrong with the split: RefundTooLarge with what is left of the
    order or its delivery, RefundLineTooLarge with what is left of a line.
    """
    amount = split.amount_minor
    problems = problems_of(connection, order, split)
    payments = _payments(connection, order, payment_ids)
    shares = shares_of(amount, payments, hooks.gateways)
    if not problems and sum(share.amount_minor for share in shares) < amount:
        problems = [too_large(order, sum(one.refundable_minor for one in payments), "amount")]
    if problems:
        raise Rejected(problems)
    if cause not in QUIET:
        for share in shares:
            refuse_endless(share.payment)
    order = take_money(connection, order, amount, now=journal.now)
    refund_id = _write(connection, journal, order, split, cause=cause, reason=reason)
    asked = begin_shares(connection, order, shares, refund_id, now=journal.now)
    if cause not in QUIET:
        note_money(journal, order, "REFUND_STARTED", refund=refund_id, reason=reason)
    return StartedRefund(refund_id=refund_id, order=order, asked=asked)


def take_money(
    connection: Connection, order: OrderHead, amount_minor: int, *, now: int
) -> OrderHead:
    """The order with so much more on its way back; raises Rejected (RefundTooLarge).

    One UPDATE decides, whatever was read before: refunds never come to more than was taken.
    """
    returning = Balance(returning_minor=amount_minor)
    changed = change_order(connection, order, order.state, money=returning, now=now)
    if changed is None:
        raise Rejected([too_large(order, order.balance.refundable_minor, "amount")])
    return changed


def _payments(
    connection: Connection, order: OrderHead, payment_ids: Collection[int] | None
) -> list[Payment]:
    found = attempts_of(connection, order.id)
    return [one for one in found if payment_ids is None or one.id in payment_ids]


def _write(
    connection: Connection,
    journal: Journal,
    order: OrderHead,
    split: Split,
    *,
    cause: RefundCause,
    reason: str,
) -> int:
    refund_id: int = connection.scalar(
        _BEGIN,
        order_id=order.id,
        state=RefundState.PENDING.value,
        cause=cause.value,
        reason=reason,
        actor=journal.actor,
        amount_minor=split.amount_minor,
        shipping_minor=split.shipping_minor,
        adjustment_minor=split.adjustment_minor,
        created_at=journal.now,
        updated_at=journal.now,
    )
    rows = [
        {
            "refund_id": refund_id,
            "order_line_id": line.order_line_id,
            "quantity": line.quantity,
            "amount_minor": line.amount_minor,
        }
        for line in split.lines
    ]
    connection.run_many(_LINES, rows)
    if take_lines(connection, refund_id, order_id=order.id, lines=len(rows)):
        return refund_id
    raise Rejected([lines_changed()])


def lines_changed() -> Problem:
    """The refusal of parts of an order of which less is left than was read."""
    message = "What is left of the order has changed: look at it again."
    return Problem(code="ORDER_CHANGED", message=message, field=("lines",))


def begin_shares(
    connection: Connection,
    order: OrderHead,
    shares: Sequence[Share],
    refund_id: int,
    *,
    now: int,
) -> Sequence[AskedMovement]:
    """The steps that give the shares of a refund back, each from its payment."""
    begun, payments = [], []
    for share in shares:
        movement, after = begin_return(share, refund_id=refund_id, now=now)
        saved = save_attempt(connection, after, before=share.payment, now=now)
        if saved is None:
            raise Outdated
        begun.append(movement)
        payments.append(saved)
    begin_movements(connection, begun, now=now)
    return asked_for(order, payments, begun)
