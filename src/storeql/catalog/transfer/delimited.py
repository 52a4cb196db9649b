"""Reads delimited text: CSV as it is written by spreadsheets in China and elsewhere."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from storeql.catalog.transfer.unreadable import Unreadable

DELIMITERS = ",;\t|"
LONGEST_CELL = 100_000
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_delimited(content: bytes) -> Iterator[list[str]]:
    """The lines of a CSV file as cells; raises Unreadable where it is none."""
    text = _decoded(content)
    if "\0" in text:
        raise Unreadable("This is no text: save the table as CSV or XLSX.")
    csv.field_size_limit(LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        try:
            cells = next(lines, None)
        except csv.Error as error:
            message = f"Line {lines.line_num} is not CSV: {error}."
            raise Unreadable(message) from None
        if cells is None:
            return
        yield cells


def _decoded(content: bytes) -> str:
    """The text: by its byte order mark, else UTF-8 when it is that, else GB18030."""
    marked = next((name for mark, name in MARKS if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The text is neither UTF-8 nor GB18030: save it as CSV UTF-8.")


def _delimiter(text: str) -> str:
    """What stands between the cells of the heading: the sign that cuts it into the most."""
    heading = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(DELIMITERS, key=lambda sign: len(next(csv.reader([heading], delimiter=sign), [])))
