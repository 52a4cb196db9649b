"""Databases to prove things on: new, migrated, and gone afterwards."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine import URL, make_url

from storeql.db.migrate import migrate
from storeql.hooks import load_hooks

POSTGRES_URL = os.environ.get("STOREQL_TEST_POSTGRES_URL", "")
NO_POSTGRES = "PostgreSQL is not proved: set STOREQL_TEST_POSTGRES_URL to prove it too."


def engines_of(choice: str) -> Sequence[str]:
    """The engines behind `sqlite`, `postgresql` or `both`, without one that cannot be reached."""
    wanted = ("sqlite", "postgresql") if choice == "both" else (choice,)
    return [name for name in wanted if name == "sqlite" or POSTGRES_URL]


@contextmanager
def migrated_database(engine: str, folder: Path) -> Iterator[str]:
    """The address of an empty database with the newest schema, while the context lasts."""
    if engine == "sqlite":
        url = f"sqlite:///{folder / 'shop.sqlite'}"
        migrate(url, *load_hooks().histories)
        yield url
        return
    with _postgres_database() as url:
        migrate(url, *load_hooks().histories)
        yield url


@contextmanager
def _postgres_database() -> Iterator[str]:
    name = f"storeql_soak_{secrets.token_hex(6)}"
    server = make_url(POSTGRES_URL)
    _run(server, f"CREATE DATABASE {name}")
    try:
        address = server.set(drivername="postgresql", database=name)
        yield address.render_as_string(hide_password=False)
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(server: URL, sql: str) -> None:
    engine = create_engine(
        server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(sql)
    finally:
        engine.dispose()
