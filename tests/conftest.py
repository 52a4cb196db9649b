"""Databases for the tests: every test that touches data runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from storeql.customers.passwords import PASSWORDS
from storeql.db import Database, sqlite
from storeql.db.migrate import migrate
from storeql.hooks import load_hooks
from tests.customers.people import CHEAP
from tests.thrift import Made

PRAGMAS = sqlite.PRAGMAS
POSTGRES_URL = os.environ.get("STOREQL_TEST_POSTGRES_URL", "")
NO_POSTGRES = "PostgreSQL not tested: set STOREQL_TEST_POSTGRES_URL to run this test on it too"

HANG_UP = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""
EMPTYING = """SELECT string_agg(command, '; ') FROM (
    SELECT format('DELETE FROM %I', tablename) AS command FROM pg_tables
    WHERE schemaname = 'public' AND NOT starts_with(tablename, 'alembic_version')
    UNION ALL SELECT format('SELECT setval(%L, 1, false)', quote_ident(sequencename))
    FROM pg_sequences WHERE schemaname = 'public') AS commands"""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says aloud when one of the two engines was left out."""
    if not POSTGRES_URL:
        terminalreporter.write_sep("=", NO_POSTGRES, yellow=True)


@pytest.fixture(scope="session", autouse=True)
def thrift() -> Iterator[None]:
    """What costs time and shows nothing: the same schema built again, dear hashes, waits for disk.

    Schema and hooks are built for each set of plugins once a process. That a crash loses nothing is
    shown with servers of their own, which wait for the disk (see soak/).
    """
    made = Made()
    unhurried = tuple(text.replace("synchronous = FULL", "synchronous = OFF") for text in PRAGMAS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storeql.shop.load_hooks", made.load_hooks)
        patch.setattr("storeql.app.fitted", made.fitted)
        patch.setattr("storeql.server.app.Documents", made.documents)
        patch.setattr(sqlite, "PRAGMAS", unhurried)
        for name, value in vars(CHEAP).items():
            patch.setattr(PASSWORDS, name, value)
        yield


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.skipif(not POSTGRES_URL, reason=NO_POSTGRES)),
    ]
)
def engine_name(request: pytest.FixtureRequest) -> str:
    """The engine a test runs on."""
    return str(request.param)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, to copy from."""
    path = tmp_path_factory.mktemp("migrated") / "shop.sqlite"
    migrate(f"sqlite:///{path}", *load_hooks().histories)
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[Engine]:
    """A way to make and drop databases."""
    url = make_url(POSTGRES_URL).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_template(postgres: Engine) -> Iterator[str]:
    """A PostgreSQL database with the newest schema, to copy from."""
    with temporary_database(postgres, "") as name:
        migrate(postgres_url(name), *load_hooks().histories)
        yield name


@pytest.fixture(scope="session")
def reused_postgres(postgres: Engine, migrated_template: str) -> Iterator[str]:
    """A migrated PostgreSQL database that one test after the other is given empty.

    Emptying takes 5 ms; dropping a database waits for a checkpoint, hundreds of milliseconds.
    """
    with temporary_database(postgres, migrated_template) as name:
        with postgres.connect() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
        yield name


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database that is the test's alone."""
    if engine_name == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "shop.sqlite")
        return f"sqlite:///{tmp_path}/shop.sqlite"
    name: str = request.getfixturevalue("reused_postgres")
    empty_database(name)
    return postgres_url(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database with the newest schema and nothing in it."""
    opened = Database(database_url)
    yield opened
    opened.close()


@contextmanager
def temporary_database(engine: Engine, template: str, options: str = "") -> Iterator[str]:
    """A database of this name while the context lasts."""
    name = f"storeql_test_{secrets.token_hex(6)}"
    copied = f" TEMPLATE {template}" if template else ""
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}{copied} {options}")
    try:
        yield name
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def empty_database(name: str) -> None:
    """Hangs up on whoever a test left behind, deletes all rows and numbers them from 1 again."""
    with psycopg.connect(postgres_url(name), autocommit=True) as connection:
        connection.execute(HANG_UP)
        connection.execute("SET session_replication_role = replica")  # in any order
        [(commands,)] = connection.execute(EMPTYING).fetchall()
        connection.execute(commands)


def postgres_url(name: str) -> str:
    """The address of a database on the test server."""
    url = make_url(POSTGRES_URL).set(drivername="postgresql", database=name)
    return url.render_as_string(hide_password=False)
