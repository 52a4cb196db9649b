"""Takes an order with one of its attempts to pay for a transaction."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.orders.order_rows import HEAD_COLUMNS, OrderHead, head_of_row
from storeql.orders.payments.attempts import PAYMENT_COLUMNS, Payment, payment_of_row
from storeql.orders.tables import orders, payments

_HELD = (
    select(*HEAD_COLUMNS, *PAYMENT_COLUMNS)
    .select_from(orders.join(payments, payments.c.order_id == orders.c.id))
    .with_for_update(key_share=True)
)
_BY_ID = statement(_HELD.where(payments.c.id == bindparam("value")))
_BY_REFERENCE = statement(_HELD.where(payments.c.reference == bindparam("value")))


def hold_payment(
    connection: Connection, *, id: int | None = None, reference: str = ""
) -> tuple[OrderHead, Payment]:
    """The order and its attempt with this row number or reference, nobody else's to change.

    Raises Rejected (PAYMENT_NOT_FOUND).
    """
    if id is not None:
        row = connection.one(_BY_ID, value=id)
    else:
        row = connection.one(_BY_REFERENCE, value=reference)
    if row is None:
        raise refuse("PAYMENT_NOT_FOUND", "There is no such payment.", "paymentId")
    width = len(HEAD_COLUMNS)
    return head_of_row(row[:width]), payment_of_row(row[width:])
