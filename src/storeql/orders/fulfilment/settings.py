"""The shop's terms of fulfilment: when an order is to leave, and when it is completed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, func, literal, select

from storeql.db import Connection, statement
from storeql.orders.fulfilment.tables import channel_handling_hours, fulfilment_settings

SHOP = 1
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
HANDLING_HOURS = 48
COMPLETION_DAYS = 7


class ShortPick(StrEnum):
    """What becomes of an order whose pieces are not where they should be."""

    OTHER_WAREHOUSE = "OTHER_WAREHOUSE"
    HOLD = "HOLD"


class ChannelHours(Struct, frozen=True):
    """The handling time of one channel, in hours."""

    channel_id: int
    hours: int


class FulfilmentSettings(Struct, frozen=True, kw_only=True):
    """The terms; version 0 is what holds until somebody changes them."""

    handling_hours: int = HANDLING_HOURS
    completion_days: int = COMPLETION_DAYS
    short_pick: ShortPick = ShortPick.OTHER_WAREHOUSE
    channels: Sequence[ChannelHours] = ()
    updated_at: int | None = None
    version: int = 0


_settings, _channel = fulfilment_settings.c, channel_handling_hours.c
_READ = statement(
    select(
        _settings.handling_hours,
        _settings.completion_days,
        _settings.short_pick,
        _settings.updated_at,
        _settings.version,
    ).where(_settings.id == literal(SHOP))
)
_CHANNELS = statement(select(_channel.channel_id, _channel.hours).order_by(_channel.channel_id))


def current_settings(connection: Connection, *, with_channels: bool = False) -> FulfilmentSettings:
    """The terms that hold; those of channels only when they are asked for."""
    channels = [ChannelHours(*row) for row in connection.rows(_CHANNELS)] if with_channels else ()
    row = connection.one(_READ)
    if row is None:
        return FulfilmentSettings(channels=channels)
    handling_hours, completion_days, short_pick, updated_at, version = row
    return FulfilmentSettings(
        handling_hours=handling_hours,
        completion_days=completion_days,
        short_pick=ShortPick(short_pick),
        channels=channels,
        updated_at=updated_at,
        version=version,
    )


def ship_by_of_new_order() -> ColumnElement[int]:
    """When an order that is inserted with `channel_id` and `placed_at` has to leave, as SQL."""
    of_channel = (
        select(_channel.hours)
        .where(_channel.channel_id == bindparam("channel_id"))
        .scalar_subquery()
    )
    of_shop = (
        select(_settings.handling_hours).where(_settings.id == literal(SHOP)).scalar_subquery()
    )
    hours = func.coalesce(of_channel, of_shop, literal(HANDLING_HOURS))
    return bindparam("placed_at") + hours * literal(HOUR_MS)
