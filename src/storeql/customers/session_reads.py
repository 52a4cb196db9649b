"""Reads of sessions that still hold: one's own page by page, the newest of many people at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select

from storeql.access import Actor
from storeql.customers.records import Session
from storeql.customers.tables import sessions
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    page_of,
    window_of,
    windowed,
)

MOST_SHOWN = 50
LAST_SEEN = "sessions"
OWNERS = {"customer": "customer_id", "staff": "staff_id"}

_session = sessions.c
_COLUMNS = _session[
    "id",
    "customer_id",
    "staff_id",
    "user_agent",
    "client_ip",
    "created_at",
    "last_seen_at",
    "expires_at",
]
_HOLDS = (_session.revoked_at.is_(None), _session.expires_at > bindparam("now"))


def own_sessions_page(
    connection: Connection, selection: Selection, *, actor: Actor, page: PageRequest, now: int
) -> Page[Session]:
    """One page of the actor's sessions, last seen first; an empty one for apps and guests."""
    window = window_of(page, LAST_SEEN)
    owner = OWNERS.get(actor.kind)
    if owner is None or actor.id is None:
        return page_of((), window, False, selection, str, 0)
    given = {"owner": actor.id, "now": now}
    found = connection.rows(_page_statement(owner, window.shape), **given, **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count_statement(owner), **given)
    nodes = [_record(row, actor.session_id) for row in rows]

    def cursor(place: int) -> str:
        return make_cursor(LAST_SEEN, nodes[place].last_seen_at, nodes[place].id)

    return page_of(nodes, window, more, selection, cursor, total)


def load_sessions(
    connection: Connection, kind: str, ids: Sequence[int], *, current: int | None, now: int
) -> dict[int, list[Session]]:
    """The sessions of each customer or staff member, last seen first; the newest 50 of each."""
    found = defaultdict(list)
    for row in connection.rows(_newest(OWNERS[kind]), ids=ids, now=now):
        one = _record(row[:-1], current)
        found[row[-1]].append(one)
    return found


@lru_cache(maxsize=8)
def _page_statement(owner: str, window_shape: tuple[bool, bool]) -> Statement:
    query = _of_owner(select(*_COLUMNS), owner)
    value, row = _session.last_seen_at, _session.id
    return statement(windowed(query, window_shape, value=value, row=row, descending=True))


@lru_cache(maxsize=2)
def _count_statement(owner: str) -> Statement:
    return statement(_of_owner(select(func.count()).select_from(sessions), owner))


def _of_owner(query: Select[Any], owner: str) -> Select[Any]:
    return query.where(_session[owner] == bindparam("owner"), *_HOLDS)


@lru_cache(maxsize=2)
def _newest(owner: str) -> Statement:
    """The record's columns, and whose the session is."""
    order = (_session.last_seen_at.desc(), _session.id.desc())
    place = func.row_number().over(partition_by=_session[owner], order_by=order)
    ranked = (
        select(*_COLUMNS, place.label("place"))
        .where(any_of(_session[owner], "ids"), *_HOLDS)
        .subquery()
    )
    columns = [ranked.c[column.name] for column in _COLUMNS]
    return statement(
        select(*columns, ranked.c[owner].label("owner"))
        .where(ranked.c.place <= literal_column(str(MOST_SHOWN)))
        .order_by(ranked.c[owner], ranked.c.place)
    )


def _record(row: Sequence[Any], current: int | None) -> Session:
    return Session(*(*row, row[0] == current))
