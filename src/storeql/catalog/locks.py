"""Lets one writer at a time at something that no single row stands for."""

from __future__ import annotations

from enum import IntEnum

from storeql.db import Connection


class Guarded(IntEnum):
    """What is changed by one transaction at a time; the numbers are PostgreSQL's advisory keys."""

    CHANNELS = 7_410_401
    CATEGORY_TREE = 7_410_402
    NEW_ROWS = 7_410_403


def guard(connection: Connection, guarded: Guarded) -> None:
    """Waits until nobody else changes it, and keeps others waiting until the transaction ends.

    On SQLite every write transaction is alone already.
    """
    if not connection.is_sqlite:
        connection.text("SELECT pg_advisory_xact_lock(%(key)s)", {"key": int(guarded)})
