"""Tells every process what committed transactions changed, apart from those transactions.

PostgreSQL lets one transaction with a NOTIFY commit at a time in a whole server: orders that
announced themselves waited for each other's disk (with 10 ms a commit, p95 727 ms against 412).
So a write only leaves its topics here, and a thread tells many writes' topics at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

import structlog
from sqlalchemy import Engine

from storeql.db.pool import connected, reaching
from storeql.logs import log_interruption

log = structlog.get_logger("storeql.herald")

NOTICE_CHANNEL = "storeql"
NOTIFY = f"SELECT pg_notify('{NOTICE_CHANNEL}', topic) FROM unnest(%(topics)s::text[]) AS topic"
# Nothing is lost with a notice that a crash takes: listeners look for themselves now and then.
UNHURRIED = "SET synchronous_commit = off"
AGAIN_AFTER_SECONDS = 1.0
CLOSED_WITHIN_SECONDS = 5.0


class Herald:
    """One thread and one connection of its own, both begun with the first topic."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._waiting: set[str] = set()
        self._something = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._driver: Any = None

    def tell(self, topics: Iterable[str]) -> None:
        """Tells that the topics changed, soon and at least once while this process lives."""
        with self._lock:
            self._waiting.update(topics)
            if self._waiting and self._thread is None:
                self._thread = threading.Thread(
                    target=self._cry, name="storeql-herald", daemon=True
                )
                self._thread.start()
        self._something.set()

    def close(self) -> None:
        """Tells what still waits, then hangs up."""
        self._closing.set()
        self._something.set()
        if self._thread is not None:
            self._thread.join(CLOSED_WITHIN_SECONDS)

    def _cry(self) -> None:
        while not self._closing.is_set():
            self._something.wait()
            self._something.clear()
            if not self._told(self._taken()):
                self._closing.wait(AGAIN_AFTER_SECONDS)
                self._something.set()
        self._told(self._taken())
        self._hang_up()

    def _taken(self) -> set[str]:
        with self._lock:
            taken, self._waiting = self._waiting, set()
        return taken

    def _told(self, topics: set[str]) -> bool:
        """Whether the topics went out; if not they wait again."""
        if not topics:
            return True
        try:
            with reaching(self._engine):
                self._connected().execute(NOTIFY, {"topics": sorted(topics)})
        except Exception as error:
            log_interruption(log, "notices_not_told", error, topics=len(topics))
            self._hang_up()
            with self._lock:
                self._waiting |= topics
            return False
        return True

    def _connected(self) -> Any:
        if self._driver is None:
            pooled = connected(self._engine, UNHURRIED)
            self._driver = pooled.driver_connection
            pooled.detach()
        return self._driver

    def _hang_up(self) -> None:
        driver, self._driver = self._driver, None
        if driver is not None:
            driver.close()
