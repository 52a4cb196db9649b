"""Takes connections from a pool, and says in plain words when there are none to be had."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoneFree
from sqlalchemy.pool import PoolProxiedConnection

from storeql.errors import DatabaseUnavailable, StoreError


class ConnectionLost(DatabaseUnavailable):
    """The server hung up on a connection that was open."""


def connected(engine: Engine, first: str) -> PoolProxiedConnection:
    """A pooled connection on which the statement `first` has run; raises DatabaseUnavailable."""
    return begun(engine, first)[0]


def begun(engine: Engine, first: str) -> tuple[PoolProxiedConnection, Any]:
    """The same, and the driver's cursor with what `first` answered.

    A connection that died while it lay in the pool is replaced, and so are all that lie there:
    what ended it, such as a restart of the server, has ended them too.
    """
    try:
        return _begun(engine, first)
    except ConnectionLost:
        engine.dispose()
        return _begun(engine, first)


def give_up(pooled: PoolProxiedConnection) -> None:
    """Ends a transaction without its changes; a connection that is lost leaves the pool."""
    driver: Any = pooled.driver_connection
    if is_lost(driver):
        pooled.invalidate()
        return
    if getattr(driver, "in_transaction", True):  # SQLite may have rolled back by itself
        driver.execute("ROLLBACK")
    pooled.close()


def is_lost(driver: Any) -> bool:
    """Whether the server has hung up; a SQLite connection has no server."""
    return bool(getattr(driver, "closed", False))


def raise_if_lost(driver: Any, error: BaseException) -> None:
    """Raises ConnectionLost when this error of the driver came of a connection that is lost."""
    if is_lost(driver) and isinstance(error, Exception) and not isinstance(error, StoreError):
        raise ConnectionLost(f"The connection to the database was lost: {_told(error)}.") from error


@contextmanager
def reaching(engine: Engine) -> Iterator[None]:
    """Raises DatabaseUnavailable in place of any error of the driver, for opening and listening."""
    errors: Any = engine.dialect.loaded_dbapi
    try:
        yield
    except (errors.Error, DBAPIError, NoneFree) as error:
        address = engine.url.render_as_string(hide_password=True)
        raise DatabaseUnavailable(f"{address} cannot be used: {_told(error)}.") from error


def _begun(engine: Engine, first: str) -> tuple[PoolProxiedConnection, Any]:
    with reaching(engine):
        pooled = engine.raw_connection()
    driver: Any = pooled.driver_connection
    try:
        answer = driver.execute(first)
    except BaseException as error:
        give_up(pooled)
        raise_if_lost(driver, error)
        raise
    return pooled, answer


def _told(error: BaseException) -> str:
    """What the driver says, on one line and without a full stop."""
    told = str(getattr(error, "orig", None) or error).strip() or type(error).__name__
    return told.splitlines()[0].rstrip(".")
