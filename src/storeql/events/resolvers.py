"""Reads of events: one, or a page, of the kinds that the reader may hear of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import Page, PageRequest, cut, make_cursor, page_of, window_of, windowed
from storeql.events.records import Event
from storeql.events.tables import events

SORT = "events"

_event = events.c
_NAMES = Event.__struct_fields__[:-1]
_COLUMNS = tuple(_event[name] for name in _NAMES)
_BY_ID = statement(select(*_COLUMNS).where(any_of(_event.id, "ids"), any_of(_event.kind, "kinds")))


class EventFilter(Struct, frozen=True, kw_only=True):
    """Which events: of these kinds, about one object (subject, row number), within a half-open
    window of instants; None leaves a condition out."""

    kinds: Sequence[str]
    object: tuple[str, int] | None = None
    from_at: int | None = None
    until_at: int | None = None

    @property
    def shape(self) -> tuple[bool, bool, bool]:
        """Which of the conditions there are."""
        return self.object is not None, self.from_at is not None, self.until_at is not None

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the conditions."""
        given: dict[str, Any] = {"kinds": sorted(set(self.kinds))}
        if self.object is not None:
            given["subject"], given["object_id"] = self.object
        if self.from_at is not None:
            given["from_at"] = self.from_at
        if self.until_at is not None:
            given["until_at"] = self.until_at
        return given


@lru_cache(maxsize=64)
def _page_statement(shape: tuple[bool, bool, bool], window: tuple[bool, bool]) -> Statement:
    query = select(*_COLUMNS).where(*_conditions(shape))
    return statement(windowed(query, window, value=_event.at, row=_event.id, descending=True))


@lru_cache(maxsize=8)
def _count_statement(shape: tuple[bool, bool, bool]) -> Statement:
    return statement(select(func.count()).select_from(events).where(*_conditions(shape)))


def _conditions(shape: tuple[bool, bool, bool]) -> list[Any]:
    of_object, from_at, until_at = shape
    conditions: list[Any] = [any_of(_event.kind, "kinds")]
    if of_object:
        conditions.append(_event.subject == bindparam("subject"))
        conditions.append(_event.object_id == bindparam("object_id"))
    if from_at:
        conditions.append(_event.at >= bindparam("from_at"))
    if until_at:
        conditions.append(_event.at < bindparam("until_at"))
    return conditions


def events_by_id(
    connection: Connection, ids: Sequence[int], *, kinds: Sequence[str]
) -> dict[int, Event]:
    """Events of these kinds by row number, without those that are not there."""
    if not ids:
        return {}
    rows = connection.rows(_BY_ID, ids=ids, kinds=kinds)
    return {row[0]: _record(row) for row in rows}


def events_page(
    connection: Connection, selection: Selection, *, page: PageRequest, filter: EventFilter
) -> Page[Event]:
    """Events, newest first."""
    window = window_of(page, SORT)
    made = _page_statement(filter.shape, window.shape)
    rows, more = cut(connection.rows(made, **filter.params, **window.params), window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count_statement(filter.shape), **filter.params)
    nodes = [_record(row) for row in rows]
    return page_of(nodes, window, more, selection, _cursor(nodes), total)


def _cursor(nodes: Sequence[Event]) -> Any:
    return lambda place: make_cursor(SORT, nodes[place].at, nodes[place].id)


def _record(row: tuple[Any, ...]) -> Event:
    named = dict(zip(_NAMES, row, strict=True))
    named["facts"] = msgspec.json.decode(named["facts"])
    named["number"] = named["number"] or 0
    return Event(**named)
