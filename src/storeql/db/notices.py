"""Notices that something changed, told to every process once the change is committed.

A notice names a topic such as "order:12" and carries nothing else: whoever hears it reads the
state again, so a doubled notice does no harm. PostgreSQL tells them by NOTIFY (see `herald`); on
SQLite every process looks whether the file's data version moved and then tells all its listeners.
A process killed between a commit and its notice takes the notice along: so every listener also
looks for itself now and then.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from typing import Any

import structlog
from sqlalchemy import Engine

from storeql.db.connection import Connection
from storeql.db.database import Database
from storeql.db.herald import NOTICE_CHANNEL
from storeql.db.pool import connected, reaching
from storeql.logs import log_interruption

log = structlog.get_logger("storeql.notices")

LOOK_EVERY_SECONDS = 0.05
LOOK_ANYWAY_AFTER_SECONDS = 30.0
RECONNECT_AFTER_SECONDS = 1.0
ANYTHING = "*"


def announce(connection: Connection, *topics: str) -> None:
    """Tells all processes, once this transaction is committed, that the topics changed."""
    connection.topics.update(topics)


class Notices:
    """Listens for notices in a thread of its own while anybody subscribes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._listeners: dict[str, set[_Listener]] = {}
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    async def follow(self, topic: str) -> AsyncIterator[None]:
        """Yields once at the start and then after every change of the topic, never twice for
        changes that came while the last one was still being handled; every 30 s in any case."""
        listener = _Listener(asyncio.get_running_loop())
        self._add(topic, listener)
        try:
            while True:
                yield
                await listener.wait()
        finally:
            self._remove(topic, listener)

    def close(self) -> None:
        """Stops listening."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _add(self, topic: str, listener: _Listener) -> None:
        with self._lock:
            self._listeners.setdefault(topic, set()).add(listener)
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._listen, name="storeql-notices", daemon=True
                )
                self._thread.start()

    def _remove(self, topic: str, listener: _Listener) -> None:
        with self._lock:
            group = self._listeners.get(topic, set())
            group.discard(listener)
            if not group:
                self._listeners.pop(topic, None)

    def _tell(self, topic: str) -> None:
        with self._lock:
            if topic == ANYTHING:
                heard = [one for group in self._listeners.values() for one in group]
            else:
                heard = list(self._listeners.get(topic, ()))
        for listener in heard:
            listener.wake()

    def _listen(self) -> None:
        watch: Callable[[Engine], None] = (
            self._watch_file if self._database.is_sqlite else self._hear_notify
        )
        while not self._stop.is_set():
            try:
                watch(self._database.engine)
            except Exception as error:
                log_interruption(log, "notices_interrupted", error)
                self._stop.wait(RECONNECT_AFTER_SECONDS)

    def _watch_file(self, engine: Engine) -> None:
        connection: Any = sqlite3.connect(str(engine.url.database))
        with contextlib.closing(connection):
            seen = _data_version(connection)
            self._tell(ANYTHING)  # what changed before the first look would be missed
            while not self._stop.wait(LOOK_EVERY_SECONDS):
                now = _data_version(connection)
                if now != seen:
                    seen = now
                    self._tell(ANYTHING)

    def _hear_notify(self, engine: Engine) -> None:
        pooled = connected(engine, f"LISTEN {NOTICE_CHANNEL}")
        driver: Any = pooled.driver_connection
        pooled.detach()
        with reaching(engine), contextlib.closing(driver):
            self._tell(ANYTHING)  # what changed before it listened, or while it could not
            while not self._stop.is_set():
                for notice in driver.notifies(timeout=0.5):
                    self._tell(notice.payload)


def _data_version(connection: Any) -> int:
    """A number that moves when another connection commits a change to the file."""
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    return int(version)


class _Listener:
    """Wakes one subscriber's event loop from the listening thread."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._changed = asyncio.Event()

    def wake(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has closed
            self._loop.call_soon_threadsafe(self._changed.set)

    async def wait(self) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), LOOK_ANYWAY_AFTER_SECONDS)
        self._changed.clear()
