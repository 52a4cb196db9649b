"""A database that cannot be reached says why; one that comes back is used again."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from storeql.catalog import tables
from storeql.db import Connection, Database
from storeql.db.migrate import migrate
from storeql.db.revisions import check_schema, current_revision, newest_revision
from storeql.errors import DatabaseUnavailable, SettingsError
from tests.conftest import HANG_UP, NO_POSTGRES, POSTGRES_URL
from tests.rows import insert_row

ON_POSTGRES = pytest.mark.parametrize(
    "engine_name",
    [pytest.param("postgresql", marks=pytest.mark.skipif(not POSTGRES_URL, reason=NO_POSTGRES))],
)
NOBODY_THERE = "postgresql://shop:secret@127.0.0.1:1/shop"


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("These are notes, and more of them than a header of SQLite is long. " * 20)
    with pytest.raises(DatabaseUnavailable) as raised:
        migrate(f"sqlite:///{file}")
    assert raised.value.reason.endswith("notes.txt cannot be used: file is not a database.")


def test_a_folder_that_cannot_be_made_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match="folder /dev/null/shop cannot be made"):
        Database("sqlite:////dev/null/shop/shop.sqlite")


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    database = Database(NOBODY_THERE)
    try:
        with pytest.raises(DatabaseUnavailable, match="refused") as raised:
            current_revision(database)
    finally:
        database.close()
    assert "secret" not in raised.value.reason
    assert "127.0.0.1" not in raised.value.message


def test_a_database_of_a_newer_storeql_is_neither_served_nor_migrated(database: Database) -> None:
    database.write(lambda c: c.text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        for refused in (lambda: check_schema(database), lambda: migrate(database.url)):
            with pytest.raises(SettingsError, match="at schema 9999, which this version"):
                refused()
    finally:
        restore(database)


@ON_POSTGRES
def test_connections_that_died_while_idle_are_replaced_unnoticed(database: Database) -> None:
    with database.reading(), database.reading(), database.reading():
        pass  # three connections lie in the pool
    hang_up(database)
    assert current_revision(database) is not None
    assert database.write(lambda connection: add_tag(connection, "after")) is None


@ON_POSTGRES
def test_a_write_whose_connection_is_lost_is_not_made_and_says_so(database: Database) -> None:
    def lose(connection: Connection) -> None:
        add_tag(connection, "lost")
        hang_up(database)
        add_tag(connection, "later")

    with pytest.raises(DatabaseUnavailable, match="connection to the database was lost"):
        database.write(lose)
    database.write(lambda connection: add_tag(connection, "found"))
    with database.reading() as connection:
        kept = connection.text("SELECT slug FROM tags").fetchall()
    assert kept == [("found",)]


def add_tag(connection: Connection, slug: str) -> None:
    insert_row(connection, tables.tags, slug=slug, name="T")


def hang_up(database: Database) -> None:
    """Ends every other connection to the test's database, as a restart of the server would."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        assert connection.execute(HANG_UP).fetchall()


def restore(database: Database) -> None:
    """Other tests are given the same PostgreSQL database."""
    newest = newest_revision()
    database.write(lambda c: c.text(f"UPDATE alembic_version SET version_num = '{newest}'"))
