"""Products as a table of them says: what there is now, and what there is to be.

Both are the same structs, so that what an import has to write is the difference, and what an
export writes is what an import of it finds.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from storeql.catalog.prices.floor_book import FloorBook
from storeql.catalog.products.attribute_forms import AttributeForm
from storeql.catalog.variants.options import Values


class PriceState(Struct, frozen=True):
    """A variant's price in a channel, in minor units."""

    price_minor: int
    compare_at_minor: int | None = None
    cost_minor: int | None = None


class StockState(Struct, frozen=True):
    """What a warehouse holds of a variant, in pieces."""

    on_hand: int
    reserved: int = 0


class VariantState(Struct, kw_only=True):
    """A variant; `id` is 0 until there is one. Prices and stock by channel and warehouse."""

    id: int = 0
    sku: str
    name: str = ""
    values: Values = ()
    position: int = 0
    weight_grams: int | None = None
    barcode: str | None = None
    prices: dict[int, PriceState]
    stock: dict[int, StockState]

    def copy(self) -> VariantState:
        """One to change while this one stays."""
        return msgspec.structs.replace(self, prices=dict(self.prices), stock=dict(self.stock))


class ProductState(Struct, kw_only=True):
    """A product; `id` is 0 until there is one.

    `attributes` by the attribute's row number; places are row numbers; `published` has the instant
    for each channel it was ever put into, None where it is taken down. Variants by SKU, in order.
    """

    id: int = 0
    version: int = 0
    product_type_id: int
    slug: str
    name: str
    description: str
    option_names: Values = ()
    attributes: dict[int, str]
    categories: tuple[int, ...] = ()
    collections: tuple[int, ...] = ()
    tags: tuple[int, ...] = ()
    published: dict[int, int | None]
    variants: dict[str, VariantState]

    def copy(self) -> ProductState:
        """One to change while this one stays; its variants are shared until they are changed."""
        return msgspec.structs.replace(
            self,
            attributes=dict(self.attributes),
            published=dict(self.published),
            variants=dict(self.variants),
        )


class Shelf(Struct, kw_only=True):
    """The products that some rows are about, and where each SKU and slug leads."""

    products: dict[int, ProductState]
    by_slug: dict[str, int]
    by_sku: dict[str, int]


class Lists(Struct, frozen=True, kw_only=True):
    """Row numbers by slug of what rows may name; a type's attributes; what prices keep to."""

    product_types: Mapping[str, int]
    forms: Mapping[int, tuple[AttributeForm, ...]]
    categories: Mapping[str, int]
    collections: Mapping[str, int]
    tags: Mapping[str, int]
    floors: FloorBook
