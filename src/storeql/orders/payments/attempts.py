"""Attempts to pay an order: one row each, named by a reference the gateway is asked under.

A row says what its money comes to; each step of it is a row of `movements`.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, insert, select, update

from storeql.db import Connection, statement
from storeql.hooks import PaymentResult
from storeql.orders.balance import Balance
from storeql.orders.payments.states import OPEN, PaymentState
from storeql.orders.tables import payments

LONGEST_MESSAGE = 500
LONGEST_REFERENCE = 128

FIRST_PAUSE_MS = 60_000

_payment = payments.c
_NAMES = (
    "id",
    "order_id",
    "gateway",
    "status",
    "amount_minor",
    "currency",
    "reference",
    "gateway_reference",
    "message",
    "authorized_minor",
    "claiming_minor",
    "captured_minor",
    "returning_minor",
    "refunded_minor",
    "authorized_at",
    "due_at",
    "version",
)
PAYMENT_COLUMNS: tuple[ColumnElement[Any], ...] = tuple(payments.c[name] for name in _NAMES)
_OF_ORDER = statement(
    select(*PAYMENT_COLUMNS).where(_payment.order_id == bindparam("order_id")).order_by(_payment.id)
)
_WRITTEN = (*_NAMES[1:-1], "is_open", "created_at", "updated_at")
_BEGIN = statement(
    insert(payments).values({name: bindparam(name) for name in _WRITTEN}).returning(_payment.id)
)
_CHANGED = (*_NAMES[_NAMES.index("gateway_reference") : -1], "status", "is_open")
_SAVE = statement(
    update(payments)
    .where(_payment.id == bindparam("b_id"), _payment.version == bindparam("seen"))
    .values(
        {name: bindparam(f"new_{name}") for name in _CHANGED}
        | {"updated_at": bindparam("now"), "version": _payment.version + 1}
    )
)


class Payment(Struct, frozen=True, kw_only=True):
    """One attempt to pay an order; amounts in minor units.

    `reference` is the shop's name for it: asking a gateway twice under it is asking once.
    `authorized_minor` is held and not taken yet, `claiming_minor` of it is being taken or let go.
    Of `captured_minor`, which was taken, `returning_minor` is on its way back and `refunded_minor`
    is back. `due_at`: when the gateway is asked again how an unanswered attempt stands.
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
    authorized_minor: int = 0
    claiming_minor: int = 0
    captured_minor: int = 0
    returning_minor: int = 0
    refunded_minor: int = 0
    authorized_at: int | None = None
    due_at: int | None = None
    version: int = 1

    @property
    def capturable_minor(self) -> int:
        """What can still be taken, or let go."""
        return self.authorized_minor - self.claiming_minor

    @property
    def refundable_minor(self) -> int:
        """What can still be given back."""
        return self.captured_minor - self.returning_minor - self.refunded_minor

    @property
    def is_open(self) -> bool:
        """True while something of it has still to be answered, or to be done."""
        return self.status in OPEN or self.claiming_minor > 0 or self.returning_minor > 0

    @property
    def balance(self) -> Balance:
        """What it adds to its order's balance."""
        return Balance(
            authorized_minor=self.authorized_minor,
            captured_minor=self.captured_minor,
            returning_minor=self.returning_minor,
            refunded_minor=self.refunded_minor,
        )


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
    """The attempt with a gateway's answer to `authorize`, or to a question about it, in it."""
    held, taken = _amounts(payment, status)
    return msgspec.structs.replace(
        payment,
        status=status,
        gateway_reference=(result.reference or payment.gateway_reference)[:LONGEST_REFERENCE],
        message=result.message[:LONGEST_MESSAGE],
        authorized_minor=held,
        captured_minor=taken,
        due_at=payment.due_at if status is PaymentState.PENDING else None,
    )


def _amounts(payment: Payment, status: PaymentState) -> tuple[int, int]:
    """What is held and what was taken once the attempt has this status by an answer about it."""
    if status is payment.status:
        return payment.authorized_minor, payment.captured_minor
    if status in (PaymentState.AUTHORIZED, PaymentState.VOID_DUE):
        return payment.amount_minor, payment.captured_minor
    if status in (PaymentState.CAPTURED, PaymentState.REFUND_DUE):
        return 0, payment.captured_minor + (payment.authorized_minor or payment.amount_minor)
    return 0, payment.captured_minor


def with_status(payment: Payment, status: PaymentState) -> Payment:
    """The attempt in another state; one that waits for no answer is not asked about."""
    due_at = payment.due_at if status is PaymentState.PENDING else None
    return msgspec.structs.replace(payment, status=status, due_at=due_at)


def begin_attempt(connection: Connection, payment: Payment, *, order_id: int, now: int) -> Payment:
    """Writes a new attempt at an order."""
    begun = msgspec.structs.replace(payment, order_id=order_id, authorized_at=_since(payment, now))
    values = {name: getattr(begun, name) for name in _WRITTEN[:-2]} | {"status": begun.status.value}
    row_id = connection.scalar(_BEGIN, **values, created_at=now, updated_at=now)
    return msgspec.structs.replace(begun, id=row_id)


def save_attempt(
    connection: Connection, after: Payment, *, before: Payment, now: int
) -> Payment | None:
    """Writes what became of an attempt; None, and nothing is written, when it changed since."""
    after = msgspec.structs.replace(after, authorized_at=_since(after, now))
    values = {f"new_{name}": getattr(after, name) for name in _CHANGED}
    values["new_status"] = after.status.value
    if not connection.run(_SAVE, b_id=after.id, seen=before.version, now=now, **values):
        return None
    return msgspec.structs.replace(after, version=before.version + 1)


def _since(payment: Payment, now: int) -> int | None:
    """When the attempt first brought money, or a promise of it; None while it has not."""
    brought = payment.authorized_minor or payment.captured_minor
    return payment.authorized_at or (now if brought else None)


def payment_data(payment: Payment, amount_minor: int | None = None) -> dict[str, Any]:
    """What an entry of the order's log says of an attempt, or of so much of its money."""
    return {
        "reference": payment.reference,
        "amount_minor": payment.amount_minor if amount_minor is None else amount_minor,
        "currency": payment.currency,
    }


def payment_of_row(row: tuple[Any, ...]) -> Payment:
    """The record of a row with PAYMENT_COLUMNS."""
    values = dict(zip(_NAMES, row, strict=True))
    return Payment(**values | {"status": PaymentState(values["status"])})
