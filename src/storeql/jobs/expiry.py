"""Forgets jobs that ended long ago."""

from __future__ import annotations

from sqlalchemy import bindparam, delete

from storeql.db import Connection, statement
from storeql.jobs.tables import jobs

KEPT_MS = 90 * 24 * 60 * 60 * 1000

_FORGET = statement(delete(jobs).where(jobs.c.finished_at < bindparam("before")))


def forget_finished(connection: Connection, *, now: int) -> int:
    """How many jobs went that ended 90 days ago or more."""
    return connection.run(_FORGET, before=now - KEPT_MS)
