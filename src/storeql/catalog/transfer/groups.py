"""Puts the rows of a table together: those of one product into a group, groups into blocks.

A row belongs to the product its slug names. Without a slug it goes with the last row above that
has its name, or with the row above when it has neither. In a table without slugs and names, and in
one of prices or stock, every row stands by its SKU alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from storeql.catalog.transfer.cells import bare
from storeql.catalog.transfer.columns import Column, TransferKind
from storeql.catalog.transfer.sheets import SheetRow
from storeql.inputs import plain

ROWS_A_BLOCK = 500
MOST_ROWS_A_GROUP = 500


class Group(Struct, frozen=True):
    """The rows of one product (or of one variant), each with its number in the file."""

    rows: list[SheetRow]


def grouped(rows: Iterable[SheetRow], columns: Sequence[Column], kind: TransferKind) -> list[Group]:
    """The groups in the order of their first rows; a cell's text is bare and without outer spaces.

    Cells come in the order of `columns`, those of other columns left out.
    """
    places = [column.place for column in columns]
    by_name = kind is TransferKind.PRODUCTS
    slug = _place(columns, "slug") if by_name else None
    name = _place(columns, "name") if by_name else None
    groups: list[Group] = []
    open_: dict[str, Group] = {}
    last = ""
    for row in rows:
        cells = [plain(bare(row.cells[place].strip())) for place in places]
        if slug is not None and cells[slug]:
            last = f"slug {cells[slug]}"
        elif name is not None and cells[name]:
            last = f"name {cells[name]}"
        elif not last or (slug is None and name is None):
            last = f"row {row.number}"
        group = open_.get(last)
        if group is None or len(group.rows) >= MOST_ROWS_A_GROUP:
            group = open_[last] = Group([])
            groups.append(group)
        group.rows.append(SheetRow(row.number, cells))
    return groups


def blocks_of(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """The groups in blocks of at most 500 rows, each group whole."""
    block: list[Group] = []
    rows = 0
    for group in groups:
        if block and rows + len(group.rows) > ROWS_A_BLOCK:
            yield block
            block, rows = [], 0
        block.append(group)
        rows += len(group.rows)
    if block:
        yield block


def twice_named(groups: Iterable[Group], columns: Sequence[Column]) -> dict[int, int]:
    """Rows whose SKU a row above has, by number, each with that row's number."""
    sku = _place(columns, "sku")
    first: dict[str, int] = {}
    twice: dict[int, int] = {}
    rows = sorted((row for group in groups for row in group.rows), key=lambda row: row.number)
    for row in rows:
        text = "" if sku is None else row.cells[sku]
        if text and first.setdefault(text, row.number) != row.number:
            twice[row.number] = first[text]
    return twice


def _place(columns: Sequence[Column], key: str) -> int | None:
    return next((place for place, one in enumerate(columns) if one.key == key), None)
