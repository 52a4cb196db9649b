"""The job that writes the catalogue as a table, some hundred products a step.

Each step's lines are a part of the file, saved with the cursor, so that a killed worker neither
loses nor doubles a line. A workbook is made of the whole table at the end.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence

from msgspec import Struct

from storeql.access import Permission
from storeql.catalog.finding.listing import (
    COLUMN_NAMES,
    ListingShape,
    ProductSort,
    count_statement,
    page_statement,
)
from storeql.catalog.finding.search_terms import typed_terms
from storeql.catalog.resolvers import View
from storeql.catalog.transfer.columns import read_heading
from storeql.catalog.transfer.exports import ExportRow, WhatToExport, export_row, set_counts
from storeql.catalog.transfer.load import known_columns, shelf_of
from storeql.catalog.transfer.records import TableForm
from storeql.catalog.transfer.render import Line, Renderer, columns_of, slugs_of
from storeql.catalog.transfer.written import MARK, lines_text, xlsx_file
from storeql.db import Connection
from storeql.db.paging import Window
from storeql.errors import StoreError
from storeql.files.keep import PART_BYTES, add_part, make_whole, replace_parts
from storeql.files.read import content_of
from storeql.jobs import JobKind, Step

CATALOG_EXPORT = "CATALOG_EXPORT"
PRODUCTS_A_STEP = 200
MOST_ROWS = 500_000
MOST_ROWS_OF_A_WORKBOOK = 100_000


class ExportWork(Struct, frozen=True, kw_only=True):
    """Which export a job writes."""

    export_id: int


class ExportCursor(Struct, frozen=True, kw_only=True):
    """The last product that is written, by when it was added and its number, and how much it is.

    `heading` stays what it was at first, whatever channels come meanwhile.
    """

    heading: list[str] = []
    parts: int = 0
    created_at: int = -1
    product_id: int = 0
    products: int = 0
    rows: int = 0
    total: int = 0
    is_written: bool = False


class ExportDone(Struct, frozen=True, kw_only=True):
    """What the job answers."""

    products: int
    rows: int


def count_products(connection: Connection, what: WhatToExport) -> int:
    """How many products there are to write."""
    params = _params(what)
    if params is None:
        return 0
    view = _view(what)
    count: int = connection.scalar(count_statement(what.filter.shape, view.scope), **params)
    return count


def _step(connection: Connection, work: ExportWork, cursor: ExportCursor, now: int) -> Step:
    row = export_row(connection, work.export_id)
    if row is None or row.file_id is None:
        raise StoreError("The export has expired.")
    if cursor.is_written:
        return _whole(connection, row, row.file_id, cursor)
    return _some(connection, row, row.file_id, cursor)


CATALOG_EXPORT_KIND = JobKind(
    key=CATALOG_EXPORT,
    permission=Permission.MANAGE_PRODUCTS,
    Arguments=ExportWork,
    Cursor=ExportCursor,
    step=_step,
)


def _some(connection: Connection, row: ExportRow, file_id: int, cursor: ExportCursor) -> Step:
    """The next products, as one more part of the file."""
    page = _page(connection, row.what, cursor)
    known, begins = known_columns(connection), cursor.parts == 0
    columns = (
        columns_of(row.kind, known, with_stock=row.has_stock)
        if begins
        else read_heading(cursor.heading, row.kind, known)
    )
    renderer = Renderer(columns, known)
    lines = list(_lines(connection, renderer, [product_id for product_id, _ in page]))
    rows = cursor.rows + len(lines)
    _check_rows(row, rows)
    last_id, last_at = page[-1] if page else (cursor.product_id, cursor.created_at)
    following = ExportCursor(
        heading=renderer.heading,
        parts=cursor.parts + 1,
        created_at=last_at,
        product_id=last_id,
        products=cursor.products + len(page),
        rows=rows,
        total=count_products(connection, row.what) if begins else cursor.total,
        is_written=len(page) < PRODUCTS_A_STEP,
    )
    part = MARK + lines_text([renderer.heading, *lines]) if begins else lines_text(lines)

    def save(saving: Connection) -> None:
        add_part(saving, file_id, cursor.parts, part.encode())
        set_counts(saving, row.id, products=following.products, rows=following.rows)

    done = following.products
    return Step(cursor=following, done=done, total=max(done, following.total), save=save)


def _whole(connection: Connection, row: ExportRow, file_id: int, cursor: ExportCursor) -> Step:
    """The end: of a workbook all lines are read once more and written as one."""
    content = content_of(connection, file_id)
    is_workbook = row.form is TableForm.XLSX
    if is_workbook:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        content = xlsx_file(csv.reader(text))

    def save(saving: Connection) -> None:
        if is_workbook:
            replace_parts(saving, file_id, _parts(content))
        digest = hashlib.sha256(content).hexdigest()
        expires_at = row.expires_at
        make_whole(saving, file_id, size=len(content), sha256=digest, expires_at=expires_at)

    return Step(
        cursor=cursor,
        done=cursor.products,
        total=cursor.products,
        save=save,
        result=ExportDone(products=cursor.products, rows=cursor.rows),
    )


def _lines(
    connection: Connection, renderer: Renderer, product_ids: Sequence[int]
) -> Iterator[Line]:
    shelf = shelf_of(connection, product_ids)
    slugs = slugs_of(connection, shelf)
    for product_id in product_ids:
        product = shelf.products.get(product_id)
        if product is not None:
            yield from renderer.lines(product, slugs)


def _page(
    connection: Connection, what: WhatToExport, cursor: ExportCursor
) -> list[tuple[int, int]]:
    """Row numbers of the next products, with when each was added."""
    params = _params(what)
    if params is None:
        return []
    position = None if cursor.parts == 0 else (cursor.created_at, cursor.product_id)
    window = Window(PRODUCTS_A_STEP - 1, False, position)
    shape = ListingShape(
        what.filter.shape,
        _view(what).scope,
        (False,) * len(COLUMN_NAMES),
        ProductSort.CREATED_AT,
        False,
        window.shape,
    )
    rows = connection.rows(page_statement(shape), **params, **window.params)
    return [(found[0], found[-1]) for found in rows]


def _params(what: WhatToExport) -> dict[str, object] | None:
    """What the filter and the channel ask; None for a search text that can find nothing."""
    params = {**what.filter.params, **_view(what).params}
    if what.filter.search is not None:
        terms = typed_terms(what.filter.search)
        if terms is None:
            return None
        params.update(terms.params)
    return params


def _view(what: WhatToExport) -> View:
    return View(now=0, channel=what.channel, drafts=True)


def _check_rows(row: ExportRow, rows: int) -> None:
    most = MOST_ROWS_OF_A_WORKBOOK if row.form is TableForm.XLSX else MOST_ROWS
    if rows > most:
        raise StoreError(f"These are more than {most} rows: narrow the filter, or take CSV.")


def _parts(content: bytes) -> list[bytes]:
    return [content[start : start + PART_BYTES] for start in range(0, len(content), PART_BYTES)]
