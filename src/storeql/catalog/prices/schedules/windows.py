"""The schedules of variants that are not over, and where their windows meet."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storeql.catalog.prices.schedules.places import Place
from storeql.catalog.prices.tables import price_schedules
from storeql.catalog.products.publish import LATEST_AT
from storeql.db import Connection, any_of, statement

_schedule = price_schedules.c
_OPEN = statement(
    select(
        _schedule.id,
        _schedule.variant_id,
        _schedule.channel_id,
        _schedule.entry_id,
        _schedule.starts_at,
        _schedule.ends_at,
        _schedule.price_minor,
        _schedule.compare_at_minor,
        _schedule.version,
    )
    .where(
        any_of(_schedule.variant_id, "ids"),
        func.coalesce(_schedule.ends_at, LATEST_AT) > bindparam("now"),
    )
    .order_by(_schedule.id)
)


class Window(Struct, frozen=True):
    """A half-open window of instants; None is for good."""

    starts_at: int
    ends_at: int | None

    def overlaps(self, other: Window) -> bool:
        """True when an instant is in both."""
        return self.starts_at < end_of(other) and other.starts_at < end_of(self)


class Open(Struct, frozen=True, kw_only=True):
    """A schedule that is not over."""

    id: int
    place: Place
    window: Window
    price_minor: int
    compare_at_minor: int | None
    version: int


def open_schedules(connection: Connection, variant_ids: Iterable[int], now: int) -> list[Open]:
    """All schedules of variants that are not over, the oldest first."""
    rows = connection.rows(_OPEN, ids=sorted(variant_ids), now=now)
    return [
        Open(
            id=row[0],
            place=Place(row[1], row[2], row[3]),
            window=Window(row[4], row[5]),
            price_minor=row[6],
            compare_at_minor=row[7],
            version=row[8],
        )
        for row in rows
    ]


def end_of(window: Window) -> int:
    """The end of a window, the last of all instants for one without."""
    return LATEST_AT if window.ends_at is None else window.ends_at
