"""Variants as prices see them: what one costs in a channel, and where it lies in the catalogue.

Whoever prices a variant (carts, previews, trials of a promotion) selects these columns from a
source that names `variants`, for the channel in the parameter `channel_id`.
"""

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
    """The source (which has `variants`) with product, price and publication in the channel."""
    return (
        source.join(products, products.c.id == variants.c.product_id)
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
    )


@lru_cache(maxsize=8192)
def ids_in(joined: str | None) -> tuple[str, ...]:
    """The row numbers in a text such as "/1/7/31/ /1/9/", each once, in a fixed order."""
    return tuple(sorted(set(_NUMBER.findall(joined or ""))))
