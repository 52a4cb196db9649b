"""Which operations are short enough to be run on the event loop itself.

Handing an operation to a thread costs up to 0.4 ms of CPU, more than a small read. Only reads that
cannot wait for a lock may stay on the loop, and only while each run proves short; the first runs,
which compile, are always in a thread.
"""

from __future__ import annotations

RUNS_BEFORE_TRUST = 3
MEMORY = 0.9


class Pace:
    """How long the runs of one operation take: a slow one counts at once, and fades slowly."""

    __slots__ = ("_runs", "_seconds")

    def __init__(self) -> None:
        self._runs = 0
        self._seconds = 0.0

    def note(self, seconds: float) -> None:
        """Takes one run into account."""
        self._runs += 1
        faded = self._seconds * MEMORY + seconds * (1 - MEMORY)
        self._seconds = max(seconds, faded) if self._runs > RUNS_BEFORE_TRUST else 0.0

    def is_within(self, seconds: float) -> bool:
        """Whether a run can be expected to take no longer."""
        return self._runs >= RUNS_BEFORE_TRUST and self._seconds <= seconds
