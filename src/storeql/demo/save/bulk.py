"""Inserts many rows whose numbers are known beforehand, without asking the database for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, func, insert, select

from storeql.db import Connection, Statement, statement
from storeql.db.name_order import keyed
from storeql.demo.save.numbering import number_from

Rows = Sequence[Mapping[str, Any]]


class Bulk:
    """One transaction's inserts, numbering rows upwards from what is in each table."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._last: dict[Table, int] = {}

    def number(self, table: Table, rows: Rows) -> list[dict[str, Any]]:
        """The rows with their `id`s, in order."""
        if not rows:
            return []
        first = self._last_of(table) + 1
        self._last[table] = first + len(rows) - 1
        return [{"id": first + place, **row} for place, row in enumerate(rows)]

    def insert(self, table: Table, rows: Rows) -> None:
        """Adds the rows, which all set the same columns."""
        if rows:
            entries = [keyed(table, row) for row in rows]
            self.connection.run_many(_insert(table, tuple(entries[0])), entries)

    def add(self, table: Table, rows: Rows) -> list[int]:
        """Numbers and adds the rows; the ids come back in order."""
        numbered = self.number(table, rows)
        self.insert(table, numbered)
        return [row["id"] for row in numbered]

    def add_named(self, table: Table, rows: Rows) -> dict[str, int]:
        """Numbers and adds rows with a slug; the ids come back by slug."""
        return dict(zip((row["slug"] for row in rows), self.add(table, rows), strict=True))

    def hand_over(self) -> None:
        """Lets the database number rows again; the last thing done with a Bulk.

        PostgreSQL's sequences have to be told which numbers are taken; SQLite looks by itself.
        """
        if self.connection.is_sqlite:
            return
        for table, last in self._last.items():
            number_from(self.connection, table, last=last)

    def _last_of(self, table: Table) -> int:
        if table not in self._last:
            self._last[table] = self.connection.scalar(_greatest(table)) or 0
        return self._last[table]


@lru_cache
def _insert(table: Table, columns: tuple[str, ...]) -> Statement:
    return statement(insert(table), *columns)


@lru_cache
def _greatest(table: Table) -> Statement:
    return statement(select(func.max(table.c.id)))
