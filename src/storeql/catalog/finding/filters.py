"""What a shopper or a clerk may narrow a product listing by, and its translation to SQL.

A filter has a shape (which conditions there are) and parameters (their values): the shape decides
the statement's text, so that each shape is compiled once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, exists, select

from storeql.catalog.prices.at_instant import LOWEST_NOW
from storeql.catalog.tables import (
    attribute_values,
    attributes,
    categories,
    channels,
    collection_products,
    collections,
    product_categories,
    product_tags,
    product_types,
    products,
    publications,
    stock_levels,
    tags,
    variants,
)
from storeql.db import any_of
from storeql.errors import BadInput

MOST_VALUES = 100
MOST_ATTRIBUTES = 10
LONGEST_SEARCH = 200


class AttributeFilter(Struct, frozen=True):
    """Products whose attribute `slug` has one of the values."""

    slug: str
    values: Sequence[str]


class ProductFilter(Struct, frozen=True, kw_only=True):
    """Conditions that all have to hold; None or empty asks for nothing.

    `category` is a slug and stands for its descendants too; several tags or values of one
    attribute are alternatives. Prices are minor units in the channel's currency, both inclusive.
    """

    search: str | None = None
    ids: Sequence[int] | None = None
    category: str | None = None
    collection: str | None = None
    product_type: str | None = None
    tags: Sequence[str] = ()
    attributes: Sequence[AttributeFilter] = ()
    price_from_minor: int | None = None
    price_to_minor: int | None = None
    available: bool | None = None

    @property
    def shape(self) -> FilterShape:
        """Which conditions there are."""
        return FilterShape(
            search=self.search is not None,
            ids=self.ids is not None,
            category=self.category is not None,
            collection=self.collection is not None,
            product_type=self.product_type is not None,
            tags=bool(self.tags),
            attributes=len(self.attributes),
            price_from=self.price_from_minor is not None,
            price_to=self.price_to_minor is not None,
            available=self.available,
        )

    @property
    def is_by_price(self) -> bool:
        """Whether a condition is about prices."""
        return self.price_from_minor is not None or self.price_to_minor is not None

    @property
    def params(self) -> dict[str, Any]:
        """The values of the conditions, the search text's apart."""
        params: dict[str, Any] = {
            "ids": self.ids,
            "category": self.category,
            "collection": self.collection,
            "product_type": self.product_type,
            "tags": self.tags or None,
            "price_from": self.price_from_minor,
            "price_to": self.price_to_minor,
        }
        for place, attribute in enumerate(self.attributes):
            params[f"attribute_{place}"] = attribute.slug
            params[f"values_{place}"] = attribute.values
        return {name: value for name, value in params.items() if value is not None}


class FilterShape(Struct, frozen=True, kw_only=True):
    """Which conditions a filter has: hashable, the key of a compiled statement.

    With `is_due` some prices flipped and are not settled yet, so that all are worked out.
    """

    search: bool
    ids: bool
    category: bool
    collection: bool
    product_type: bool
    tags: bool
    attributes: int
    price_from: bool
    price_to: bool
    available: bool | None
    is_due: bool = False

    @property
    def price(self) -> ColumnElement[int]:
        """The lowest price of a product, as filters and sorts compare it."""
        return LOWEST_NOW if self.is_due else publications.c.price_minor


def check_filter(given: ProductFilter) -> None:
    """Raises BadInput for a filter past its bounds."""
    if len(given.attributes) > MOST_ATTRIBUTES:
        raise BadInput(f"Filter by at most {MOST_ATTRIBUTES} attributes at once.")
    lists = [given.tags, given.ids or (), *(entry.values for entry in given.attributes)]
    if any(len(values) > MOST_VALUES for values in lists):
        raise BadInput(f"A filter names at most {MOST_VALUES} values.")
    if given.search is not None and len(given.search) > LONGEST_SEARCH:
        raise BadInput(f"Search for at most {LONGEST_SEARCH} characters.")
    texts = [given.search, given.category, given.collection, given.product_type, *given.tags]
    texts += [text for entry in given.attributes for text in (entry.slug, *entry.values)]
    if any("\0" in text for text in texts if text):
        raise BadInput("A filter cannot hold the character NUL.")


def conditions(shape: FilterShape) -> list[ColumnElement[bool]]:
    """The WHERE conditions of a shape, search left out (it is the statement's first table)."""
    found: list[ColumnElement[bool]] = []
    if shape.ids:
        found.append(any_of(products.c.id, "ids"))
    if shape.category:
        found.append(IN_CATEGORY)
    if shape.collection:
        found.append(IN_COLLECTION)
    if shape.product_type:
        found.append(OF_TYPE)
    if shape.tags:
        found.append(HAS_TAG)
    found.extend(_has_attribute(place) for place in range(shape.attributes))
    if shape.price_from:
        found.append(shape.price >= bindparam("price_from"))
    if shape.price_to:
        found.append(shape.price <= bindparam("price_to"))
    if shape.available is not None:
        found.append(IS_AVAILABLE if shape.available else ~IS_AVAILABLE)
    return found


_root = categories.alias("root")
IN_CATEGORY = exists(
    select(1)
    .select_from(product_categories)
    .join(categories, categories.c.id == product_categories.c.category_id)
    .join(_root, categories.c.path.like(_root.c.path + "%"))
    .where(
        product_categories.c.product_id == products.c.id,
        _root.c.slug == bindparam("category"),
    )
)
IN_COLLECTION = exists(
    select(1)
    .select_from(collection_products)
    .join(collections, collections.c.id == collection_products.c.collection_id)
    .where(
        collection_products.c.product_id == products.c.id,
        collections.c.slug == bindparam("collection"),
    )
)
OF_TYPE = products.c.product_type_id == (
    select(product_types.c.id)
    .where(product_types.c.slug == bindparam("product_type"))
    .scalar_subquery()
)
HAS_TAG = exists(
    select(1)
    .select_from(product_tags)
    .join(tags, tags.c.id == product_tags.c.tag_id)
    .where(product_tags.c.product_id == products.c.id, any_of(tags.c.slug, "tags"))
)
IS_AVAILABLE = exists(
    select(1)
    .select_from(variants)
    .join(stock_levels, stock_levels.c.variant_id == variants.c.id)
    .where(
        variants.c.product_id == products.c.id,
        stock_levels.c.on_hand > stock_levels.c.reserved,
    )
)


def _has_attribute(place: int) -> ColumnElement[bool]:
    value, attribute = attribute_values.alias(f"value_{place}"), attributes.alias(f"of_{place}")
    return exists(
        select(1)
        .select_from(value)
        .join(attribute, attribute.c.id == value.c.attribute_id)
        .where(
            value.c.product_id == products.c.id,
            attribute.c.slug == bindparam(f"attribute_{place}"),
            any_of(value.c.value, f"values_{place}"),
        )
    )


def in_channel(has_slug: bool) -> ColumnElement[bool]:
    """The channel that was named, or the shop's default one."""
    if has_slug:
        return channels.c.slug == bindparam("channel")
    return channels.c.is_default
