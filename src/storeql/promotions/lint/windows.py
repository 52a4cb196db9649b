"""Whether a promotion's window ever opens: its ends, weekdays and hours taken together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storeql.pricing import Window, in_window

DAYS_LOOKED_AT = 8
"""A week holds every weekday, and one more day the early hours of a range over midnight."""


def first_open(window: Window, *, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The first instant from `now` on at which it runs, in the shop's zone; None for never."""
    for instant in _beginnings(window, zone, now):
        if in_window(window, instant):
            return instant
    return None


def _beginnings(window: Window, zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    """The instants at which it can open: its start, and each day's first minute and midnight."""
    start = max(now, window.starts_at or now).astimezone(zone)
    yield start
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    for days in range(DAYS_LOOKED_AT + 1):
        for minutes in (0, window.from_minute):
            instant = midnight + timedelta(days=days, minutes=minutes)
            if instant > start:
                yield instant
