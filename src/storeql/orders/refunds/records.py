"""What reads of refunds return: flat frozen structs with row numbers and minor units."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.orders.payments.records import MoneyMovement


class RefundLine(Struct, frozen=True, kw_only=True):
    """What a refund gives back for a line of the order."""

    refund_id: int
    order_line_id: int
    sku: str
    product_name: str
    quantity: int
    amount_minor: int
    currency: str


class Refund(Struct, frozen=True, kw_only=True):
    """Money of an order that goes back; see `refunds.states`.

    `amount_minor` is that of the lines, `shipping_minor` and `adjustment_minor` together;
    `refunded_minor` of it is back, `failed_minor` will not come unless it is tried again.
    """

    id: int
    order_id: int
    currency: str
    state: str
    cause: str
    reason: str
    actor: str
    amount_minor: int
    shipping_minor: int
    adjustment_minor: int
    refunded_minor: int
    failed_minor: int
    created_at: int
    updated_at: int
    lines: Sequence[RefundLine] = ()
    movements: Sequence[MoneyMovement] = ()
