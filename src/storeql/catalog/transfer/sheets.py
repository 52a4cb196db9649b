"""Reads a table out of a file: its heading and its rows as texts, whatever wrote the file.

What the file is shows in its bytes and not in its name: a ZIP archive with a workbook inside is
XLSX, text is CSV in one of the encodings that spreadsheets write, and anything else is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from storeql.catalog.transfer.delimited import read_delimited
from storeql.catalog.transfer.unreadable import Unreadable
from storeql.catalog.transfer.workbooks import is_workbook, read_workbook
from storeql.errors import Problem, Rejected
from storeql.inputs import plain

MOST_ROWS = 100_000
MOST_COLUMNS = 1_000
BINARY = (
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)


class SheetRow(Struct, frozen=True):
    """One row below the heading; `number` is the spreadsheet's, where the heading is row 1."""

    number: int
    cells: list[str]


class Sheet(Struct, frozen=True):
    """A table: as many cells in each row as in the heading; rows without any text are left out."""

    heading: list[str]
    rows: list[SheetRow]


def read_sheet(content: bytes) -> Sheet:
    """The first table of a file; raises Rejected when there is none to be read."""
    try:
        if is_workbook(content):
            return _sheet(read_workbook(content))
        _refuse_binary(content)
        return _sheet(read_delimited(content))
    except Unreadable as error:
        raise sheet_problem("NOT_A_TABLE", str(error)) from error


def sheet_problem(code: str, message: str) -> Rejected:
    """A refusal of the file as a whole."""
    return Rejected([Problem(code=code, message=message, field=("uploadId",))])


def _refuse_binary(content: bytes) -> None:
    what = next((name for mark, name in BINARY if content.startswith(mark)), None)
    if what is None and content.startswith(b"PK"):
        what = "an archive without a workbook"
    if what is not None:
        raise Unreadable(f"This is {what}: save the table as CSV or XLSX.")


def _sheet(lines: Iterable[list[str]]) -> Sheet:
    numbered = enumerate(lines, start=1)
    heading = next(([plain(cell) for cell in cells] for _, cells in numbered), [])
    while heading and not heading[-1]:
        heading.pop()
    if not heading:
        raise sheet_problem("EMPTY", "There is no heading in the first row.")
    if len(heading) > MOST_COLUMNS:
        raise sheet_problem("TOO_MANY_COLUMNS", f"A table has at most {MOST_COLUMNS} columns.")
    return Sheet(heading, list(_rows(numbered, len(heading))))


def _rows(numbered: Iterator[tuple[int, list[str]]], width: int) -> Iterator[SheetRow]:
    count = 0
    for number, cells in numbered:
        if not any(cells) or not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise sheet_problem("TOO_MANY_ROWS", f"A table has at most {MOST_ROWS} rows.")
        if any(cells[width:]):
            message = f"Row {number} has more cells than the heading has."
            raise sheet_problem("MALFORMED", message)
        yield SheetRow(number, [*cells[:width], *[""] * (width - len(cells))])
