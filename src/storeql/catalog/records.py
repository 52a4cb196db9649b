"""What catalogue reads return: flat frozen structs with row numbers and minor units.

A column that was not asked for is None; a relation that was not asked for is an empty tuple.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Channel(Struct, frozen=True):
    """Where the shop sells, in one currency."""

    id: int
    slug: str
    name: str
    currency: str
    is_active: bool
    is_default: bool
    version: int


class OptionValues(Struct, frozen=True):
    """One choice that tells a product's variants apart, with its values in order."""

    name: str
    values: Sequence[str]


class SelectedOption(Struct, frozen=True):
    """The value a variant has for one of its product's options."""

    name: str
    value: str


class Attribute(Struct, frozen=True):
    """A typed property that every product of a type has; `choices` only for SELECT."""

    id: int
    product_type_id: int
    slug: str
    name: str
    kind: str
    is_required: bool
    is_filterable: bool
    choices: Sequence[str]
    unit: str
    position: int


class ProductType(Struct, frozen=True):
    """A prescribed form for products."""

    id: int
    slug: str
    name: str
    version: int
    attributes: Sequence[Attribute] = ()


class AttributeValue(Struct, frozen=True):
    """A product's value for one attribute, as canonical text."""

    slug: str
    name: str
    kind: str
    unit: str
    value: str


class Category(Struct, frozen=True):
    """A node of the category tree; `path` holds the ids from the root to itself."""

    id: int
    parent_id: int | None
    slug: str
    name: str
    description: str | None
    path: str
    position: int
    version: int
    ancestors: Sequence[Category] = ()
    children: Sequence[Category] = ()


class Collection(Struct, frozen=True):
    """A hand-picked set of products."""

    id: int
    slug: str
    name: str
    description: str | None
    version: int


class Tag(Struct, frozen=True):
    """A label such as 新品上市 that products carry."""

    id: int
    slug: str
    name: str
    version: int


class Image(Struct, frozen=True):
    """A picture; `path` is its file's name in the storage, sizes are pixels."""

    id: int
    path: str
    alt: str
    width: int
    height: int
    position: int


class Warehouse(Struct, frozen=True):
    """A place that holds stock."""

    id: int
    slug: str
    name: str
    version: int


class StockLevel(Struct, frozen=True):
    """What one warehouse holds of a variant, in pieces, and on which shelf."""

    variant_id: int
    warehouse: Warehouse
    on_hand: int
    reserved: int
    bin_location: str = ""

    @property
    def available(self) -> int:
        """What can still be bought: on hand without what is reserved."""
        return self.on_hand - self.reserved


class Publication(Struct, frozen=True):
    """A product's place in a channel; not for sale there before `published_at`."""

    channel: Channel
    published_at: int | None
    price_minor: int | None


class ChannelPrice(Struct, frozen=True, kw_only=True):
    """A variant's price in a channel as staff set it, and what everybody pays there now.

    `changes_at` is the next instant at which that is planned to change.
    """

    variant_id: int
    channel: Channel
    price_minor: int
    compare_at_minor: int | None
    cost_minor: int | None
    current_minor: int
    changes_at: int | None
    version: int


class QuantityPrice(Struct, frozen=True):
    """What one piece costs from so many pieces on."""

    from_quantity: int
    price_minor: int
    currency: str


class Variant(Struct, frozen=True):
    """One thing that can be bought: a SKU with its price in the channel that was asked.

    `price_minor` is what one piece costs the buyer who asks, `lowest_minor` the lowest that
    everybody paid in 30 days.
    """

    id: int
    product_id: int
    sku: str
    name: str
    options_json: str | None
    position: int
    weight_grams: int | None
    barcode: str | None
    version: int
    price_minor: int | None
    compare_at_minor: int | None
    cost_minor: int | None
    available: int | None
    lowest_minor: int | None
    currency: str
    stock_levels: Sequence[StockLevel] = ()
    product: Product | None = None
    images: Sequence[Image] = ()
    channel_prices: Sequence[ChannelPrice] = ()
    price_breaks: Sequence[QuantityPrice] = ()


class Product(Struct, frozen=True):
    """A product as one channel shows it; `price_minor` is its lowest variant price there."""

    id: int
    slug: str
    name: str
    description: str | None
    options_json: str | None
    created_at: int | None
    updated_at: int | None
    version: int
    product_type_id: int
    price_minor: int | None
    published_at: int | None
    is_available: bool | None
    currency: str
    product_type: ProductType | None = None
    variants: Sequence[Variant] = ()
    categories: Sequence[Category] = ()
    collections: Sequence[Collection] = ()
    tags: Sequence[Tag] = ()
    attributes: Sequence[AttributeValue] = ()
    images: Sequence[Image] = ()
    publications: Sequence[Publication] = ()


class FacetValue(Struct, frozen=True):
    """How many of the found products have this value."""

    key: str
    label: str
    count: int


class Facet(Struct, frozen=True):
    """A property to narrow a listing by, its values by descending count."""

    key: str
    label: str
    values: Sequence[FacetValue]


class Facets(Struct, frozen=True):
    """Counts over everything a filter finds, whatever page is shown."""

    total: int
    available: int
    price_min_minor: int | None
    price_max_minor: int | None
    currency: str
    categories: Sequence[FacetValue] = ()
    tags: Sequence[FacetValue] = ()
    attributes: Sequence[Facet] = ()
