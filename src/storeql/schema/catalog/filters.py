"""What a product listing may be narrowed and sorted by, as clients write it."""

import strawberry

from storeql.catalog import resolvers
from storeql.catalog.finding.filters import AttributeFilter, ProductFilter
from storeql.catalog.finding.listing import ProductSort
from storeql.catalog.resolvers import View
from storeql.db import Connection
from storeql.schema.ids import rows_of
from storeql.schema.money import minor_units
from storeql.schema.scalars import Decimal

strawberry.enum(
    ProductSort,
    name="ProductSort",
    description="What a product listing is sorted by; MANUAL is the order of the collection named.",
)


@strawberry.input(description="Products whose attribute has one of the values.")
class AttributeFilterInput:
    """One attribute condition."""

    slug: str = strawberry.field(description="The attribute's slug.")
    values: list[str] = strawberry.field(description="The values, as alternatives.")


@strawberry.input(description="Conditions that all have to hold.")
class ProductFilterInput:
    """What to narrow a product listing by."""

    search: str | None = strawberry.field(
        default=None, description="Text in Chinese or English, in names, descriptions and SKUs."
    )
    ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Only these products."
    )
    category: str | None = strawberry.field(
        default=None, description="A category's slug; its descendants count too."
    )
    collection: str | None = strawberry.field(default=None, description="A collection's slug.")
    product_type: str | None = strawberry.field(default=None, description="A product type's slug.")
    tags: list[str] | None = strawberry.field(
        default=None, description="Tag slugs, as alternatives."
    )
    attributes: list[AttributeFilterInput] | None = strawberry.field(
        default=None, description="Conditions on attributes, all of which have to hold."
    )
    price_from: Decimal | None = strawberry.field(
        default=None, description="The lowest price, inclusive, in the channel's currency."
    )
    price_to: Decimal | None = strawberry.field(
        default=None, description="The highest price, inclusive, in the channel's currency."
    )
    available: bool | None = strawberry.field(
        default=None, description="Only products that can, or cannot, be bought now."
    )


@strawberry.input(description="The order of a product listing.")
class ProductSortInput:
    """How to sort products."""

    by: ProductSort = strawberry.field(description="What to sort by.")
    descending: bool = strawberry.field(default=False, description="From high to low.")


def product_filter(
    connection: Connection, given: ProductFilterInput | None, view: View
) -> ProductFilter:
    """The domain's filter; amounts are read in the currency of the view's channel."""
    if given is None:
        return resolvers.EVERYTHING
    prices: dict[str, int] = {}
    if given.price_from is not None or given.price_to is not None:
        currency = resolvers.currency_of(connection, view)
        if given.price_from is not None:
            prices["price_from_minor"] = minor_units(given.price_from, currency)
        if given.price_to is not None:
            prices["price_to_minor"] = minor_units(given.price_to, currency)
    return ProductFilter(
        search=given.search,
        ids=None if given.ids is None else rows_of("Product", given.ids),
        category=given.category,
        collection=given.collection,
        product_type=given.product_type,
        tags=tuple(given.tags or ()),
        attributes=tuple(
            AttributeFilter(one.slug, tuple(one.values)) for one in given.attributes or ()
        ),
        available=given.available,
        **prices,
    )
