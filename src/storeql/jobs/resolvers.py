"""Reads of jobs: each actor sees the jobs that their permissions are for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select

from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import Page, PageRequest, cut, make_cursor, page_of, window_of, windowed
from storeql.jobs.records import Job, JobState
from storeql.jobs.tables import jobs

CREATED_AT = "CREATED_AT"

_job = jobs.c
_COLUMNS = (
    _job.id,
    _job.kind,
    _job.state,
    _job.done,
    _job.total,
    _job.result,
    _job.error,
    _job.created_by,
    _job.created_at,
    _job.started_at,
    _job.updated_at,
    _job.finished_at,
)
_is_seen = any_of(_job.permission, "granted")
_BY_ID = statement(select(*_COLUMNS).where(any_of(_job.id, "ids"), _is_seen))


@lru_cache(maxsize=8)
def _page_statement(window: tuple[bool, bool], by_state: bool) -> Statement:
    query = select(*_COLUMNS).where(*_conditions(by_state))
    return statement(windowed(query, window, value=_job.created_at, row=_job.id, descending=True))


@lru_cache(maxsize=2)
def _count_statement(by_state: bool) -> Statement:
    return statement(select(func.count()).select_from(jobs).where(*_conditions(by_state)))


def _conditions(by_state: bool) -> list[Any]:
    return [_is_seen, any_of(_job.state, "states")] if by_state else [_is_seen]


def jobs_page(
    connection: Connection,
    selection: Selection,
    *,
    page: PageRequest,
    states: Sequence[JobState] | None,
    granted: frozenset[str],
) -> Page[Job]:
    """Jobs, newest first."""
    window, by_state = window_of(page, CREATED_AT), states is not None
    given: dict[str, Any] = {"granted": sorted(granted)}
    if states is not None:
        given["states"] = [state.value for state in states]
    found = connection.rows(_page_statement(window.shape, by_state), **given, **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count_statement(by_state), **given)
    nodes = [_record(row) for row in rows]
    return page_of(nodes, window, more, selection, _cursor(nodes), total)


def jobs_by_id(
    connection: Connection, ids: Sequence[int], *, granted: frozenset[str]
) -> dict[int, Job]:
    """Jobs by row number, without those that are not there to see."""
    if not ids:
        return {}
    rows = connection.rows(_BY_ID, ids=ids, granted=sorted(granted))
    return {row[0]: _record(row) for row in rows}


def _cursor(nodes: Sequence[Job]) -> Any:
    return lambda place: make_cursor(CREATED_AT, nodes[place].created_at, nodes[place].id)


def _record(row: tuple[Any, ...]) -> Job:
    row_id, kind, state, done, total, result, error, created_by, *instants = row
    created_at, started_at, updated_at, finished_at = instants
    return Job(
        id=row_id,
        kind=kind,
        state=JobState(state),
        done=done,
        total=total,
        result_json=result,
        error=error,
        created_by=created_by,
        created_at=created_at,
        started_at=started_at,
        updated_at=updated_at,
        finished_at=finished_at,
    )
