"""What the rows of one product ask for, read from their cells: no look at the shop is needed yet.

Every cell that cannot be read is a problem of its row; a row with problems is left out, and the
others of its product go on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from msgspec import UNSET, Struct, UnsetType, field

from storeql.catalog.slugs import checked_slug
from storeql.catalog.transfer.cells import NO, YES, read_instant, read_options, read_slugs
from storeql.catalog.transfer.columns import Column, Known
from storeql.catalog.transfer.groups import Group
from storeql.catalog.transfer.sheets import SheetRow
from storeql.catalog.variants.forms import MOST_GRAMS, checked_barcode
from storeql.catalog.variants.rows import checked_sku
from storeql.inputs import MOST_MINOR, MOST_PIECES, Fields
from storeql.pricing.amounts import read_amount

NOW = -1
"""In `published`: from the instant of the import on, unless it is on sale already."""

MOST_DIGITS = 10


class RowProblem(Struct, frozen=True):
    """One thing that is wrong with a row, and the column it is about."""

    row: int
    code: str
    message: str
    column: str | None


class AskedPrice(Struct, kw_only=True):
    """What a row says of a variant's price in a channel; UNSET leaves an amount as it is."""

    price_minor: int | UnsetType = UNSET
    compare_at_minor: int | UnsetType | None = UNSET
    cost_minor: int | UnsetType | None = UNSET


class VariantDraft(Struct, kw_only=True):
    """What a row says of its variant; UNSET leaves a value as it is."""

    row: int
    sku: str = ""
    name: str | UnsetType = UNSET
    options: tuple[tuple[str, str], ...] | UnsetType = UNSET
    weight_grams: int | UnsetType | None = UNSET
    barcode: str | UnsetType | None = UNSET
    prices: dict[int, AskedPrice] = field(default_factory=dict)
    stock: dict[int, int] = field(default_factory=dict)


class ProductDraft(Struct, kw_only=True):
    """What rows say of a product: all in `rows` can be read, `problems` tells of the others.

    `first_row` speaks for the product's own columns; `broken` when those cannot be read.
    """

    first_row: int
    slug: str = ""
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    product_type: str = ""
    categories: tuple[str, ...] | UnsetType = UNSET
    collections: tuple[str, ...] | UnsetType = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    attributes: dict[str, str] = field(default_factory=dict)
    published: dict[int, int | None] = field(default_factory=dict)
    rows: list[VariantDraft] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    broken: bool = False

    def places(self) -> Mapping[str, tuple[str, ...] | UnsetType]:
        """What the product is to stand in, by the column."""
        return {
            "categories": self.categories,
            "collections": self.collections,
            "tags": self.tags,
        }


class Reader(Struct, frozen=True, kw_only=True):
    """Reads the cells of one table; with `clears`, an empty cell says that there is to be none."""

    columns: Sequence[Column]
    known: Known
    zone: ZoneInfo
    clears: bool
    twice: Mapping[int, int]

    def draft(self, group: Group) -> ProductDraft:
        """What the rows of a group ask for."""
        draft = ProductDraft(first_row=group.rows[0].number)
        said = {
            place: next((row.cells[place] for row in group.rows if row.cells[place]), "")
            for place, column in enumerate(self.columns)
            if column.is_of_product
        }
        self._read_product(draft, said)
        for row in group.rows:
            self._read_row(draft, row, said)
        return draft

    def _read_product(self, draft: ProductDraft, said: Mapping[int, str]) -> None:
        fields = Fields()
        for place, text in said.items():
            if text or self.clears:
                self._read_product_cell(draft, fields, self.columns[place], text)
        draft.broken = bool(fields.problems)
        draft.problems += problems_of(draft.first_row, fields)

    def _read_product_cell(
        self, draft: ProductDraft, fields: Fields, column: Column, text: str
    ) -> None:
        match column.key:
            case "slug" if text:
                draft.slug = checked_slug(fields, text)
            case "name" if text:
                draft.name = fields.line("name", text)
            case "description" if text:
                draft.description = fields.block("description", text, required=True)
            case "product_type":
                draft.product_type = text
            case "categories" | "collections" | "tags":
                setattr(draft, column.key, read_slugs(text))
            case "attributes.":
                draft.attributes[column.of] = text
            case "published.":
                channel_id, _ = self.known.channels[column.of]
                draft.published[channel_id] = _published(fields, column, text, self.zone)

    def _read_row(self, draft: ProductDraft, row: SheetRow, said: Mapping[int, str]) -> None:
        fields, made = Fields(), VariantDraft(row=row.number)
        for place, column in enumerate(self.columns):
            text = row.cells[place]
            if place in said:
                if text and text != said[place]:
                    message = f"A row above says of the same product: {said[place][:100]}."
                    fields.report("CONFLICT", message, column.name)
            elif column.key == "sku":
                made.sku = checked_sku(fields, text)
            elif text or self.clears:
                self._read_cell(made, fields, column, text)
        if row.number in self.twice:
            message = f"Row {self.twice[row.number]} has this SKU already."
            fields.report("DUPLICATE", message, "sku")
        draft.problems += problems_of(row.number, fields)
        if not fields.problems and not (draft.broken and row.number == draft.first_row):
            draft.rows.append(made)

    def _read_cell(self, made: VariantDraft, fields: Fields, column: Column, text: str) -> None:
        match column.key:
            case "variant_name":
                made.name = fields.line("variant_name", text, required=False)
            case "options" if text:
                made.options = _options(fields, text)
            case "weight":
                made.weight_grams = _whole(fields, column, text, most=MOST_GRAMS)
            case "barcode":
                made.barcode = checked_barcode(fields, text)
            case "stock." if text:
                pieces = _whole(fields, column, text, most=MOST_PIECES)
                made.stock[self.known.warehouses[column.of]] = pieces or 0
            case "price." | "compare_at." | "cost.":
                self._read_amount(made, fields, column, text)

    def _read_amount(self, made: VariantDraft, fields: Fields, column: Column, text: str) -> None:
        channel_id, currency = self.known.channels[column.of]
        asked = made.prices.setdefault(channel_id, AskedPrice())
        if not text:  # A price is never taken away; what it is compared with can be.
            if column.key != "price.":
                setattr(asked, AMOUNTS[column.key], None)
            return
        minor = read_amount(text, currency)
        if minor is None:
            message = f'An amount of {currency} is written like "19.90", without a sign.'
            fields.report("INVALID_AMOUNT", message, column.name)
        elif minor > MOST_MINOR:
            fields.report("OUT_OF_RANGE", "This amount is too large.", column.name)
        else:
            setattr(asked, AMOUNTS[column.key], minor)


AMOUNTS = {
    "price.": "price_minor",
    "compare_at.": "compare_at_minor",
    "cost.": "cost_minor",
}


def problems_of(row: int, fields: Fields) -> list[RowProblem]:
    """What was noted of a row; the column is the first part of each problem's path."""
    return [
        RowProblem(row, one.code, one.message, one.field[0] if one.field else None)
        for one in fields.problems
    ]


def _options(fields: Fields, text: str) -> tuple[tuple[str, str], ...] | UnsetType:
    options = read_options(text)
    if options is None:
        message = "Options are written like 颜色=红; 尺码=M."
        fields.report("INVALID_OPTIONS", message, "options")
        return UNSET
    return options


def _whole(fields: Fields, column: Column, text: str, *, most: int) -> int | None:
    """A whole number from 0 up; None for an empty cell, and for one that is noted in `fields`."""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        fields.report("INVALID_NUMBER", "This must be a whole number from 0 up.", column.name)
        return None
    return fields.whole(column.name, int(text), most=most)


def _published(fields: Fields, column: Column, text: str, zone: ZoneInfo) -> int | None:
    """An instant, NOW, or None for a product that is to be taken down."""
    said = text.lower()
    if not said or said in NO:
        return None
    if said in YES:
        return NOW
    instant = read_instant(text, zone)
    if instant is None:
        message = "Write yes, no, or an instant like 2026-03-01T08:00+08:00."
        fields.report("INVALID_INSTANT", message, column.name)
    return instant
