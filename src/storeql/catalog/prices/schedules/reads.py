"""Scheduled prices as staff read them, the one that begins last first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, and_, bindparam, func, or_, select

from storeql.catalog.prices.at_instant import NOW
from storeql.catalog.prices.schedules.records import PriceSchedule, ScheduleState
from storeql.catalog.prices.tables import price_list_entries, price_lists, price_schedules
from storeql.catalog.resolvers import View, variants
from storeql.catalog.tables import channels
from storeql.catalog.tables import variants as variants_table
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
from storeql.errors import BadInput

STARTS_AT = "STARTS_AT"
MOST_VARIANTS = 100

_schedule, _entry = price_schedules.c, price_list_entries.c
_COLUMNS = (
    _schedule.id,
    _schedule.variant_id,
    _schedule.channel_id,
    _schedule.entry_id,
    _entry.price_list_id,
    func.coalesce(_entry.from_quantity, 1),
    _schedule.price_minor,
    _schedule.compare_at_minor,
    _schedule.floor_minor,
    _schedule.starts_at,
    _schedule.ends_at,
    _schedule.created_by,
    _schedule.reason,
    _schedule.created_at,
    _schedule.version,
    func.coalesce(channels.c.currency, price_lists.c.currency),
)
_NAMES = PriceSchedule.__struct_fields__[: len(_COLUMNS)]
_SOURCE = (
    price_schedules.outerjoin(channels, channels.c.id == _schedule.channel_id)
    .outerjoin(price_list_entries, _entry.id == _schedule.entry_id)
    .outerjoin(price_lists, price_lists.c.id == _entry.price_list_id)
)
_BY_IDS = statement(
    select(*_COLUMNS).select_from(_SOURCE).where(any_of(_schedule.id, "ids")).order_by(_schedule.id)
)


class ScheduleFilter(Struct, frozen=True, kw_only=True):
    """Conditions that all have to hold; None asks for nothing."""

    variant_ids: Sequence[int] | None = None
    product_id: int | None = None
    channel_id: int | None = None
    price_list_id: int | None = None
    states: Sequence[ScheduleState] | None = None

    @property
    def params(self) -> dict[str, Any]:
        """The values of the conditions, states apart."""
        given = {
            "variant_ids": self.variant_ids,
            "product_id": self.product_id,
            "channel_id": self.channel_id,
            "price_list_id": self.price_list_id,
        }
        return {name: value for name, value in given.items() if value is not None}


Shape = tuple[frozenset[str], frozenset[ScheduleState] | None]


def schedules_page(
    connection: Connection,
    selection: Selection,
    *,
    filter: ScheduleFilter,
    page: PageRequest,
    now: int,
) -> Page[PriceSchedule]:
    """Schedules that have the states at `now`, the one that begins last first."""
    if filter.variant_ids is not None and len(filter.variant_ids) > MOST_VARIANTS:
        raise BadInput(f"Ask for at most {MOST_VARIANTS} variants.")
    window, given = window_of(page, STARTS_AT), filter.params | {"now": now}
    states = None if filter.states is None else frozenset(filter.states)
    shape = (frozenset(filter.params), states)
    found = connection.rows(_page(window.shape, shape), **given, **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count(shape), **given)
    nodes = _built(connection, rows, node_selection(selection), now)

    def cursor(place: int) -> str:
        return make_cursor(STARTS_AT, nodes[place].starts_at, nodes[place].id)

    return page_of(nodes, window, more, selection, cursor, total)


def schedules_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, now: int
) -> dict[int, PriceSchedule]:
    """Schedules by row number, without those that are not there."""
    rows = connection.rows(_BY_IDS, ids=sorted(set(ids)))
    return {one.id: one for one in _built(connection, rows, selection, now)}


@lru_cache(maxsize=256)
def _page(window: tuple[bool, bool], shape: Shape) -> Statement:
    query = select(*_COLUMNS).select_from(_SOURCE).where(*_conditions(shape))
    value = _schedule.starts_at
    return statement(windowed(query, window, value=value, row=_schedule.id, descending=True))


@lru_cache(maxsize=128)
def _count(shape: Shape) -> Statement:
    query = select(func.count()).select_from(_SOURCE)
    return statement(query.where(*_conditions(shape)))


_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "variant_ids": any_of(_schedule.variant_id, "variant_ids"),
    "product_id": _schedule.variant_id.in_(
        select(variants_table.c.id).where(
            variants_table.c.product_id == bindparam("product_id", type_=BigInteger)
        )
    ),
    "channel_id": _schedule.channel_id == bindparam("channel_id"),
    "price_list_id": _entry.price_list_id == bindparam("price_list_id"),
}
_goes_on = or_(_schedule.ends_at.is_(None), _schedule.ends_at > NOW)
_STATES: dict[ScheduleState, ColumnElement[bool]] = {
    ScheduleState.UPCOMING: and_(_schedule.starts_at > NOW, _goes_on),
    ScheduleState.RUNNING: and_(_schedule.starts_at <= NOW, _goes_on),
    ScheduleState.ENDED: _schedule.ends_at <= NOW,
}


def _conditions(shape: Shape) -> Iterator[ColumnElement[bool]]:
    given, states = shape
    yield from (condition for name, condition in _CONDITIONS.items() if name in given)
    if states is not None:
        yield or_(*(condition for state, condition in _STATES.items() if state in states))


def _built(
    connection: Connection, rows: Sequence[tuple[Any, ...]], wanted: Selection, now: int
) -> list[PriceSchedule]:
    found = {}
    if wanted.wants("variant") and rows:
        view = View(now=now, drafts=True)
        found = variants(connection, [row[1] for row in rows], wanted.of("variant"), view=view)
    return [
        PriceSchedule(
            **dict(zip(_NAMES, row, strict=True)),
            state=state_of(row[9], row[10], now),
            variant=found.get(row[1]),
        )
        for row in rows
    ]


def state_of(starts_at: int, ends_at: int | None, now: int) -> ScheduleState:
    """Where a schedule is in its life."""
    if ends_at is not None and ends_at <= now:
        return ScheduleState.ENDED
    return ScheduleState.UPCOMING if starts_at > now else ScheduleState.RUNNING
