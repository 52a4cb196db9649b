"""Tells which of the row numbers in an input exist, for all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import Table, select

from storeql.db import Connection, Statement, any_of, statement


@lru_cache(maxsize=16)
def _known(table: Table) -> Statement:
    return statement(select(table.c.id).where(any_of(table.c.id, "ids")))


def known_ids(connection: Connection, table: Table, ids: Iterable[int]) -> set[int]:
    """Those of the row numbers that the table has; no statement for none."""
    wanted = sorted(set(ids))
    return {row[0] for row in connection.rows(_known(table), ids=wanted)} if wanted else set()
