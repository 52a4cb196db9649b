"""Changes the shop's terms of fulfilment; orders that are placed from now on follow them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import bindparam, delete, insert, literal_column, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storeql.catalog.known_ids import known_ids
from storeql.catalog.tables import channels
from storeql.db import Connection, statement
from storeql.errors import Rejected, StaleVersion
from storeql.inputs import Fields
from storeql.orders.fulfilment.settings import (
    SHOP,
    ChannelHours,
    FulfilmentSettings,
    ShortPick,
    current_settings,
)
from storeql.orders.fulfilment.tables import channel_handling_hours, fulfilment_settings

Value = TypeVar("Value")

MOST_HOURS = 24 * 90
MOST_DAYS = 365
MOST_CHANNELS = 100

_settings = fulfilment_settings.c
_NAMES = ("handling_hours", "completion_days", "short_pick", "updated_at")
_FIRST = statement(
    upsert(fulfilment_settings)
    .values({"id": literal_column(str(SHOP)), **{name: bindparam(name) for name in _NAMES}})
    .on_conflict_do_nothing(index_elements=["id"])
)
_NEXT = statement(
    update(fulfilment_settings)
    .where(_settings.version == bindparam("expected"))
    .values(
        {name: bindparam(f"new_{name}") for name in _NAMES} | {"version": _settings.version + 1}
    )
)
_CLEAR = statement(delete(channel_handling_hours))
_SET = statement(insert(channel_handling_hours), "channel_id", "hours")


class SettingsChange(Struct, frozen=True, kw_only=True):
    """What is given is changed; `channels` is replaced as a whole."""

    expected_version: int
    handling_hours: int | UnsetType = UNSET
    completion_days: int | UnsetType = UNSET
    short_pick: ShortPick | UnsetType = UNSET
    channels: Sequence[ChannelHours] | UnsetType = UNSET


def update_fulfilment_settings(
    connection: Connection, change: SettingsChange, *, now: int
) -> FulfilmentSettings:
    """The terms after the change.

    Raises Rejected with everything wrong with the input, and StaleVersion when they were changed
    since they were read.
    """
    before = current_settings(connection)
    _check(connection, change)
    values = {
        "handling_hours": _or(change.handling_hours, before.handling_hours),
        "completion_days": _or(change.completion_days, before.completion_days),
        "short_pick": _or(change.short_pick, before.short_pick).value,
        "updated_at": now,
    }
    if change.expected_version == 0:
        changed = connection.run(_FIRST, **values)
    else:
        new = {f"new_{name}": value for name, value in values.items()}
        changed = connection.run(_NEXT, expected=change.expected_version, **new)
    if not changed:
        message, field = "The settings changed after they were read.", ("expectedVersion",)
        current = current_settings(connection).version
        raise Rejected([StaleVersion(message=message, field=field, current=current)])
    if change.channels is not UNSET:
        connection.run(_CLEAR)
        rows = [{"channel_id": one.channel_id, "hours": one.hours} for one in change.channels]
        connection.run_many(_SET, rows)
    return current_settings(connection, with_channels=True)


def _or(given: Value | UnsetType, before: Value) -> Value:
    return before if isinstance(given, UnsetType) else given


def _check(connection: Connection, change: SettingsChange) -> None:
    fields = Fields()
    if change.handling_hours is not UNSET:
        fields.whole("handlingHours", change.handling_hours, least=1, most=MOST_HOURS)
    if change.completion_days is not UNSET:
        fields.whole("completionDays", change.completion_days, most=MOST_DAYS)
    if change.channels is not UNSET:
        _check_channels(connection, fields, change.channels)
    fields.refuse_problems()


def _check_channels(connection: Connection, fields: Fields, given: Sequence[ChannelHours]) -> None:
    fields.count("channels", given, most=MOST_CHANNELS)
    known = known_ids(connection, channels, (one.channel_id for one in given))
    seen: set[int] = set()
    for at, one in zip(fields.each("channels", len(given)), given, strict=True):
        at.whole("hours", one.hours, least=1, most=MOST_HOURS)
        if one.channel_id not in known:
            at.missing("channel", "channelId")
        elif one.channel_id in seen:
            at.report("DUPLICATE", "This channel comes twice.", "channelId")
        seen.add(one.channel_id)
