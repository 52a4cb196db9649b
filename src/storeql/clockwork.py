"""Tells of what the clock alone brings about, such as a promotion whose window opens."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

from storeql.db import Database
from storeql.logs import log_interruption
from storeql.promotions.set_up.told import promotions_gone_on, tell_states

log = structlog.get_logger("storeql.clockwork")

LOOK_EVERY_SECONDS = 1.0


class Clockwork:
    """Looks every second in the thread that calls `run`; several may look at once."""

    def __init__(self, database: Database, clock: Callable[[], int], stop: threading.Event) -> None:
        self._database = database
        self._clock = clock
        self._stop = stop

    def run(self) -> None:
        """Looks until `stop` is set."""
        while not self._stop.is_set():
            try:
                self.look()
            except Exception as error:
                log_interruption(log, "clockwork_interrupted", error)
            self._stop.wait(LOOK_EVERY_SECONDS)

    def look(self) -> int:
        """How many promotions have started or ended since they were last looked at."""
        now = self._clock()
        with self._database.reading() as connection:
            ids = promotions_gone_on(connection, now=now)
        if not ids:
            return 0
        return self._database.write(lambda connection: tell_states(connection, ids, now=now))
