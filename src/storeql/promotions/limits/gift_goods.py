"""The variants that promotions may add to a cart, with what is left of them in the warehouses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, bindparam, cast, func, select

from storeql.catalog.prices.goods import price_of
from storeql.catalog.prices.offers import offers_in
from storeql.catalog.tables import products, stock_levels, variant_prices, variants
from storeql.db import any_of
from storeql.pricing import GiftItem

_stock = stock_levels.c
_channel: ColumnElement[int] = bindparam("channel_id", type_=BigInteger)

# What a read of such variants is made of; `goods_of` takes its rows.
NUMBERS: tuple[ColumnElement[Any], ...] = (
    variants.c.id,
    products.c.id,
    variant_prices.c.price_minor,
    variant_prices.c.cost_minor,
    cast(
        select(func.sum(_stock.on_hand - _stock.reserved))
        .where(_stock.variant_id == variants.c.id)
        .correlate(variants)
        .scalar_subquery(),
        BigInteger,
    ),
)
TEXTS: tuple[ColumnElement[Any], ...] = (
    products.c.name,
    variants.c.name,
    variants.c.sku,
    *offers_in(_channel),
)
GOODS = variants.join(products, products.c.id == variants.c.product_id).join(
    variant_prices, variant_prices.c.variant_id == variants.c.id
)
AMONG_GIFTS: tuple[ColumnElement[bool], ...] = (
    variant_prices.c.channel_id == _channel,
    any_of(variants.c.id, "gift_ids"),
)


class GiftGoods(NamedTuple):
    """The variants that have a price in the channel, and how many pieces can be had; both by
    variant id."""

    items: Mapping[str, GiftItem] = {}
    available: Mapping[str, int] = {}


def goods_of(rows: Iterable[tuple[Any, ...]], *, group_ids: Sequence[str], now: int) -> GiftGoods:
    """The goods of rows of `NUMBERS` and `TEXTS`, at what one piece costs a buyer of the groups."""
    items: dict[str, GiftItem] = {}
    available: dict[str, int] = {}
    for variant_id, product_id, regular_minor, cost_minor, left, *texts in rows:
        product, variant, sku, *offers = texts
        price_minor, source = price_of(
            (regular_minor, *offers), group_ids=group_ids, quantity=1, now=now
        )
        assert price_minor is not None
        key = str(variant_id)
        available[key] = left or 0
        items[key] = GiftItem(
            variant_id=key,
            product_id=str(product_id),
            name=f"{product} {variant}".strip(),
            price_minor=price_minor,
            sku=sku,
            cost_minor=cost_minor,
            price_source=source,
        )
    return GiftGoods(items, available)
