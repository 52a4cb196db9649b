"""Keeps PostgreSQL's sequences ahead of rows that were given their numbers."""

from __future__ import annotations

from sqlalchemy import Table

from storeql.db import Connection


def number_from(connection: Connection, table: Table, *, last: int) -> None:
    """Tells PostgreSQL that the table's row numbers up to `last` are taken."""
    connection.text(
        "SELECT setval(pg_get_serial_sequence(%(table)s, 'id'), %(last)s)",
        {"table": table.name, "last": last},
    )
