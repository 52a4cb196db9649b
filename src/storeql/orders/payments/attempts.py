"""Attempts to pay an order: one row each, named by a reference the gateway is asked under."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, insert, select, update

from storeql.db import Connection, statement
from storeql.hooks import PaymentResult
from storeql.orders.payments.states import PaymentState
from storeql.orders.tables import payments

LONGEST_MESSAGE = 500
LONGEST_REFERENCE = 128

_payment = payments.c
PAYMENT_COLUMNS = (
    _payment.id,
    _payment.order_id,
    _payment.gateway,
    _payment.status,
    _payment.amount_minor,
    _payment.currency,
    _payment.reference,
    _payment.gateway_reference,
    _payment.message,
)
_OF_ORDER = statement(
    select(*PAYMENT_COLUMNS).where(_payment.order_id == bindparam("order_id")).order_by(_payment.id)
)
_BEGIN = statement(
    insert(payments)
    .values(
        {
            column.name: bindparam(column.name)
            for column in (*PAYMENT_COLUMNS[1:], _payment.created_at, _payment.updated_at)
        }
    )
    .returning(_payment.id)
)
_SAVE = statement(
    update(payments)
    .where(_payment.id == bindparam("b_id"), _payment.status == bindparam("seen"))
    .values(
        status=bindparam("new_status"),
        gateway_reference=bindparam("new_reference"),
        message=bindparam("new_message"),
        updated_at=bindparam("now"),
    )
)


class Payment(Struct, frozen=True, kw_only=True):
    """One attempt to pay an order.

    `reference` is the shop's name for it: asking a gateway twice under it is asking once.
    """

    id: int
    order_id: int
    gateway: str
    status: PaymentState
    amount_minor: int
    currency: str
    reference: str
    gateway_reference: str = ""
    message: str = ""


def attempts_of(connection: Connection, order_id: int) -> list[Payment]:
    """All attempts to pay the order, the first one first."""
    return [payment_of_row(row) for row in connection.rows(_OF_ORDER, order_id=order_id)]


def new_attempt(
    order_number: str, attempt: int, *, gateway: str, amount_minor: int, currency: str
) -> Payment:
    """An attempt that is not written yet; `attempt` counts from 1."""
    return Payment(
        id=0,
        order_id=0,
        gateway=gateway,
        status=PaymentState.PENDING,
        amount_minor=amount_minor,
        currency=currency,
        reference=f"{order_number}-{attempt}",
    )


def answered(payment: Payment, result: PaymentResult, status: PaymentState) -> Payment:
    """The attempt with a gateway's answer in it."""
    return msgspec.structs.replace(
        payment,
        status=status,
        gateway_reference=(result.reference or payment.gateway_reference)[:LONGEST_REFERENCE],
        message=result.message[:LONGEST_MESSAGE],
    )


def with_status(payment: Payment, status: PaymentState) -> Payment:
    """The attempt in another state."""
    return msgspec.structs.replace(payment, status=status)


def begin_attempt(connection: Connection, payment: Payment, *, order_id: int, now: int) -> Payment:
    """Writes a new attempt at an order."""
    row_id = connection.scalar(
        _BEGIN,
        order_id=order_id,
        gateway=payment.gateway,
        status=payment.status.value,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        reference=payment.reference,
        gateway_reference=payment.gateway_reference,
        message=payment.message,
        created_at=now,
        updated_at=now,
    )
    return msgspec.structs.replace(payment, id=row_id, order_id=order_id)


def save_attempt(connection: Connection, after: Payment, *, before: Payment, now: int) -> bool:
    """Writes what became of an attempt; False when that is nothing new."""
    if after == before:
        return False
    changed = connection.run(
        _SAVE,
        b_id=after.id,
        seen=before.status.value,
        new_status=after.status.value,
        new_reference=after.gateway_reference,
        new_message=after.message,
        now=now,
    )
    return changed == 1


def payment_data(payment: Payment) -> dict[str, Any]:
    """What an entry of the order's log says of an attempt."""
    return {
        "reference": payment.reference,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
    }


def payment_of_row(row: tuple[Any, ...]) -> Payment:
    """The record of a row with PAYMENT_COLUMNS."""
    row_id, order_id, gateway, status, amount_minor, currency, reference, theirs, message = row
    return Payment(
        id=row_id,
        order_id=order_id,
        gateway=gateway,
        status=PaymentState(status),
        amount_minor=amount_minor,
        currency=currency,
        reference=reference,
        gateway_reference=theirs,
        message=message,
    )
