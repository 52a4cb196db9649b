"""What order reads return: flat frozen structs with row numbers and minor units.

Everything is as it was when the order was placed. Relations that were not asked for are empty;
columns that were not asked for hold None, whatever their type says, and are nobody's to read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from storeql.carts.price_records import AppliedDiscount, Explanation
from storeql.customers.address import Address
from storeql.customers.records import Customer
from storeql.orders.fulfilment.records import Fulfilment, OrderHold
from storeql.orders.payments.records import MoneyMovement
from storeql.orders.refunds.records import Refund


class OrderLine(Struct, frozen=True):
    """What was bought; amounts are for the whole line, `unit_list_minor` for one piece.

    `refunded_minor` and `refunded_quantity` are what refunds are about, those under way too.
    `is_gift` is as the engine stores it: SQLite knows 0 and 1. `price_source` is JSON of what made
    the list price, None for the channel's own.
    """

    id: int
    order_id: int
    product_id: int
    variant_id: int
    sku: str
    product_name: str
    variant_name: str
    quantity: int
    unit_list_minor: int
    list_minor: int
    discount_minor: int
    net_minor: int
    tax_minor: int
    refunded_minor: int
    refunded_quantity: int
    is_gift: bool | int
    price_source: str | None
    currency: str
    discounts: Sequence[AppliedDiscount] = ()


class OrderPayment(Struct, frozen=True, kw_only=True):
    """One attempt to pay; see `orders.payments.states` for its statuses and amounts."""

    id: int
    order_id: int
    gateway: str
    status: str
    amount_minor: int
    currency: str
    reference: str
    gateway_reference: str
    message: str
    authorized_minor: int
    claiming_minor: int
    captured_minor: int
    returning_minor: int
    refunded_minor: int
    authorized_at: int | None
    created_at: int
    updated_at: int
    movements: Sequence[MoneyMovement] = ()


class OrderEvent(Struct, frozen=True, kw_only=True):
    """An entry of the event log; `before` and `after` are states, equal when it stayed."""

    id: int
    order_id: int
    kind: str
    actor: str
    before: str
    after: str
    data: Mapping[str, Any]
    at: int


class Order(Struct, frozen=True):
    """An order; see `pricing.Totals` for what its amounts mean.

    `shipping_discounts` are those on the delivery, `trace` tells of every candidate promotion.
    `is_late`: something of it is in the house after `ship_by_at`.
    """

    id: int
    customer_id: int | None
    currency: str
    number: str
    state: str
    channel_id: int
    email: str
    phone: str
    name: str
    list_minor: int
    discount_minor: int
    gift_minor: int
    subtotal_minor: int
    shipping_list_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    delivery_method: str
    delivery_name: str
    payment_method: str
    placed_at: int
    updated_at: int
    version: int
    stacking_version: int
    fulfilment_status: str
    ship_by_at: int | None
    delivered_at: int | None
    completed_at: int | None
    payment_status: str
    authorized_minor: int
    captured_minor: int
    returning_minor: int
    refunded_minor: int
    address: Address | None = None
    trace: Sequence[Explanation] = ()
    customer: Customer | None = None
    shipping_discounts: Sequence[AppliedDiscount] = ()
    lines: Sequence[OrderLine] = ()
    payments: Sequence[OrderPayment] = ()
    events: Sequence[OrderEvent] = ()
    fulfilments: Sequence[Fulfilment] = ()
    holds: Sequence[OrderHold] = ()
    is_late: bool = False
    refunds: Sequence[Refund] = ()
