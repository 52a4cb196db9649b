"""Tables as files: lines of texts become CSV piece by piece, or an XLSX workbook as a whole."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import xlsxwriter

LINES_A_PIECE = 500
MARK = "\ufeff"
"""Excel reads CSV as UTF-8 only behind this mark."""

WORKBOOK = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


def csv_pieces(lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """CSV as RFC 4180 has it, in UTF-8 with a byte order mark."""
    mark, left = MARK, iter(lines)
    while some := list(islice(left, LINES_A_PIECE)):
        yield (mark + lines_text(some)).encode()
        mark = ""


def lines_text(lines: Iterable[Sequence[str]]) -> str:
    """Lines as CSV, without the mark."""
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue()


def xlsx_file(lines: Iterable[Sequence[str]]) -> bytes:
    """An XLSX workbook of one sheet, every cell a text and none a formula."""
    with tempfile.TemporaryDirectory(prefix="storeql-table-") as folder:
        path = Path(folder) / "table.xlsx"
        workbook = xlsxwriter.Workbook(str(path), {**WORKBOOK, "tmpdir": folder})
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                if text:
                    sheet.write_string(row, column, text)
        workbook.close()
        return path.read_bytes()
