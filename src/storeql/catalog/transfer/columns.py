"""The columns of a table of products: what each is called, and which of them a heading names.

A column is a plain name (`sku`) or a name with what it is of after a dot (`price.cn`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from storeql.errors import Problem, Rejected


class TransferKind(StrEnum):
    """What a table is about: whole products, or only the prices or the stock of variants."""

    PRODUCTS = "PRODUCTS"
    PRICES = "PRICES"
    STOCK = "STOCK"


# Of a product: on its first row, repeated or left empty on the rows of its other variants.
PRODUCT_COLUMNS = (
    "slug",
    "name",
    "description",
    "product_type",
    "categories",
    "collections",
    "tags",
    "attributes.",
    "published.",
)
PRICE_COLUMNS = ("price.", "compare_at.", "cost.")
STOCK_COLUMNS = ("stock.",)
VARIANT_COLUMNS = (
    "sku",
    "variant_name",
    "options",
    "weight",
    "barcode",
    *PRICE_COLUMNS,
    *STOCK_COLUMNS,
)
COLUMNS: Mapping[TransferKind, Collection[str]] = {
    TransferKind.PRODUCTS: (*PRODUCT_COLUMNS, *VARIANT_COLUMNS),
    TransferKind.PRICES: ("sku", *PRICE_COLUMNS),
    TransferKind.STOCK: ("sku", *STOCK_COLUMNS),
}
# What a report adds to a table: read again, it says nothing.
REPORT_COLUMNS = ("row", "result", "problem.")


class Column(Struct, frozen=True):
    """A column of a file: `key` is "price." and `of` is "cn" for the heading `price.cn`."""

    heading: str
    key: str
    of: str
    place: int

    @property
    def name(self) -> str:
        """The heading as it is written in the documentation."""
        return self.key + self.of

    @property
    def is_of_product(self) -> bool:
        """Whether it is the same for all the variants of a product."""
        return self.key in PRODUCT_COLUMNS


class Known(Struct, frozen=True, kw_only=True):
    """What columns may be of, by slug: channels with their currencies, warehouses, attributes."""

    channels: Mapping[str, tuple[int, str]]
    warehouses: Mapping[str, int]
    attributes: Collection[str]

    def of(self, key: str) -> Collection[str]:
        """The slugs that may follow the name of a column."""
        if key == "attributes.":
            return self.attributes
        return self.warehouses if key == "stock." else self.channels


NOUNS = {"attributes.": "attribute", "stock.": "warehouse"}


def read_heading(
    heading: Sequence[str], kind: TransferKind, known: Known, *, ignore_unknown: bool = False
) -> list[Column]:
    """The columns that a heading names, in order; raises Rejected with all that is wrong with it.

    With `ignore_unknown` columns of other names are passed over.
    """
    problems: list[Problem] = []
    columns: list[Column] = []
    for place, text in enumerate(heading):
        column = _column(text, place)
        if column.key in REPORT_COLUMNS:
            continue
        problem = _problem(column, kind, known)
        if problem is None and any(one.name == column.name for one in columns):
            problem = "DUPLICATE_COLUMN", f"The column {text} comes twice."
        if problem is None:
            columns.append(column)
        elif problem[0] != "UNKNOWN_COLUMN" or not ignore_unknown:
            problems.append(_of_file(*problem))
    if not any(column.key == "sku" for column in columns):
        problems.append(_of_file("MISSING_COLUMN", "There is no column sku."))
    if problems:
        raise Rejected(problems)
    return columns


def _column(text: str, place: int) -> Column:
    name, dot, of = text.strip().partition(".")
    return Column(text, name.strip().lower().replace(" ", "_") + dot, of.strip(), place)


def _problem(column: Column, kind: TransferKind, known: Known) -> tuple[str, str] | None:
    if not column.heading:
        return "UNKNOWN_COLUMN", f"Column {column.place + 1} has no heading."
    if column.key not in COLUMNS[kind]:
        allowed = ", ".join(f"{one}…" if one.endswith(".") else one for one in COLUMNS[kind])
        message = f"{column.heading} is no column of a table of {kind.lower()}: {allowed}."
        return "UNKNOWN_COLUMN", message
    if column.key.endswith(".") and column.of not in known.of(column.key):
        noun = NOUNS.get(column.key, "channel")
        return "NOT_FOUND", f"{column.heading}: there is no {noun} {column.of!r}."
    return None


def _of_file(code: str, message: str) -> Problem:
    return Problem(code=code, message=message, field=("uploadId",))
