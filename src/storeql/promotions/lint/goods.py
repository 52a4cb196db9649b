"""The goods that a promotion's scope holds in a channel, those with the least margin first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select

from storeql.catalog.prices.at_instant import PRICE_NOW
from storeql.catalog.prices.floors import floors_for
from storeql.catalog.prices.goods import PLACES, ids_in, in_channel
from storeql.catalog.tables import (
    categories,
    channels,
    collection_products,
    product_categories,
    product_tags,
    products,
    publications,
    stock_levels,
    variant_prices,
    variants,
)
from storeql.db import Connection, Statement, any_of, statement
from storeql.pricing import GiftItem, Line, Scope

MOST_GOODS = 100
"""Variants that a promotion is tried on in one channel."""

_stock = stock_levels.c
_price, _cost = PRICE_NOW, func.coalesce(variant_prices.c.cost_minor, 0)
_CHANNELS = statement(
    select(channels.c.id, channels.c.slug, channels.c.currency)
    .where(channels.c.is_active)
    .order_by(channels.c.id)
)


class Channel(Struct, frozen=True):
    """A channel that goods are sold in."""

    id: int
    slug: str
    currency: str


class Good(Struct, frozen=True):
    """One piece of a variant as a basket's line, and how many can be had."""

    line: Line
    name: str
    available: int

    def gift(self) -> GiftItem:
        """The variant as something that a promotion adds."""
        return GiftItem(
            variant_id=self.line.variant_id,
            product_id=self.line.product_id,
            name=self.name,
            price_minor=self.line.list_minor,
            sku=self.line.sku,
            cost_minor=self.line.cost_minor,
        )


def active_channels(connection: Connection) -> list[Channel]:
    """The channels that sell."""
    return [Channel(*row) for row in connection.rows(_CHANNELS)]


def goods_in(
    connection: Connection, scope: Scope, channel: Channel, *, now: int, guarded: bool
) -> tuple[list[Good], bool]:
    """Goods for sale in scope, least margin first, and whether these are all.

    One statement, and one for their floors where the shop has any (`guarded`).
    """
    include = scope.include
    named = {
        name: sorted(int(key) for key in getattr(include, name))
        for name in include.__struct_fields__
    }
    given = {name: ids for name, ids in named.items() if ids}
    found = connection.rows(_goods(tuple(given)), channel_id=channel.id, now=now, **given)
    goods = [good for row in found if scope.holds((good := _good(row)).line)]
    if guarded:
        goods = _guarded(connection, goods, channel)
    return goods, len(found) < MOST_GOODS


def _guarded(connection: Connection, goods: Sequence[Good], channel: Channel) -> list[Good]:
    floors = floors_for(connection, [good.line for good in goods], channel_id=channel.id)
    replace = msgspec.structs.replace
    return [
        replace(good, line=replace(good.line, floor_minor=floors.get(good.line.id, 0)))
        for good in goods
    ]


def goods_of(
    connection: Connection, variant_ids: tuple[str, ...], channel: Channel, *, now: int
) -> list[Good]:
    """These variants as far as they have a price in the channel; no statement for none."""
    if not variant_ids:
        return []
    ids = [int(key) for key in variant_ids]
    return [_good(row) for row in connection.rows(_NAMED, channel_id=channel.id, ids=ids, now=now)]


_COLUMNS = (
    variants.c.id,
    products.c.id,
    products.c.name,
    variants.c.name,
    variants.c.sku,
    _price,
    variant_prices.c.cost_minor,
    select(func.coalesce(func.sum(_stock.on_hand - _stock.reserved), 0))
    .where(_stock.variant_id == variants.c.id)
    .correlate(variants)
    .scalar_subquery(),
    *PLACES,
)
_NAMED = statement(
    select(*_COLUMNS)
    .select_from(in_channel(variants))
    .where(any_of(variants.c.id, "ids"), _price.is_not(None))
    .order_by(variants.c.id)
)


@lru_cache(maxsize=32)
def _goods(named: tuple[str, ...]) -> Statement:
    conditions = [_price.is_not(None), publications.c.published_at <= bindparam("now")]
    if named:
        conditions.append(or_(*(HOLDS[name] for name in named)))
    return statement(
        select(*_COLUMNS)
        .select_from(in_channel(variants))
        .where(and_(*conditions))
        .order_by((_cost * 10_000 // (_price + 1)).desc(), variants.c.id)
        .limit(MOST_GOODS)
    )


def _within(product: ColumnElement[int], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return products.c.id.in_(select(product).where(condition))


_below = categories.alias("below")
_CATEGORISED = products.c.id.in_(
    select(product_categories.c.product_id)
    .join(_below, _below.c.id == product_categories.c.category_id)
    .join(categories, _below.c.path.like(categories.c.path + "%"))
    .where(any_of(categories.c.id, "category_ids"))
)
HOLDS: dict[str, ColumnElement[bool]] = {
    "product_ids": any_of(products.c.id, "product_ids"),
    "variant_ids": any_of(variants.c.id, "variant_ids"),
    "category_ids": _CATEGORISED,
    "collection_ids": _within(
        collection_products.c.product_id,
        any_of(collection_products.c.collection_id, "collection_ids"),
    ),
    "tag_ids": _within(product_tags.c.product_id, any_of(product_tags.c.tag_id, "tag_ids")),
}


def _good(row: tuple[Any, ...]) -> Good:
    variant_id, product_id, product, variant, sku, price, cost, available, *places = row
    category_ids, collection_ids, tag_ids = map(ids_in, places)
    line = Line(
        id=str(variant_id),
        product_id=str(product_id),
        variant_id=str(variant_id),
        quantity=1,
        list_minor=price,
        sku=sku,
        cost_minor=cost,
        category_ids=category_ids,
        collection_ids=collection_ids,
        tag_ids=tag_ids,
    )
    return Good(line, f"{product} {variant}".strip(), int(available))
