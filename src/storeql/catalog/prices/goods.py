"""Variants as prices see them: what one costs in a channel, and where it lies in the catalogue.

Whoever prices a variant (carts, previews, trials of a promotion) selects these columns from a
source that names `variants`, for the channel in the parameter `channel_id`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)

from storeql.catalog.prices.offers import offers_in, prices_of
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
from storeql.pricing.price_choice import REGULAR, PriceSource, choose_price

_NUMBER = re.compile("[0-9]+")


def _joined(column: ColumnElement[Any], source: FromClause, product: ColumnElement[int]) -> Any:
    """All values of a column for a variant's product in one text: one row each, not more."""
    # A bound separator would be put into the text late, together with the other values.
    texts = func.aggregate_strings(cast(column, String), literal_column("' '"))  # type: ignore[arg-type]
    return (
        select(texts)
        .select_from(source)
        .where(product == variants.c.product_id)
        .correlate(variants)
        .scalar_subquery()
    )


_channel: ColumnElement[int] = bindparam("channel_id", type_=BigInteger)
PRICED = (variant_prices.c.price_minor, *offers_in(_channel))
"""What `price_of` chooses the price from: the channel's own price, lists, schedules."""

PLACES = (
    _joined(
        categories.c.path,
        product_categories.join(categories, categories.c.id == product_categories.c.category_id),
        product_categories.c.product_id,
    ),
    _joined(
        collection_products.c.collection_id,
        collection_products,
        collection_products.c.product_id,
    ),
    _joined(product_tags.c.tag_id, product_tags, product_tags.c.product_id),
)
"""Categories with their ancestors, collections and tags, each as a text for `ids_in`."""


def in_channel(source: FromClause) -> FromClause:
    """The source (which has `variants`) with product, price and publication in the channel.

    Parameters are `channel_id`, and `now` where `PRICED` is read.
    """
    return (
        source.join(products, products.c.id == variants.c.product_id)
        .outerjoin(
            variant_prices,
            (variant_prices.c.variant_id == variants.c.id)
            & (variant_prices.c.channel_id == _channel),
        )
        .outerjoin(
            publications,
            (publications.c.product_id == products.c.id) & (publications.c.channel_id == _channel),
        )
    )


def price_of(
    priced: Sequence[Any], *, group_ids: Sequence[str], quantity: int, now: int
) -> tuple[int | None, PriceSource | None]:
    """What one piece costs a buyer, from the columns of `PRICED`; the source unless it is usual.

    None without a price in the channel.
    """
    regular_minor, entries, schedules = priced
    if regular_minor is None or (entries is None and schedules is None):
        return regular_minor, None
    prices = prices_of(regular_minor, None, entries, schedules)
    chosen = choose_price(prices, group_ids=group_ids, quantity=quantity, at=now)
    return chosen.price_minor, None if chosen.source == REGULAR else chosen.source


@lru_cache(maxsize=8192)
def ids_in(joined: str | None) -> tuple[str, ...]:
    """The row numbers in a text such as "/1/7/31/ /1/9/", each once, in a fixed order."""
    return tuple(sorted(set(_NUMBER.findall(joined or ""))))
