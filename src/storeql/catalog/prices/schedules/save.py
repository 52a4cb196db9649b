"""Schedules prices, changes what is scheduled, and ends it before its time.

A schedule never changes what was: one that has begun keeps its start, and one that is over stays.
Schedules of one place (a variant in a channel, or an entry of a list) never overlap.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from storeql.catalog.prices.causes import (
    NOT_FORCED,
    Cause,
    CauseKind,
    Forced,
    checked_cause,
    checked_reason,
)
from storeql.catalog.prices.current import channel_currencies
from storeql.catalog.prices.guard import PriceGuard
from storeql.catalog.prices.history import keep_history
from storeql.catalog.prices.lists.history import keep_entry_history
from storeql.catalog.prices.schedules.check import (
    Checked,
    changed_schedule,
    check_room,
    checked_schedule,
    refuse_overlap,
    values_of,
)
from storeql.catalog.prices.schedules.places import (
    Known,
    Place,
    known_places,
    owners_of_entries,
)
from storeql.catalog.prices.schedules.records import ScheduleInput, ScheduleUpdate
from storeql.catalog.prices.schedules.windows import Open, open_schedules
from storeql.catalog.prices.settle import settle
from storeql.catalog.prices.tables import price_schedules
from storeql.catalog.products.rows import locked_products
from storeql.catalog.variants.rows import products_of_variants
from storeql.catalog.versions import note_version
from storeql.db import Connection, any_of, statement
from storeql.errors import refuse
from storeql.inputs import Fields

MOST_AT_ONCE = 100

_schedule = price_schedules.c
_VALUES = ("price_minor", "compare_at_minor", "floor_minor", "starts_at", "ends_at")
_ADD = statement(
    insert(price_schedules),
    "variant_id",
    "channel_id",
    "entry_id",
    *_VALUES,
    "created_by",
    "reason",
    "created_at",
)
_OWNERS = statement(select(_schedule.id, _schedule.variant_id).where(any_of(_schedule.id, "ids")))
_SAVE = statement(
    update(price_schedules)
    .where(_schedule.id == bindparam("b_id"))
    .values(version=_schedule.version + 1),
    *_VALUES,
)
_END = statement(
    update(price_schedules)
    .where(any_of(_schedule.id, "ids"))
    .values(ends_at=bindparam("now"), version=_schedule.version + 1)
)
_DROP = statement(delete(price_schedules).where(any_of(_schedule.id, "ids")))


def create_schedules(
    connection: Connection,
    given: Sequence[ScheduleInput],
    *,
    actor: str,
    reason: str = "",
    below_floor_reason: str = "",
    now: int,
) -> list[int]:
    """The row numbers of new schedules, in order, all or none; at most 100.

    Raises Rejected with all problems: ScheduleOverlaps and BelowFloor among them.
    """
    fields = Fields()
    fields.count("schedules", given, least=1, most=MOST_AT_ONCE)
    cause = checked_cause(fields, _cause(actor, reason))
    force = checked_reason(fields, below_floor_reason)
    fields.refuse_problems()
    known = _hold(connection, given)
    guard = PriceGuard(connection, known.products, reason=force, now=now)
    standing = open_schedules(connection, known.products, now)
    checked: list[Checked] = []
    for entry, one in zip(fields.each("schedules", len(given)), given, strict=True):
        made = checked_schedule(entry, one, known, guard, now)
        refuse_overlap(entry, made, standing, checked)
        checked.append(made)
    check_room(fields, standing, checked)
    fields.refuse_problems()
    kept_reason = cause.reason if not guard.broken else force
    rows = [_row(one, cause.actor, kept_reason, now) for one in checked]
    connection.run_many(_ADD, rows)
    added = {
        (one.place, one.window.starts_at): one.id
        for one in open_schedules(connection, known.products, now)
    }
    forced = Forced(floors=guard.broken, reason=force)
    places = [one.place for one in checked]
    _tell(connection, known, places, cause=cause, now=now, forced=forced)
    return [added[one.place, one.window.starts_at] for one in checked]


def update_schedule(
    connection: Connection,
    change: ScheduleUpdate,
    *,
    actor: str,
    reason: str = "",
    below_floor_reason: str = "",
    now: int,
) -> None:
    """Changes a schedule that is not over; raises Rejected with all problems."""
    fields = Fields()
    cause = checked_cause(fields, _cause(actor, reason, change.id))
    force = checked_reason(fields, below_floor_reason)
    fields.refuse_problems()
    known, standing = _hold_schedules(connection, [change.id], now)
    old = next((one for one in standing if one.id == change.id), None)
    if old is None:
        raise _missing_or_over(connection, change.id)
    note_version(fields, old.version, change.expected_version)
    guard = PriceGuard(connection, known.products, reason=force, now=now)
    made = changed_schedule(fields, change, old, known, guard, now)
    others = [one for one in standing if one.id != change.id]
    refuse_overlap(fields, made, others, ())
    fields.refuse_problems()
    connection.run(_SAVE, b_id=change.id, **values_of(made))
    forced = Forced(floors=guard.broken, reason=force)
    _tell(connection, known, [old.place], cause=cause, now=now, forced=forced)


def end_schedules(
    connection: Connection, ids: Sequence[int], *, actor: str, reason: str = "", now: int
) -> list[int]:
    """Ends schedules now, and drops those that have not begun; the row numbers, each once.

    Raises Rejected with each that is not there or over already.
    """
    fields = Fields()
    wanted = fields.distinct("ids", ids, most=MOST_AT_ONCE)
    one = wanted[0] if len(wanted) == 1 else None
    cause = checked_cause(fields, _cause(actor, reason, one))
    fields.refuse_problems()
    known, standing = _hold_schedules(connection, wanted, now)
    found = {one.id: one for one in standing}
    for place, row in enumerate(wanted):
        if row not in found:
            message = "There is no such schedule, or it is over."
            fields.report("NOT_FOUND", message, "ids", str(place))
    fields.refuse_problems()
    running = [row for row in wanted if found[row].window.starts_at < now]
    connection.run(_END, ids=running, now=now)
    connection.run(_DROP, ids=[row for row in wanted if row not in running])
    _tell(connection, known, [found[row].place for row in wanted], cause=cause, now=now)
    return list(wanted)


def _cause(actor: str, reason: str, schedule_id: int | None = None) -> Cause:
    reference = "" if schedule_id is None else f"price_schedule:{schedule_id}"
    return Cause(kind=CauseKind.SCHEDULE, actor=actor, reason=reason, reference=reference)


def _hold(connection: Connection, given: Sequence[ScheduleInput]) -> Known:
    """What the inputs name, with their products locked."""
    entry_ids = {one.entry_id for one in given if one.entry_id is not None}
    owners = owners_of_entries(connection, entry_ids)
    named = {one.variant_id for one in given if one.variant_id is not None}
    return _held(connection, {*named, *owners.values()}, entry_ids)


def _hold_schedules(
    connection: Connection, ids: Sequence[int], now: int
) -> tuple[Known, list[Open]]:
    """What schedules are about, with their products locked, and all that is open beside them."""
    owners = {variant_id for _, variant_id in connection.rows(_OWNERS, ids=ids)}
    locked_products(connection, products_of_variants(connection, owners).values())
    standing = open_schedules(connection, owners, now)
    entry_ids = {one.place.entry_id for one in standing if one.place.entry_id is not None}
    return _held(connection, owners, entry_ids), standing


def _held(connection: Connection, variant_ids: Iterable[int], entry_ids: Collection[int]) -> Known:
    found = products_of_variants(connection, variant_ids)
    locked_products(connection, found.values())
    products = products_of_variants(connection, found)
    return known_places(connection, products, entry_ids, channel_currencies(connection))


def _row(one: Checked, actor: str, reason: str, now: int) -> dict[str, Any]:
    return {
        "variant_id": one.place.variant_id,
        "channel_id": one.place.channel_id,
        "entry_id": one.place.entry_id,
        **values_of(one),
        "created_by": actor,
        "reason": reason,
        "created_at": now,
    }


def _tell(
    connection: Connection,
    known: Known,
    places: Sequence[Place],
    *,
    cause: Cause,
    now: int,
    forced: Forced = NOT_FORCED,
) -> None:
    """Notes what holds now and what will, of the lists' own prices and of everybody's."""
    lists = {known.list_of(place) for place in places}
    list_ids = {one for one in lists if one is not None}
    ids = {place.variant_id for place in places}
    if list_ids:
        keep_entry_history(connection, list_ids, ids, cause=cause, now=now, forced=forced)
    keep_history(connection, ids, cause=cause, now=now, forced=forced)
    settle(connection, {known.products[one] for one in ids}, now=now)


def _missing_or_over(connection: Connection, row_id: int) -> Exception:
    if connection.rows(_OWNERS, ids=[row_id]):
        return refuse("ALREADY_OVER", "This is over: schedule another price.", "id")
    return refuse("NOT_FOUND", "There is no such schedule.", "id")
