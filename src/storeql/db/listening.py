"""Which kinds of changes somebody outside listens to, read with the BEGIN of every write.

A set that a process kept in memory would be older than what another process has just saved. On
PostgreSQL the SELECT travels in BEGIN's own message (10 microseconds more), on SQLite it is a look
into a page in memory (1 microsecond): so a write knows exactly, and one that nobody listens to
writes nothing for it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Integer, Table, Text

from storeql.db.metadata import metadata

# One row, or none while nobody listens. kinds: the names, separated by commas.
listening = Table(
    "listening",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("kinds", Text, nullable=False),
)

READ_KINDS = "SELECT kinds FROM listening"
BEGIN_ON_SQLITE = "BEGIN IMMEDIATE"
BEGIN_ON_POSTGRESQL = f"BEGIN; {READ_KINDS}"


def kinds_heard(driver: Any, begin: Any, *, is_sqlite: bool) -> frozenset[str]:
    """The kinds, just after a write began; `begin` is the cursor of its BEGIN."""
    answer = driver.execute(READ_KINDS) if is_sqlite else begin
    if not is_sqlite:
        answer.nextset()
    row = answer.fetchone()
    return kinds_in(row[0]) if row else frozenset()


@lru_cache(maxsize=256)
def kinds_in(text: str) -> frozenset[str]:
    """The kinds in the column's text."""
    return frozenset(text.split(",")) if text else frozenset()
