"""Reads the first sheet of an XLSX workbook: every cell as the text that CSV would hold."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from storeql.catalog.transfer.unreadable import Unreadable

MOST_UNPACKED = 400_000_000
MOST_PARTS = 1_000
MOST_CELLS = 10_000_000
CHUNK = 1 << 20
MAIN = "xl/workbook.xml"
SHEETS = "xl/worksheets/"
LOCAL_HEADER = 30
# A cell with something in it, by its place: `<c r="B12" t="s"><v>`.
FILLED = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*[^/>]>)[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
LONGEST_TAG = 400


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a ZIP archive with a workbook of the XLSX kind in it."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return MAIN in archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def read_workbook(content: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet; raises Unreadable for a damaged or an oversized one."""
    _check_size(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise Unreadable("The workbook is damaged.") from error
    return ([_text(value) for value in row] for row in rows)


def _check_size(content: bytes) -> None:
    """Unpacks everything once and throws it away.

    The reader keeps a whole sheet in memory, as large as its outermost cell makes it: what an
    archive says of its own size may be untrue, and one cell may lie a million rows down.
    """
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
        if len(parts) > MOST_PARTS:
            raise Unreadable("The workbook has too many parts.")
        for part in parts:
            extent = _Extent()
            for piece in _unpacked(content, part):
                left -= len(piece)
                if left < 0:
                    raise Unreadable("The workbook is too large when it is unpacked.")
                if part.filename.startswith(SHEETS):
                    extent.see(piece)
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError) as error:
        raise Unreadable("The workbook is damaged.") from error


def _unpacked(content: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    names = struct.unpack_from("<HH", content, part.header_offset + LOCAL_HEADER - 4)
    start = part.header_offset + LOCAL_HEADER + sum(names)
    packed = content[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not inflating.eof:
        yield inflating.decompress(packed, CHUNK)
        packed = inflating.unconsumed_tail


class _Extent:
    """How far a sheet reaches, from pieces of its XML."""

    def __init__(self) -> None:
        self._rows = self._columns = 0
        self._tail = b""

    def see(self, piece: bytes) -> None:
        """Looks at the next piece; raises Unreadable once the sheet is too large."""
        piece = self._tail + piece
        for letters, row in FILLED.findall(piece):
            self._rows = max(self._rows, int(row))
            self._columns = max(self._columns, _column(letters))
        if self._rows * self._columns > MOST_CELLS:
            raise Unreadable("The sheet reaches too far: remove what lies outside the table.")
        self._tail = piece[-LONGEST_TAG:]


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _text(value: object) -> str:
    """A cell's value: 12.0 is "12", a day is "2026-03-01", TRUE is "true"."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
        case datetime():
            return value.isoformat()
        case date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case _:
            return str(value)
