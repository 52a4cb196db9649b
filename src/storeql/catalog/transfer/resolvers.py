"""Reads of imports: each actor sees those that their permissions are for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, select

from storeql.catalog.transfer.columns import TransferKind
from storeql.catalog.transfer.records import CatalogImport, ImportOptions, ImportProblem
from storeql.catalog.transfer.start_import import PERMISSIONS
from storeql.catalog.transfer.tables import catalog_imports, import_problems
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
from storeql.jobs import Job
from storeql.jobs.resolvers import jobs_by_id

CREATED_AT, BY_ROW = "CREATED_AT", "ROW"

_import, _problem = catalog_imports.c, import_problems.c
_COLUMNS = (
    _import.id,
    _import.job_id,
    _import.kind,
    _import.file_name,
    _import.options,
    _import.total,
    _import.created,
    _import.updated,
    _import.unchanged,
    _import.bad,
    _import.left_out,
    _import.products_created,
    _import.products_updated,
    _import.stopped_row,
    _import.created_by,
    _import.created_at,
)
_is_seen = any_of(_import.kind, "kinds")
_BY_ID = statement(select(*_COLUMNS).where(any_of(_import.id, "ids"), _is_seen))
_COUNT = statement(select(func.count()).select_from(catalog_imports).where(_is_seen))
_COUNT_PROBLEMS = statement(
    select(func.count()).select_from(import_problems).where(_problem.import_id == bindparam("id"))
)


@lru_cache(maxsize=4)
def _page_statement(window: tuple[bool, bool]) -> Statement:
    query = select(*_COLUMNS).where(_is_seen)
    made = windowed(query, window, value=_import.created_at, row=_import.id, descending=True)
    return statement(made)


@lru_cache(maxsize=4)
def _problems_statement(window: tuple[bool, bool]) -> Statement:
    query = select(
        _problem.row, _problem.place, _problem.code, _problem.message, _problem.field
    ).where(_problem.import_id == bindparam("id"))
    return statement(windowed(query, window, value=_problem.row, row=_problem.place))


def seen_kinds(granted: frozenset[str]) -> list[str]:
    """The kinds of import that these permissions are for."""
    return [kind.value for kind, needed in PERMISSIONS.items() if needed in granted]


def imports_page(
    connection: Connection, selection: Selection, *, page: PageRequest, granted: frozenset[str]
) -> Page[CatalogImport]:
    """Imports, newest first."""
    window, kinds = window_of(page, CREATED_AT), seen_kinds(granted)
    found = connection.rows(_page_statement(window.shape), kinds=kinds, **window.params)
    rows, more = cut(found, window)
    total = connection.scalar(_COUNT, kinds=kinds) if selection.wants("total_count") else None
    nodes = _records(connection, rows, node_selection(selection), granted)
    return page_of(nodes, window, more, selection, _cursor(nodes), total)


def imports_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, granted: frozenset[str]
) -> dict[int, CatalogImport]:
    """Imports by row number, without those that are not there to see."""
    rows = connection.rows(_BY_ID, ids=ids, kinds=seen_kinds(granted)) if ids else []
    return {one.id: one for one in _records(connection, rows, selection, granted)}


def problems_page(
    connection: Connection, import_id: int, selection: Selection, *, page: PageRequest
) -> Page[ImportProblem]:
    """What is wrong with the rows of an import, in the order of the rows."""
    window = window_of(page, BY_ROW)
    found = connection.rows(_problems_statement(window.shape), id=import_id, **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_COUNT_PROBLEMS, id=import_id)
    nodes = [
        ImportProblem(row=row, code=code, message=message, field=field)
        for row, _, code, message, field in rows
    ]

    def cursor(place: int) -> str:
        return make_cursor(BY_ROW, rows[place][0], rows[place][1])

    return page_of(nodes, window, more, selection, cursor, total)


def _records(
    connection: Connection,
    rows: Sequence[tuple[Any, ...]],
    wanted: Selection,
    granted: frozenset[str],
) -> list[CatalogImport]:
    jobs: dict[int, Job] = {}
    if wanted.wants("job"):
        ids = [row[1] for row in rows if row[1] is not None]
        jobs = jobs_by_id(connection, ids, granted=granted)
    return [_record(row, jobs.get(row[1])) for row in rows]


def _record(row: tuple[Any, ...], job: Job | None) -> CatalogImport:
    names = [column.name for column in _COLUMNS]
    given: dict[str, Any] = dict(zip(names, row, strict=True))
    del given["job_id"]
    given["kind"] = TransferKind(given["kind"])
    given["options"] = msgspec.json.decode(given["options"], type=ImportOptions)
    return CatalogImport(**given, job=job)


def _cursor(nodes: Sequence[CatalogImport]) -> Any:
    return lambda place: make_cursor(CREATED_AT, nodes[place].created_at, nodes[place].id)
