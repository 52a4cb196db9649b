"""Driver-level connections of the hand-written handler."""

from __future__ import annotations

import queue
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import orjson
import psycopg

from storeql.db.sqlite import PRAGMAS, WriterLock

Result = TypeVar("Result")


class Driver:
    """A handful of open connections to one database; `sql(text)` is written with `:name`."""

    def __init__(self, url: str, connections: int) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._idle: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for _ in range(connections):
            self._idle.put(self._open(url))
        path = url.removeprefix("sqlite:///")
        self._lock = WriterLock(path) if self.is_sqlite else None

    def read(self, work: Callable[[Any], Result]) -> Result:
        """Runs `work` in one read-only snapshot."""
        begin = "BEGIN" if self.is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        with self._transaction(begin) as connection:
            return work(connection)

    def write(self, work: Callable[[Any], Result]) -> Result:
        """Runs `work` in a write transaction."""
        if self._lock is None:
            with self._transaction("BEGIN") as connection:
                return work(connection)
        with self._lock, self._transaction("BEGIN IMMEDIATE") as connection:
            return work(connection)

    def sql(self, text: str) -> str:
        """The text in the driver's own parameter style."""
        if self.is_sqlite:
            return text
        words = text.replace("%", "%%").split(":")
        styled = [words[0]]
        for word in words[1:]:
            name = word[: len(word) - len(word.lstrip(NAME))]
            styled.append(f"%({name})s{word[len(name) :]}" if name else f":{word}")
        return "".join(styled)

    def ids(self, column: str, name: str = "ids") -> str:
        """The condition that a column is one of the list parameter `name`."""
        if self.is_sqlite:
            return f"{column} IN (SELECT value FROM json_each(:{name}))"
        return f"{column} = ANY(:{name})"

    def many(self, values: Sequence[int] | Sequence[str]) -> Any:
        """A list parameter."""
        return orjson.dumps(values).decode() if self.is_sqlite else list(values)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Any]:
        connection = self._idle.get()
        try:
            connection.execute(begin)
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
        finally:
            self._idle.put(connection)

    def _open(self, url: str) -> Any:
        if not self.is_sqlite:
            return psycopg.connect(url, autocommit=True, prepare_threshold=2)
        connection = sqlite3.connect(
            url.removeprefix("sqlite:///"),
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection


NAME = "abcdefghijklmnopqrstuvwxyz_"
