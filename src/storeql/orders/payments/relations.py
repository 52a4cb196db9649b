"""Reads the payments of orders and the movements of their money, one statement per relation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, select

from storeql.db import Connection, Selection, any_of, statement
from storeql.orders.payments.records import MoneyMovement
from storeql.orders.payments.states import MovementKind, PaymentState, authorization_state
from storeql.orders.payments.tables import money_movements
from storeql.orders.records import OrderPayment
from storeql.orders.tables import payments

_payment, _movement = payments.c, money_movements.c

PAYMENT_NAMES = tuple(name for name in OrderPayment.__struct_fields__ if name != "movements")
_PAYMENTS = statement(
    select(*(_payment[name] for name in PAYMENT_NAMES), _payment.due_at, _payment.asks)
    .where(any_of(_payment.order_id, "ids"))
    .order_by(_payment.id)
)
_MOVEMENT_NAMES = MoneyMovement.__struct_fields__
_MOVEMENT_COLUMNS: tuple[ColumnElement[Any], ...] = tuple(
    _payment.currency if name == "currency" else _movement[name] for name in _MOVEMENT_NAMES
)
_MOVEMENTS = select(*_MOVEMENT_COLUMNS).join(payments, _payment.id == _movement.payment_id)
_OF_ORDERS = statement(_MOVEMENTS.where(any_of(_movement.order_id, "ids")).order_by(_movement.id))


def load_payments(
    connection: Connection, ids: Sequence[int], wanted: Selection
) -> dict[int, list[OrderPayment]]:
    """The attempts to pay orders, the first one first, with the movements that are wanted."""
    rows = connection.rows(_PAYMENTS, ids=ids)
    steps: dict[int, list[MoneyMovement]] = defaultdict(list)
    if wanted.of("payments").wants("movements"):
        for step in load_movements(connection, ids):
            steps[step.payment_id].append(step)
    found: dict[int, list[OrderPayment]] = defaultdict(list)
    for *values, due_at, asks in rows:
        payment = OrderPayment(**dict(zip(PAYMENT_NAMES, values, strict=True)))
        movements = (authorization_of(payment, due_at=due_at, asks=asks), *steps[payment.id])
        found[payment.order_id].append(msgspec.structs.replace(payment, movements=movements))
    return found


def load_movements(connection: Connection, ids: Sequence[int]) -> list[MoneyMovement]:
    """What happened to the money of orders after it was authorized, the oldest step first."""
    return [movement_of(row) for row in connection.rows(_OF_ORDERS, ids=ids)]


def movement_of(row: Sequence[Any]) -> MoneyMovement:
    """The record of a row with the columns of a movement."""
    values = dict(zip(_MOVEMENT_NAMES, row, strict=True))
    return MoneyMovement(**values | {"is_by_hand": bool(values["is_by_hand"])})


def authorization_of(payment: OrderPayment, *, due_at: int | None, asks: int) -> MoneyMovement:
    """The attempt as the first step of its money."""
    was_held = payment.authorized_at is not None
    state = authorization_state(PaymentState(payment.status), was_held=was_held)
    return MoneyMovement(
        id=payment.id,
        order_id=payment.order_id,
        payment_id=payment.id,
        refund_id=None,
        kind=MovementKind.AUTHORIZE.value,
        state=state.value,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        key=payment.reference,
        gateway_reference=payment.gateway_reference,
        message=payment.message,
        is_by_hand=False,
        due_at=due_at,
        asks=asks,
        created_at=payment.created_at,
        updated_at=payment.authorized_at or payment.updated_at,
    )
