"""A shop's database: where it is, how a read and a write transaction run on it.

A write is a function of a connection, so that it can be run again when PostgreSQL reports a
serialization failure or a deadlock, and so that SQLite's single writer can be queued for before
the transaction begins.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import PoolProxiedConnection

from storeql.db.connection import SHOP, Connection
from storeql.db.herald import Herald
from storeql.db.listening import BEGIN_ON_POSTGRESQL, BEGIN_ON_SQLITE, kinds_heard
from storeql.db.pool import begun, connected, give_up, raise_if_lost
from storeql.db.postgresql import is_conflict, postgresql_engine
from storeql.db.sqlite import Deadlines, WriterLock, sqlite_engine
from storeql.errors import SettingsError

Result = TypeVar("Result")

FORMS = "use sqlite:///folder/shop.sqlite or postgresql://user:password@host/name"
ATTEMPTS = 8
FIRST_PAUSE_SECONDS = 0.005


class Database:
    """One database; safe to share between threads.

    `recorder`, when set, sees the text of every statement (see `Connection`).
    """

    def __init__(self, url: str, *, pool_size: int = 8, deadline_seconds: float = 10.0) -> None:
        self.url = url
        self.is_sqlite = backend_of(url) == "sqlite"
        self.recorder: Callable[[str], None] | None = None
        self._deadlines = Deadlines()
        self.engine: Engine
        self._writer: AbstractContextManager[None]
        self._herald: Herald | None = None
        if self.is_sqlite:
            self.engine = sqlite_engine(url, pool_size, self._deadlines)
            self._writer = WriterLock(self.engine.url.database)
        else:
            self.engine = postgresql_engine(url, pool_size, deadline_seconds)
            self._writer = nullcontext()
            self._herald = Herald(self.engine)

    @contextmanager
    def reading(self, deadline: float | None = None) -> Iterator[Connection]:
        """A read-only transaction that sees one state of the shop.

        `deadline` is an instant of `time.monotonic()`; past it SQLite interrupts the statement
        (PostgreSQL keeps the connection's statement timeout). Raises DatabaseUnavailable.
        """
        begin = "BEGIN" if self.is_sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        pooled = connected(self.engine, begin)
        connection = Connection(pooled.driver_connection, recorder=self.recorder)  # type: ignore[arg-type]
        with self._transaction(pooled, connection, deadline):
            yield connection

    def write(
        self,
        work: Callable[[Connection], Result],
        deadline: float | None = None,
        *,
        author: str = SHOP,
    ) -> Result:
        """Runs `work` in a write transaction of its own and commits; rolls back when it raises.

        `author` is the key of who writes, for what is told and kept of it. Raises
        DatabaseUnavailable when the connection is lost: whether a commit under way was made is then
        not known. On PostgreSQL `work` is run again, up to 8 times, after a deadlock, a
        serialization failure, or when a row that it refers to went while it ran, so it must
        change nothing but the database.
        """
        for attempt in range(ATTEMPTS):
            try:
                return self._write_once(work, deadline, author)
            except Exception as error:
                if attempt == ATTEMPTS - 1 or not is_conflict(error):
                    raise
                time.sleep(random.uniform(0.5, 1.5) * FIRST_PAUSE_SECONDS * 2**attempt)
        raise AssertionError("the last attempt returns or raises")

    def alone(self) -> AbstractContextManager[None]:
        """Keeps every other writer of a SQLite file waiting; nothing on PostgreSQL."""
        return self._writer

    def close(self) -> None:
        """Tells what still has to be told, and closes the pooled connections."""
        if self._herald is not None:
            self._herald.close()
        self.engine.dispose()

    def _write_once(
        self, work: Callable[[Connection], Result], deadline: float | None, author: str
    ) -> Result:
        with self._writer:
            pooled, connection = self._begun_write(author)
            with self._transaction(pooled, connection, deadline):
                result = work(connection)
                connection.settle()
        # On SQLite listeners look at the file themselves.
        if self._herald is not None and connection.topics:
            self._herald.tell(connection.topics)
        return result

    def _begun_write(self, author: str) -> tuple[PoolProxiedConnection, Connection]:
        begin = BEGIN_ON_SQLITE if self.is_sqlite else BEGIN_ON_POSTGRESQL
        pooled, answer = begun(self.engine, begin)
        driver: Any = pooled.driver_connection
        try:
            listened = kinds_heard(driver, answer, is_sqlite=self.is_sqlite)
        except BaseException:
            give_up(pooled)
            raise
        connection = Connection(driver, recorder=self.recorder, listened=listened, author=author)
        return pooled, connection

    @contextmanager
    def _transaction(
        self, pooled: PoolProxiedConnection, connection: Connection, deadline: float | None
    ) -> Iterator[None]:
        driver: Any = pooled.driver_connection
        try:
            self._deadlines.set(driver, deadline)
            yield
            self._deadlines.set(driver, None)
            driver.execute("COMMIT")
        except BaseException as error:
            self._deadlines.set(driver, None)
            give_up(pooled)
            raise_if_lost(driver, error)
            raise
        pooled.close()


def check_address(url: str) -> None:
    """Raises SettingsError for an address at which no shop can be kept."""
    if backend_of(url) == "sqlite" and make_url(url).database in (None, "", ":memory:"):
        raise SettingsError(f"STOREQL_DATABASE_URL must name a file: {FORMS}.")


def backend_of(url: str) -> str:
    """`"sqlite"` or `"postgresql"`; any other database is refused with a SettingsError."""
    try:
        backend = make_url(url).get_backend_name()
    except (ArgumentError, ValueError):
        # Without the address: there may be a password in it.
        raise SettingsError(f"STOREQL_DATABASE_URL is not a database address: {FORMS}.") from None
    if backend not in ("sqlite", "postgresql"):
        raise SettingsError(f"storeql runs on sqlite and postgresql, not on {backend}.")
    return backend
