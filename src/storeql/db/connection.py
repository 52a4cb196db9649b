"""One transaction's connection: statements in, plain tuples out, the same on both engines."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

import orjson
from sqlalchemy import Table

from storeql.db.pool import raise_if_lost
from storeql.db.statement import (
    Compiled,
    Statement,
    document_insertion,
    insertion,
    json_list,
)

Row = tuple[Any, ...]
ROWS_A_DOCUMENT = 20_000

SHOP = "shop"


class _Cursor(Protocol):
    rowcount: int

    def fetchall(self) -> list[Any]: ...
    def fetchone(self) -> Any: ...


class _Driver(Protocol):
    def execute(self, query: Any, params: Any = ..., /) -> Any: ...
    def cursor(self) -> Any: ...


class Connection:
    """A driver connection inside a transaction; used by one thread, never kept.

    Every statement raises DatabaseUnavailable when the server has hung up.

    `count` is the number of statements run so far, BEGIN and COMMIT left out; `recorder`, when
    set, is called with each statement's text (tests assert statements per operation with it).
    `topics` is what subscribers are told once the transaction is committed (see `notices`);
    `listened` are the kinds of changes that somebody outside listens to (see `listening`).
    `author` is who writes: an actor's key such as `staff:3`, or `shop`.
    """

    __slots__ = (
        "_driver",
        "_last",
        "author",
        "count",
        "is_sqlite",
        "listened",
        "recorder",
        "told",
        "topics",
    )

    def __init__(
        self,
        driver: _Driver,
        *,
        recorder: Callable[[str], None] | None = None,
        listened: frozenset[str] = frozenset(),
        author: str = SHOP,
    ) -> None:
        self._driver = driver
        self._last: dict[Callable[[Connection], None], None] = {}
        self.is_sqlite = isinstance(driver, sqlite3.Connection)
        self.recorder = recorder
        self.listened = listened
        self.author = author
        self.count = 0
        self.topics: set[str] = set()
        self.told: dict[Any, None] = {}

    def before_commit(self, work: Callable[[Connection], None]) -> None:
        """Has `work` done once when all else of this write is done, however often it is asked."""
        self._last.setdefault(work)

    def settle(self) -> None:
        """Does what was left for the end of the transaction."""
        for work in self._last:
            work(self)

    def rows(self, statement: Statement, **params: Any) -> list[Row]:
        """All rows of a SELECT (or of a write with RETURNING)."""
        cursor: _Cursor = self._execute(statement, params)
        return cursor.fetchall()

    def one(self, statement: Statement, **params: Any) -> Row | None:
        """The first row, or None."""
        cursor: _Cursor = self._execute(statement, params)
        row: Row | None = cursor.fetchone()
        return row

    def scalar(self, statement: Statement, **params: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(statement, **params)
        return None if row is None else row[0]

    def run(self, statement: Statement, **params: Any) -> int:
        """Runs a write; returns how many rows it changed."""
        cursor: _Cursor = self._execute(statement, params)
        return cursor.rowcount

    def run_many(self, statement: Statement, entries: Iterable[Mapping[str, Any]]) -> None:
        """Runs a write once per entry: one statement to the counter, batched by the driver."""
        batch = list(entries)
        if not batch:
            return
        compiled = self._compiled(statement)
        self._many(compiled.text, [self._params(compiled, entry) for entry in batch])

    def insert_many(self, table: Table, entries: Iterable[Mapping[str, Any]]) -> None:
        """Inserts rows that all set the same columns: one statement to the counter.

        PostgreSQL reads them from one document, a third of what row after row takes.
        """
        batch = list(entries)
        if not batch:
            return
        columns = tuple(batch[0])
        if self.is_sqlite:
            self.run_many(insertion(table, columns), batch)
            return
        self._note(f"INSERT INTO {table.name}")
        sql = document_insertion(table, columns)
        for start in range(0, len(batch), ROWS_A_DOCUMENT):
            rows = orjson.dumps(batch[start : start + ROWS_A_DOCUMENT]).decode()
            self._sent(sql, {"rows": rows})

    def text(self, sql: str, params: Mapping[str, Any] | None = None) -> Any:
        """Runs text written for one engine (`:name` or `%(name)s`); returns the driver cursor."""
        return self._once(sql, params) if params else self._once(sql)

    def text_many(self, sql: str, entries: Iterable[Mapping[str, Any]]) -> None:
        """Runs a write in one engine's text once per entry; one statement to the counter."""
        batch = list(entries)
        if batch:
            self._many(sql, batch)

    def _execute(self, statement: Statement, params: Mapping[str, Any]) -> Any:
        compiled = self._compiled(statement)
        return self._once(compiled.text, self._params(compiled, params))

    def _once(self, sql: str, *params: Any) -> Any:
        self._note(sql)
        return self._sent(sql, *params)

    def _sent(self, sql: str, *params: Any) -> Any:
        try:
            return self._driver.execute(sql, *params)
        except Exception as error:
            raise_if_lost(self._driver, error)
            raise

    def _many(self, sql: str, batch: list[Mapping[str, Any]]) -> None:
        self._note(sql)
        try:
            self._driver.cursor().executemany(sql, batch)
        except Exception as error:
            raise_if_lost(self._driver, error)
            raise

    def _compiled(self, statement: Statement) -> Compiled:
        return statement.for_sqlite() if self.is_sqlite else statement.for_postgresql()

    def _params(self, compiled: Compiled, given: Mapping[str, Any]) -> Mapping[str, Any]:
        params = {**compiled.constants, **given} if compiled.constants else dict(given)
        for name in compiled.lists:
            values = params[name]
            params[name] = json_list(values) if self.is_sqlite else list(values)
        return params

    def _note(self, sql: str) -> None:
        self.count += 1
        if self.recorder is not None:
            self.recorder(sql)
