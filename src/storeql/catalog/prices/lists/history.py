"""Keeps what the prices of lists were, are and, as planned, will be: see prices/history.py.

That is what the list itself says, whoever it is for: an amount or a percentage. What it makes of
everybody's price, where it is for everybody, is kept beside it, with the channel's prices.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, delete, func, insert, select

from storeql.catalog.prices.causes import NOT_FORCED, Cause, CauseKind, Forced
from storeql.catalog.prices.planners import planners_of
from storeql.catalog.prices.tables import (
    price_changes,
    price_list_entries,
    price_lists,
    price_schedules,
)
from storeql.db import Connection, any_of, statement

_change, _entry, _list = price_changes.c, price_list_entries.c, price_lists.c
_schedule = price_schedules.c
_ENTRIES = statement(
    select(
        _list.id,
        _entry.variant_id,
        _entry.from_quantity,
        _list.name,
        _list.currency,
        _entry.price_minor,
        _entry.percent_off_basis_points,
        _entry.id,
    )
    .join_from(price_list_entries, price_lists, _list.id == _entry.price_list_id)
    .where(any_of(_list.id, "list_ids"), any_of(_entry.variant_id, "ids"))
    .order_by(_list.id, _entry.variant_id, _entry.from_quantity)
)
_SCHEDULES = statement(
    select(
        _schedule.entry_id,
        _schedule.id,
        _schedule.price_minor,
        _schedule.starts_at,
        _schedule.ends_at,
    )
    .where(
        any_of(_schedule.variant_id, "ids"),
        _schedule.entry_id.is_not(None),
        func.coalesce(_schedule.ends_at, bindparam("now") + 1) > bindparam("now"),
    )
    .order_by(_schedule.entry_id, _schedule.starts_at)
)
_earlier = price_changes.alias("earlier")
_last = (
    select(func.max(_earlier.c.at))
    .where(
        _earlier.c.variant_id == _change.variant_id,
        _earlier.c.price_list_id == _change.price_list_id,
        _earlier.c.from_quantity == _change.from_quantity,
        _earlier.c.at <= bindparam("now"),
    )
    .correlate(price_changes)
    .scalar_subquery()
)
_KNOWN = statement(
    select(
        _change.price_list_id,
        _change.variant_id,
        _change.from_quantity,
        _change.id,
        _change.at,
        _change.price_minor,
        func.coalesce(_change.percent_off_basis_points, 0),
        _change.price_list_name,
        _change.price_list_currency,
    )
    .where(
        any_of(_change.variant_id, "ids"),
        any_of(_change.price_list_id, "list_ids"),
        _change.at >= func.coalesce(_last, 0),
    )
    .order_by(
        _change.price_list_id, _change.variant_id, _change.from_quantity, _change.at, _change.id
    )
)
_FORGET = statement(delete(price_changes).where(any_of(_change.id, "ids")))
_ADD = statement(
    insert(price_changes),
    *(column.name for column in price_changes.columns if column.name != "id"),
)

Place = tuple[int, int, int]
"""A list, a variant, and the pieces from which a price holds."""


class Listed(Struct, frozen=True):
    """A price of a list: an amount, or basis points off; neither where there is none."""

    price_minor: int | None
    percent_off_basis_points: int = 0


NONE = Listed(None)


class _Scheduled(Struct, frozen=True):
    """A price that stands in for an entry's."""

    id: int
    price_minor: int
    starts_at: int
    ends_at: int | None

    def holds(self, at: int) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


class _Entry(Struct, frozen=True, kw_only=True):
    """An entry as it stands, with what is scheduled for it."""

    name: str
    currency: str
    own: Listed
    schedules: Sequence[_Scheduled] = ()

    def at(self, instant: int) -> tuple[Listed, int | None]:
        """What the list says at an instant, and the schedule that makes it say so."""
        scheduled = next((one for one in self.schedules if one.holds(instant)), None)
        if scheduled is None:
            return self.own, None
        return Listed(scheduled.price_minor), scheduled.id


class _Known(Struct, frozen=True):
    """A change that is written down already."""

    id: int
    at: int
    listed: Listed
    name: str
    currency: str


class _Turn(Struct, frozen=True):
    """A change to come, with the schedule that begins or ends then."""

    at: int
    listed: Listed
    schedule_id: int
    begins: bool


def keep_entry_history(
    connection: Connection,
    list_ids: Collection[int],
    variant_ids: Collection[int],
    *,
    cause: Cause,
    now: int,
    forced: Forced = NOT_FORCED,
) -> None:
    """Notes what these lists say of these variants since `now`, and plans what they will say.

    The variants' products must be locked; five statements at most.
    """
    lists, ids = sorted(list_ids), sorted(variant_ids)
    entries = _entries(connection, list_ids=lists, ids=ids, now=now)
    known = _known(connection, list_ids=lists, ids=ids, now=now)
    gone: list[int] = []
    added: list[dict[str, Any]] = []
    turns: list[tuple[Place, _Entry, Listed, _Turn]] = []
    for place in sorted({*entries, *known}):
        past = [one for one in known.get(place, ()) if one.at <= now]
        planned = [one for one in known.get(place, ()) if one.at > now]
        before = past[-1].listed if past else NONE
        entry = entries.get(place) or _removed(past or planned)
        current, schedule_id = entry.at(now)
        if current != before:
            named = _exactly(cause, schedule_id)
            added.append(_row(place, entry, before, current, named, now, now, forced))
        later = list(_turns(entry, now)) if place in entries else []
        if [(one.at, one.listed) for one in later] != [(one.at, one.listed) for one in planned]:
            gone += [one.id for one in planned]
            for turn in later:
                turns.append((place, entry, current, turn))
                current = turn.listed
    added += _planned(connection, turns, now)
    if gone:
        connection.run(_FORGET, ids=gone)
    connection.run_many(_ADD, added)


def _entries(
    connection: Connection, *, list_ids: Sequence[int], ids: Sequence[int], now: int
) -> dict[Place, _Entry]:
    found = connection.rows(_ENTRIES, list_ids=list_ids, ids=ids)
    scheduled: dict[int, list[_Scheduled]] = {}
    if found:
        for entry_id, *values in connection.rows(_SCHEDULES, ids=ids, now=now):
            scheduled.setdefault(entry_id, []).append(_Scheduled(*values))
    return {
        (row[0], row[1], row[2]): _Entry(
            name=row[3],
            currency=row[4],
            own=Listed(row[5], row[6]),
            schedules=scheduled.get(row[7], ()),
        )
        for row in found
    }


def _known(
    connection: Connection, *, list_ids: Sequence[int], ids: Sequence[int], now: int
) -> Mapping[Place, Sequence[_Known]]:
    rows = connection.rows(_KNOWN, list_ids=list_ids, ids=ids, now=now)
    return {
        (key[0], key[1], key[2]): [
            _Known(row[3], row[4], Listed(row[5], row[6]), row[7], row[8]) for row in found
        ]
        for key, found in groupby(rows, itemgetter(0, 1, 2))
    }


def _removed(known: Sequence[_Known]) -> _Entry:
    return _Entry(name=known[-1].name, currency=known[-1].currency, own=NONE)


def _turns(entry: _Entry, now: int) -> Iterator[_Turn]:
    instants = {
        instant
        for one in entry.schedules
        for instant in (one.starts_at, one.ends_at)
        if instant is not None and instant > now
    }
    before, until_then = entry.at(now)
    for at in sorted(instants):
        listed, schedule_id = entry.at(at)
        if listed != before:
            made_by = schedule_id if schedule_id is not None else until_then
            assert made_by is not None
            yield _Turn(at, listed, made_by, schedule_id is not None)
        before, until_then = listed, schedule_id


def _planned(
    connection: Connection, turns: Sequence[tuple[Place, _Entry, Listed, _Turn]], now: int
) -> Iterator[dict[str, Any]]:
    ids = {turn.schedule_id for *_, turn in turns}
    planners = planners_of(connection, schedule_ids=ids, list_ids=()) if ids else {}
    for place, entry, before, turn in turns:
        planner = planners[f"price_schedule:{turn.schedule_id}"]
        row = _row(place, entry, before, turn.listed, planner.cause, turn.at, now)
        yield row | {"floor_minor": planner.floor_minor if turn.begins else None}


def _exactly(cause: Cause, schedule_id: int | None) -> Cause:
    if cause.kind is not CauseKind.SCHEDULE or schedule_id is None:
        return cause
    return replace(cause, reference=f"price_schedule:{schedule_id}")


def _row(
    place: Place,
    entry: _Entry,
    before: Listed,
    after: Listed,
    cause: Cause,
    at: int,
    now: int,
    forced: Forced = NOT_FORCED,
) -> dict[str, Any]:
    broken = [floor for key, floor in forced.floors.items() if key[0] == place[1]]
    floor_minor = max(broken, default=None)
    return {
        "variant_id": place[1],
        "channel_id": None,
        "price_list_id": place[0],
        "price_list_name": entry.name,
        "price_list_currency": entry.currency,
        "from_quantity": place[2],
        "at": at,
        "before_minor": before.price_minor,
        "price_minor": after.price_minor,
        "percent_off_basis_points": after.percent_off_basis_points or None,
        "compare_at_minor": None,
        "regular_minor": None,
        "lowest_before_minor": None,
        "floor_minor": floor_minor,
        "cause": cause.kind.value,
        "reference": cause.reference,
        "actor": cause.actor,
        "reason": cause.reason if floor_minor is None else forced.reason,
        "recorded_at": now,
    }
