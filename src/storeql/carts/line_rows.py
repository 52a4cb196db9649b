"""Reads a cart's lines with all that their price and their showing need, in one statement."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)

from storeql.carts.records import Cart, CartLine
from storeql.carts.tables import cart_lines
from storeql.catalog.tables import (
    categories,
    collection_products,
    product_categories,
    product_tags,
    products,
    publications,
    variant_prices,
    variants,
)
from storeql.db import Connection, statement


def _joined(column: ColumnElement[Any], source: FromClause, product: ColumnElement[int]) -> Any:
    """All values of a column for a line's product in one text: one row per line, not more."""
    # A bound separator would be put into the text late, together with the other values.
    texts = func.aggregate_strings(cast(column, String), literal_column("' '"))  # type: ignore[arg-type]
    return (
        select(texts)
        .select_from(source)
        .where(product == variants.c.product_id)
        .correlate(variants)
        .scalar_subquery()
    )


_NUMBER = re.compile("[0-9]+")
_LINES = statement(
    select(
        cart_lines.c.id,
        cart_lines.c.variant_id,
        cart_lines.c.quantity,
        products.c.id,
        variants.c.sku,
        variants.c.name,
        products.c.name,
        products.c.slug,
        variant_prices.c.price_minor,
        variant_prices.c.cost_minor,
        publications.c.published_at,
        _joined(
            categories.c.path,
            product_categories.join(
                categories, categories.c.id == product_categories.c.category_id
            ),
            product_categories.c.product_id,
        ),
        _joined(
            collection_products.c.collection_id,
            collection_products,
            collection_products.c.product_id,
        ),
        _joined(product_tags.c.tag_id, product_tags, product_tags.c.product_id),
    )
    .join(variants, variants.c.id == cart_lines.c.variant_id)
    .join(products, products.c.id == variants.c.product_id)
    .outerjoin(
        variant_prices,
        (variant_prices.c.variant_id == variants.c.id)
        & (variant_prices.c.channel_id == bindparam("channel_id")),
    )
    .outerjoin(
        publications,
        (publications.c.product_id == products.c.id)
        & (publications.c.channel_id == bindparam("channel_id")),
    )
    .where(cart_lines.c.cart_id == bindparam("cart_id"))
    .order_by(cart_lines.c.id)
)


def cart_lines_of(connection: Connection, cart: Cart, *, now: int) -> tuple[CartLine, ...]:
    """The cart's lines in the order they were added, available or not."""
    rows = connection.rows(_LINES, cart_id=cart.id, channel_id=cart.channel_id)
    return tuple(_record(row, cart.currency, now) for row in rows)


def _record(row: tuple[Any, ...], currency: str, now: int) -> CartLine:
    (
        row_id,
        variant_id,
        quantity,
        product_id,
        sku,
        variant_name,
        product_name,
        product_slug,
        price_minor,
        cost_minor,
        published_at,
        category_paths,
        collection_ids,
        tag_ids,
    ) = row
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
        cost_minor=cost_minor,
        is_available=published and price_minor is not None,
        currency=currency,
        category_ids=_ids(category_paths),
        collection_ids=_ids(collection_ids),
        tag_ids=_ids(tag_ids),
    )


@lru_cache(maxsize=8192)
def _ids(joined: str | None) -> tuple[str, ...]:
    """The row numbers in a text such as "/1/7/31/ /1/9/", each once, in a fixed order."""
    return tuple(sorted(set(_NUMBER.findall(joined or ""))))
