"""When people buy: evenings and lunch breaks, weekends, more each month, most at festivals."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import accumulate
from random import Random

DAY = 86_400_000
HOUR = 3_600_000
SHANGHAI = 8 * HOUR
DAYS = 180
BY_WEEKDAY = (0.95, 0.9, 0.92, 0.95, 1.05, 1.25, 1.3)
BEFORE_NOON = (2, 1, 0.6, 0.4, 0.4, 0.6, 1.5, 3, 4, 5, 6, 6)
AFTER_NOON = (7.5, 6, 5, 5, 5, 5.5, 6, 7, 9, 10, 9, 5)
FESTIVALS = ((6, 18), (8, 8), (9, 9), (11, 11), (12, 12))
FESTIVAL_LASTS_DAYS = 2
FESTIVAL_FACTOR = 2.6
GROWTH = 0.9
LATEST_BEFORE_NOW = 20 * 60_000


def order_times(count: int, *, seed: int, now: int) -> list[int]:
    """The instants (milliseconds) of that many orders over the last months, ascending."""
    random = Random(f"{seed} order times")
    today = (now + SHANGHAI) // DAY * DAY - SHANGHAI
    days = [today - ago * DAY for ago in range(DAYS, -1, -1)]
    chances = list(accumulate(_busy(day, place / DAYS) for place, day in enumerate(days)))
    hours = list(accumulate((*BEFORE_NOON, *AFTER_NOON)))
    times: list[int] = []
    while len(times) < count:
        day = random.choices(days, cum_weights=chances)[0]
        hour = random.choices(range(24), cum_weights=hours)[0]
        at = day + hour * HOUR + random.randrange(HOUR)
        if at <= now - LATEST_BEFORE_NOW:
            times.append(at)
    return sorted(times)


def _busy(day: int, progress: float) -> float:
    """How many orders a day brings compared with others; `progress` runs from 0 to 1."""
    local = datetime.fromtimestamp((day + SHANGHAI) / 1000, UTC).date()
    factor = FESTIVAL_FACTOR if _is_festive(local) else 1.0
    return (1 - GROWTH / 2 + GROWTH * progress) * BY_WEEKDAY[local.weekday()] * factor


def _is_festive(day: date) -> bool:
    return any(
        0 <= (day - date(day.year, month, first)).days < FESTIVAL_LASTS_DAYS
        for month, first in FESTIVALS
    )
