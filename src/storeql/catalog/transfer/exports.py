"""Exports of the catalogue: asked for, held by their job, read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, func, insert, select, update

from storeql.catalog.finding.filters import ProductFilter
from storeql.catalog.transfer.columns import TransferKind
from storeql.catalog.transfer.records import CatalogExport, TableForm
from storeql.catalog.transfer.resolvers import CREATED_AT, seen_kinds
from storeql.catalog.transfer.tables import catalog_exports
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    window_of,
    windowed,
)
from storeql.files.tables import files
from storeql.jobs import Job
from storeql.jobs.resolvers import jobs_by_id

KEPT_MS = 7 * 24 * 60 * 60 * 1000


class WhatToExport(Struct, frozen=True, kw_only=True):
    """Which products: those that the filter finds in the channel (None: the default one)."""

    filter: ProductFilter
    channel: str | None = None


class ExportRow(Struct, frozen=True, kw_only=True):
    """An export as its job holds it."""

    id: int
    kind: TransferKind
    form: TableForm
    what: WhatToExport
    has_stock: bool
    file_id: int | None
    created_by: str
    expires_at: int


_export, _file = catalog_exports.c, files.c
_ADD = statement(
    insert(catalog_exports).returning(_export.id),
    "kind",
    "form",
    "filter",
    "has_stock",
    "file_id",
    "created_by",
    "created_at",
    "expires_at",
)
_SET_JOB = statement(update(catalog_exports).where(_export.id == bindparam("b_id")), "job_id")
_SET_COUNTS = statement(
    update(catalog_exports).where(_export.id == bindparam("b_id")), "products", "rows"
)
_ROW = statement(
    select(
        _export.id,
        _export.kind,
        _export.form,
        _export.filter,
        _export.has_stock,
        _export.file_id,
        _export.created_by,
        _export.expires_at,
    ).where(_export.id == bindparam("id"))
)
_IS_WHOLE = statement(select(_file.is_whole).where(_file.id == bindparam("id")))
_FORGET = statement(delete(catalog_exports).where(_export.expires_at <= bindparam("now")))
_COLUMNS = (
    _export.id,
    _export.job_id,
    _export.kind,
    _export.form,
    _export.products,
    _export.rows,
    select(_file.size).where(_file.id == _export.file_id, _file.is_whole).scalar_subquery(),
    _export.created_by,
    _export.created_at,
    _export.expires_at,
)
_is_seen = any_of(_export.kind, "kinds")
_BY_ID = statement(select(*_COLUMNS).where(any_of(_export.id, "ids"), _is_seen))
_COUNT = statement(select(func.count()).select_from(catalog_exports).where(_is_seen))


@lru_cache(maxsize=4)
def _page_statement(window: tuple[bool, bool]) -> Statement:
    query = select(*_COLUMNS).where(_is_seen)
    made = windowed(query, window, value=_export.created_at, row=_export.id, descending=True)
    return statement(made)


def add_export(connection: Connection, **values: Any) -> int:
    """The row number of a new export."""
    row_id: int = connection.scalar(_ADD, **values)
    return row_id


def set_job(connection: Connection, export_id: int, job_id: int) -> None:
    """Says which job an export is made by."""
    connection.run(_SET_JOB, b_id=export_id, job_id=job_id)


def set_counts(connection: Connection, export_id: int, *, products: int, rows: int) -> None:
    """Says how much of it there is so far."""
    connection.run(_SET_COUNTS, b_id=export_id, products=products, rows=rows)


def export_row(connection: Connection, export_id: int) -> ExportRow | None:
    """The export as its job holds it; None when there is none."""
    row = connection.one(_ROW, id=export_id)
    if row is None:
        return None
    found, kind, form, what, has_stock, file_id, created_by, expires_at = row
    return ExportRow(
        id=found,
        kind=TransferKind(kind),
        form=TableForm(form),
        what=msgspec.json.decode(what, type=WhatToExport),
        has_stock=bool(has_stock),
        file_id=file_id,
        created_by=created_by,
        expires_at=expires_at,
    )


def fetchable_export(
    connection: Connection, export_id: int, *, granted: frozenset[str], now: int
) -> ExportRow | None:
    """An export whose file is whole; None for one these permissions may not see, or expired."""
    row = export_row(connection, export_id)
    if row is None or row.kind.value not in seen_kinds(granted) or now >= row.expires_at:
        return None
    return row if connection.scalar(_IS_WHOLE, id=row.file_id or 0) else None


def forget_old_exports(connection: Connection, *, now: int) -> int:
    """How many exports went that have expired; their files go by themselves."""
    return connection.run(_FORGET, now=now)


def exports_page(
    connection: Connection, selection: Selection, *, page: PageRequest, granted: frozenset[str]
) -> Page[CatalogExport]:
    """Exports, newest first."""
    window, kinds = window_of(page, CREATED_AT), seen_kinds(granted)
    found = connection.rows(_page_statement(window.shape), kinds=kinds, **window.params)
    rows, more = cut(found, window)
    total = connection.scalar(_COUNT, kinds=kinds) if selection.wants("total_count") else None
    nodes = _records(connection, rows, node_selection(selection), granted)

    def cursor(place: int) -> str:
        return make_cursor(CREATED_AT, nodes[place].created_at, nodes[place].id)

    return page_of(nodes, window, more, selection, cursor, total)


def exports_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, granted: frozenset[str]
) -> dict[int, CatalogExport]:
    """Exports by row number, without those that are not there to see."""
    rows = connection.rows(_BY_ID, ids=ids, kinds=seen_kinds(granted)) if ids else []
    return {one.id: one for one in _records(connection, rows, selection, granted)}


def _records(
    connection: Connection,
    rows: Sequence[tuple[Any, ...]],
    wanted: Selection,
    granted: frozenset[str],
) -> list[CatalogExport]:
    jobs: dict[int, Job] = {}
    if wanted.wants("job"):
        ids = [row[1] for row in rows if row[1] is not None]
        jobs = jobs_by_id(connection, ids, granted=granted)
    return [_record(row, jobs.get(row[1])) for row in rows]


def _record(row: tuple[Any, ...], job: Job | None) -> CatalogExport:
    found, _, kind, form, products, rows, size, created_by, created_at, expires_at = row
    return CatalogExport(
        id=found,
        kind=TransferKind(kind),
        form=TableForm(form),
        products=products,
        rows=rows,
        size=size,
        created_by=created_by,
        created_at=created_at,
        expires_at=expires_at,
        job=job,
    )
