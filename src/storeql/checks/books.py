"""Asks the rules one by one; nothing is changed, and each reads a state of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from storeql.checks.catalog import CATALOG
from storeql.checks.money import MONEY
from storeql.checks.orders import ORDERS
from storeql.checks.promotions import PROMOTIONS
from storeql.checks.stock import STOCK
from storeql.db import Connection, Database

RULES: Mapping[str, str] = {**CATALOG, **STOCK, **MONEY, **PROMOTIONS, **ORDERS}
"""By what is wrong when a row is found: the query that finds such rows."""

BROKEN_AT_MOST = 20

# By whether the engine is SQLite: the pieces of fulfilments, out of their documents.
_PIECES = {
    True: """(
        SELECT f.warehouse_id, f.state, json_extract(p.value, '$[0]') AS line_id,
          json_extract(p.value, '$[1]') AS variant_id, json_extract(p.value, '$[2]') AS quantity
        FROM fulfilments f, json_each(f.pieces) p)""",
    False: """(
        SELECT f.warehouse_id, f.state, CAST(p.value ->> 0 AS bigint) AS line_id,
          CAST(p.value ->> 1 AS bigint) AS variant_id, CAST(p.value ->> 2 AS bigint) AS quantity
        FROM fulfilments f, json_array_elements(CAST(f.pieces AS json)) p)""",
}


class Finding(Struct, frozen=True):
    """A rule and the rows that break it: at most 20 of them, as the query answers them."""

    rule: str
    rows: Sequence[tuple[Any, ...]]
    more: bool = False


def check_books(database: Database) -> Iterator[Finding]:
    """Each rule in turn with what breaks it; a rule that holds has no rows.

    A rule is one query on one state of the tables, so it may be asked while the shop is open.
    """
    for rule, sql in RULES.items():
        with database.reading() as connection:
            rows = broken_rows(connection, sql, most=BROKEN_AT_MOST + 1)
        yield Finding(rule, rows[:BROKEN_AT_MOST], more=len(rows) > BROKEN_AT_MOST)


def broken_rows(connection: Connection, sql: str, *, most: int) -> list[tuple[Any, ...]]:
    """The first rows that break a rule."""
    told = sql.replace("{pieces}", _PIECES[connection.is_sqlite])
    found = connection.text(f"SELECT * FROM ({told}) AS broken LIMIT {most}").fetchall()
    return [tuple(row) for row in found]
