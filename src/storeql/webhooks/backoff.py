"""When a delivery that failed is tried again, and when it is given up."""

from __future__ import annotations

MOST_TRIES = 15
FIRST_PAUSE_MS = 10_000
LONGEST_PAUSE_MS = 6 * 60 * 60 * 1000
FACTOR = 4
JITTER = 0.2


def pause_ms(tries: int, *, chance: float) -> int | None:
    """How long to wait after the last of so many tries; None when it is given up.

    From 10 seconds, four times as long each time, to 6 hours: 15 tries in 52 hours. `chance`, from
    0 to 1, spreads the pause by a fifth either way, so that what failed together does not come
    back together.
    """
    if tries >= MOST_TRIES:
        return None
    pause: int = min(FIRST_PAUSE_MS * FACTOR ** (tries - 1), LONGEST_PAUSE_MS)
    return round(pause * (1 - JITTER + 2 * JITTER * chance))
