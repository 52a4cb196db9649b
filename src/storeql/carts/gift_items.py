"""Reads the variants that a promotion may add to a cart, as the engine sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import bindparam, func, select

from storeql.catalog.tables import products, stock_levels, variant_prices, variants
from storeql.db import Connection, any_of, statement
from storeql.pricing import GiftItem, Remaining

NO_LIMITS = Remaining()

_stock = stock_levels.c
_GIFTS = statement(
    select(
        variants.c.id,
        products.c.id,
        products.c.name,
        variants.c.name,
        variants.c.sku,
        variant_prices.c.price_minor,
        variant_prices.c.cost_minor,
        select(func.sum(_stock.on_hand - _stock.reserved))
        .where(_stock.variant_id == variants.c.id)
        .correlate(variants)
        .scalar_subquery(),
    )
    .join(products, products.c.id == variants.c.product_id)
    .join(
        variant_prices,
        (variant_prices.c.variant_id == variants.c.id)
        & (variant_prices.c.channel_id == bindparam("channel_id")),
    )
    .where(any_of(variants.c.id, "ids"))
)


def gift_items(
    connection: Connection, channel_id: int, variant_ids: Sequence[str]
) -> tuple[Mapping[str, GiftItem], Mapping[str, int]]:
    """The variants that have a price in the channel, and how many pieces can be had.

    Both by variant id; no statement when there are none.
    """
    if not variant_ids:
        return {}, {}
    ids = sorted(map(int, variant_ids))
    rows = connection.rows(_GIFTS, channel_id=channel_id, ids=ids)
    items: dict[str, GiftItem] = {}
    available: dict[str, int] = {}
    for variant_id, product_id, product, variant, sku, price_minor, cost_minor, left in rows:
        key = str(variant_id)
        available[key] = left or 0
        items[key] = GiftItem(
            variant_id=key,
            product_id=str(product_id),
            name=f"{product} {variant}".strip(),
            price_minor=price_minor,
            sku=sku,
            cost_minor=cost_minor,
        )
    return items, available


def within_stock(
    remaining: Mapping[str, Remaining],
    giving: Mapping[str, Sequence[str]],
    available: Mapping[str, int],
) -> Mapping[str, Remaining]:
    """What is left of each promotion, with no more gifts and add-ons than the warehouses hold.

    `giving` names the variants that each promotion may add. One that cannot be delivered must not
    be promised: the order would be refused for it.
    """
    capped = {
        key: _capped(remaining.get(key, NO_LIMITS), variant_ids, available)
        for key, variant_ids in giving.items()
    }
    return {**remaining, **capped}


def _capped(left: Remaining, variant_ids: Sequence[str], available: Mapping[str, int]) -> Remaining:
    stock = {}
    for variant_id in variant_ids:
        there = available.get(variant_id, 0)
        stock[variant_id] = max(0, min(left.gift_stock.get(variant_id, there), there))
    return msgspec.structs.replace(left, gift_stock=stock)
