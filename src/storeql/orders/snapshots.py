"""Reads orders as plugins are told of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import select

from storeql.catalog.tables import channels
from storeql.db import Connection, any_of, statement
from storeql.hooks import OrderLineSnapshot, OrderSnapshot
from storeql.orders.tables import discount_allocations, order_lines, orders
from storeql.pricing import Allocation, Funding, Lane
from storeql.pricing.currencies import exponent_of

_order, _line, _discount = orders.c, order_lines.c, discount_allocations.c

_ORDERS = statement(
    select(
        _order.id,
        _order.number,
        channels.c.slug,
        _order.currency,
        _order.state,
        _order.placed_at,
        _order.email,
        _order.customer_id,
        _order.payment_method,
        _order.delivery_method,
        _order.list_minor,
        _order.discount_minor,
        _order.shipping_minor,
        _order.tax_minor,
        _order.total_minor,
    )
    .join(channels, channels.c.id == _order.channel_id)
    .where(any_of(_order.id, "ids"))
)
_LINES = statement(
    select(
        _line.order_id,
        _line.product_id,
        _line.variant_id,
        _line.sku,
        _line.product_name,
        _line.quantity,
        _line.list_minor,
        _line.net_minor,
        _line.tax_minor,
        _line.is_gift,
    )
    .where(any_of(_line.order_id, "ids"))
    .order_by(_line.order_id, _line.position)
)
_DISCOUNTS = statement(
    select(
        _discount.order_id,
        _discount.promotion_id,
        _discount.promotion_version,
        _discount.lane,
        _discount.amount_minor,
        _discount.fundings,
        _discount.quantity,
    )
    .where(any_of(_discount.order_id, "ids"))
    .order_by(_discount.id)
)

_fundings = msgspec.json.Decoder(tuple[Funding, ...])


def order_snapshots(connection: Connection, ids: Sequence[int]) -> dict[int, OrderSnapshot]:
    """The orders by row number, in three statements; none when there are no ids."""
    if not ids:
        return {}
    lines: dict[int, list[OrderLineSnapshot]] = {}
    discounts: dict[int, list[Allocation]] = {}
    for order_id, *line in connection.rows(_LINES, ids=ids):
        lines.setdefault(order_id, []).append(_line_snapshot(*line))
    for order_id, *discount in connection.rows(_DISCOUNTS, ids=ids):
        discounts.setdefault(order_id, []).append(_allocation(*discount))
    return {
        row[0]: _snapshot(row, lines.get(row[0], []), discounts.get(row[0], []))
        for row in connection.rows(_ORDERS, ids=ids)
    }


def _line_snapshot(
    product_id: int,
    variant_id: int,
    sku: str,
    name: str,
    quantity: int,
    list_minor: int,
    net_minor: int,
    tax_minor: int,
    is_gift: bool,
) -> OrderLineSnapshot:
    return OrderLineSnapshot(
        product_id=str(product_id),
        variant_id=str(variant_id),
        sku=sku,
        name=name,
        quantity=quantity,
        list_minor=list_minor,
        net_minor=net_minor,
        tax_minor=tax_minor,
        is_gift=bool(is_gift),
    )


def _allocation(
    promotion_id: int, version: int, lane: str, amount_minor: int, fundings: str, quantity: int
) -> Allocation:
    return Allocation(
        promotion_id=str(promotion_id),
        version=version,
        lane=Lane(lane),
        amount_minor=amount_minor,
        funding=_fundings.decode(fundings),
        quantity=quantity,
    )


def _snapshot(
    row: tuple[Any, ...], lines: list[OrderLineSnapshot], discounts: list[Allocation]
) -> OrderSnapshot:
    (row_id, number, channel, currency, state, placed_at, email, customer_id, *rest) = row
    payment_method, delivery_method, list_minor, discount_minor, *sums = rest
    shipping_minor, tax_minor, total_minor = sums
    return OrderSnapshot(
        id=str(row_id),
        number=number,
        channel=channel,
        currency=currency,
        exponent=exponent_of(currency),
        state=state,
        placed_at=datetime.fromtimestamp(placed_at / 1000, UTC),
        email=email,
        customer_id=None if customer_id is None else str(customer_id),
        payment_method=payment_method,
        delivery_method=delivery_method,
        list_minor=list_minor,
        discount_minor=discount_minor,
        shipping_minor=shipping_minor,
        tax_minor=tax_minor,
        total_minor=total_minor,
        lines=tuple(lines),
        discounts=tuple(discounts),
    )
