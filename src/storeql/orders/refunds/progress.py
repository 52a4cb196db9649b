"""Counts what came of a refund's money as its steps are answered, and says when it is over."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from storeql.db import Connection, statement
from storeql.orders.journal import Journal
from storeql.orders.order_rows import OrderHead
from storeql.orders.payments.change import note_money
from storeql.orders.payments.movements import Movement
from storeql.orders.payments.states import MovementState
from storeql.orders.refunds.left import give_lines_back
from storeql.orders.refunds.states import QUIET, RefundCause, RefundState, state_of
from storeql.orders.refunds.tables import refunds

_refund = refunds.c
_COUNT = statement(
    update(refunds)
    .where(_refund.id == bindparam("b_id"))
    .values(
        refunded_minor=_refund.refunded_minor + bindparam("back"),
        failed_minor=_refund.failed_minor + bindparam("failed"),
        updated_at=bindparam("now"),
    )
    .returning(_refund.amount_minor, _refund.refunded_minor, _refund.failed_minor, _refund.cause)
)
_SETTLE = statement(
    update(refunds).where(_refund.id == bindparam("b_id")).values(state=bindparam("new_state"))
)


def step_ended(
    connection: Connection, journal: Journal, *, order: OrderHead, step: Movement
) -> None:
    """Counts a step of a refund, of a held order, that was answered for good."""
    assert step.refund_id is not None
    is_back = step.state is MovementState.SUCCEEDED
    row = connection.one(
        _COUNT,
        b_id=step.refund_id,
        back=step.amount_minor if is_back else 0,
        failed=0 if is_back else step.amount_minor,
        now=journal.now,
    )
    assert row is not None
    amount, back, failed, cause = row
    state = state_of(amount_minor=amount, refunded_minor=back, failed_minor=failed)
    if state is RefundState.PENDING:
        return
    connection.run(_SETTLE, b_id=step.refund_id, new_state=state.value)
    if state is RefundState.FAILED:
        give_lines_back(connection, step.refund_id)
    if state is not RefundState.SUCCEEDED or RefundCause(cause) not in QUIET:
        note_money(journal, order, f"REFUND_{state.value}", refund=step.refund_id)
