"""Reads a cart's lines with all that their price and their showing need, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from storeql.carts.records import Cart, CartLine, LineInput
from storeql.carts.tables import cart_lines
from storeql.catalog.prices.goods import PLACES, PRICED, ids_in, in_channel, price_of
from storeql.catalog.tables import products, publications, variant_prices, variants
from storeql.db import Connection, any_of, statement

_GOODS = (
    products.c.id,
    variants.c.sku,
    variants.c.name,
    products.c.name,
    products.c.slug,
    variant_prices.c.cost_minor,
    publications.c.published_at,
    *PLACES,
    *PRICED,
)
_LINES = statement(
    select(cart_lines.c.id, cart_lines.c.variant_id, cart_lines.c.quantity, *_GOODS)
    .select_from(in_channel(cart_lines.join(variants, variants.c.id == cart_lines.c.variant_id)))
    .where(cart_lines.c.cart_id == bindparam("cart_id"))
    .order_by(cart_lines.c.id)
)

_VARIANTS = statement(
    select(variants.c.id, *_GOODS)
    .select_from(in_channel(variants))
    .where(any_of(variants.c.id, "variant_ids"))
)


def cart_lines_of(connection: Connection, cart: Cart, *, now: int) -> tuple[CartLine, ...]:
    """The cart's lines in the order they were added, available or not, at its buyer's prices."""
    rows = connection.rows(_LINES, cart_id=cart.id, channel_id=cart.channel_id, now=now)
    return tuple(_record(row, cart, now) for row in rows)


def lines_of_variants(
    connection: Connection, cart: Cart, wanted: Sequence[LineInput], *, now: int
) -> tuple[CartLine, ...]:
    """Lines that are in no table, in their order, numbered from 1; without unknown variants."""
    quantities = {line.variant_id: line.quantity for line in wanted}
    places = {variant_id: place for place, variant_id in enumerate(quantities, start=1)}
    rows = connection.rows(
        _VARIANTS, variant_ids=sorted(quantities), channel_id=cart.channel_id, now=now
    )
    lines = [
        _record((places[row[0]], row[0], quantities[row[0]], *row[1:]), cart, now) for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: line.id))


def _record(row: tuple[Any, ...], cart: Cart, now: int) -> CartLine:
    (
        row_id,
        variant_id,
        quantity,
        product_id,
        sku,
        variant_name,
        product_name,
        product_slug,
        cost_minor,
        published_at,
        category_paths,
        collection_ids,
        tag_ids,
        *priced,
    ) = row
    groups = cart.buyer.group_ids
    price_minor, source = price_of(priced, group_ids=groups, quantity=quantity, now=now)
    published = published_at is not None and published_at <= now
    return CartLine(
        id=row_id,
        variant_id=variant_id,
        quantity=quantity,
        product_id=product_id,
        sku=sku,
        variant_name=variant_name,
        product_name=product_name,
        product_slug=product_slug,
        price_minor=price_minor,
        price_source=source,
        cost_minor=cost_minor,
        is_available=cart.channel_is_active and published and price_minor is not None,
        currency=cart.currency,
        category_ids=ids_in(category_paths),
        collection_ids=ids_in(collection_ids),
        tag_ids=ids_in(tag_ids),
    )
