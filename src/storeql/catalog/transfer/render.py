"""Products as the rows of a table: what an import of them finds is what there is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Table, select

from storeql.catalog.tables import attributes, categories, collections, product_types, tags
from storeql.catalog.transfer.cells import harmless, instant_text, options_text, slugs_text
from storeql.catalog.transfer.columns import COLUMNS, Column, Known, TransferKind
from storeql.catalog.transfer.state import ProductState, Shelf, VariantState
from storeql.db import Connection, Statement, any_of, statement
from storeql.pricing.amounts import decimal_text

NO = "no"

Line = list[str]


class Slugs(Struct, frozen=True, kw_only=True):
    """Slugs by row number of what products name; attributes are those of any type."""

    product_types: Mapping[int, str]
    categories: Mapping[int, str]
    collections: Mapping[int, str]
    tags: Mapping[int, str]
    attributes: Mapping[int, str]


def _of(table: Table) -> Statement:
    return statement(select(table.c.id, table.c.slug).where(any_of(table.c.id, "ids")))


_SLUGS = {
    table.name: _of(table) for table in (product_types, categories, collections, tags, attributes)
}


def columns_of(kind: TransferKind, known: Known, *, with_stock: bool) -> list[Column]:
    """All the columns that a table of this kind can have in this shop, in a reader's order."""
    headings: list[tuple[str, str]] = []
    for key in COLUMNS[kind]:
        if key == "stock." and not with_stock:
            continue
        of = sorted(known.of(key)) if key.endswith(".") else [""]
        headings += [(key, one) for one in of]
    return [Column(key + of, key, of, place) for place, (key, of) in enumerate(headings)]


def slugs_of(connection: Connection, shelf: Shelf) -> Slugs:
    """What the products of a shelf name: five statements."""
    found = shelf.products.values()
    wanted: dict[str, Iterable[int]] = {
        "product_types": (one.product_type_id for one in found),
        "categories": (row for one in found for row in one.categories),
        "collections": (row for one in found for row in one.collections),
        "tags": (row for one in found for row in one.tags),
        "attributes": (row for one in found for row in one.attributes),
    }
    return Slugs(
        **{
            name: dict(connection.rows(_SLUGS[name], ids=sorted(set(ids))))
            for name, ids in wanted.items()
        }
    )


class Renderer:
    """Writes products as lines of the columns; texts are harmless to spreadsheets."""

    def __init__(self, columns: Sequence[Column], known: Known) -> None:
        self._columns = columns
        self._known = known

    @property
    def heading(self) -> Line:
        """The first line."""
        return [column.name for column in self._columns]

    def lines(self, product: ProductState, slugs: Slugs) -> Iterator[Line]:
        """A line for each variant; the product's own columns on the first, its slug on each."""
        attributes = {slugs.attributes[row]: text for row, text in product.attributes.items()}
        first = True
        for variant in product.variants.values():
            yield [
                harmless(
                    self._of_product(column, product, slugs, attributes)
                    if column.is_of_product and (first or column.key == "slug")
                    else self._of_variant(column, product, variant)
                )
                for column in self._columns
            ]
            first = False

    def _of_product(
        self, column: Column, product: ProductState, slugs: Slugs, attributes: Mapping[str, str]
    ) -> str:
        match column.key:
            case "slug" | "name" | "description":
                text: str = getattr(product, column.key)
                return text
            case "product_type":
                return slugs.product_types[product.product_type_id]
            case "categories" | "collections" | "tags":
                named: Mapping[int, str] = getattr(slugs, column.key)
                return slugs_text(named[row] for row in getattr(product, column.key))
            case "attributes.":
                return attributes.get(column.of, "")
            case _:
                return self._published(column, product)

    def _published(self, column: Column, product: ProductState) -> str:
        channel_id, _ = self._known.channels[column.of]
        if channel_id not in product.published:
            return ""
        at = product.published[channel_id]
        return NO if at is None else instant_text(at)

    def _of_variant(self, column: Column, product: ProductState, variant: VariantState) -> str:
        match column.key:
            case "sku":
                return variant.sku
            case "variant_name":
                return variant.name
            case "options":
                return options_text(dict(zip(product.option_names, variant.values, strict=True)))
            case "weight":
                return "" if variant.weight_grams is None else str(variant.weight_grams)
            case "barcode":
                return variant.barcode or ""
            case "price." | "compare_at." | "cost.":
                return self._amount(column, variant)
            case "stock.":
                level = variant.stock.get(self._known.warehouses[column.of])
                return "" if level is None else str(level.on_hand)
            case _:
                return ""

    def _amount(self, column: Column, variant: VariantState) -> str:
        channel_id, currency = self._known.channels[column.of]
        price = variant.prices.get(channel_id)
        if price is None:
            return ""
        minor = {
            "price.": price.price_minor,
            "compare_at.": price.compare_at_minor,
            "cost.": price.cost_minor,
        }[column.key]
        return "" if minor is None else decimal_text(minor, currency)
