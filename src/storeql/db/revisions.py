"""Which schema a database is at and which one this version needs, without loading Alembic.

A server only compares the two; loading Alembic would cost it a quarter of a second.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from msgspec import Struct
from sqlalchemy import bindparam, column, literal_column, select, table

from storeql.db.connection import Connection
from storeql.db.database import Database
from storeql.db.statement import Statement, statement
from storeql.errors import SettingsError

MIGRATIONS = Path(__file__).parent / "migrations"


class History(Struct, frozen=True):
    """Migrations that follow one another: files named `NNNN_what_changed.py` in a folder.

    `table` keeps the revision a database is at. `owner` is the plugin whose tables they make,
    empty for storeql's own.
    """

    owner: str
    folder: Path
    table: str


OWN_HISTORY = History("", MIGRATIONS / "versions", "alembic_version")

_TABLE = {
    True: statement(
        select(column("name"))
        .select_from(table("sqlite_master"))
        .where(column("name") == bindparam("name"))
    ),
    False: statement(
        select(column("tablename"))
        .select_from(table("pg_tables"))
        .where(
            column("tablename") == bindparam("name"),
            literal_column("schemaname = ANY(current_schemas(false))"),
        )
    ),
}


@cache
def revisions(history: History = OWN_HISTORY) -> frozenset[str]:
    """Every revision this version knows: the numbers of the migration files."""
    return frozenset(file.stem.split("_")[0] for file in history.folder.glob("[0-9]*.py"))


def newest_revision(history: History = OWN_HISTORY) -> str:
    """The revision this version needs: the highest it knows."""
    return max(revisions(history))


def current_revision(database: Database, history: History = OWN_HISTORY) -> str | None:
    """The revision the database is at; None when no migration ever ran on it."""
    with database.reading() as connection:
        if not _has_revisions(connection, history):
            return None
        revision = connection.scalar(_revision(history.table))
        return None if revision is None else str(revision)


def check_schema(database: Database, *plugins: History) -> None:
    """Raises SettingsError unless the database is at the schema this version needs.

    `plugins` are the histories of tables that plugins bring, which have to be there too.
    """
    for history in (OWN_HISTORY, *plugins):
        found, needed = check_known(database, history), newest_revision(history)
        if found != needed:
            told = _missing(history) if found is None else f"is at schema {found}, not {needed}"
            raise SettingsError(f"The database{_of(history)} {told}: run `storeql migrate` first.")


def check_known(database: Database, history: History = OWN_HISTORY) -> str | None:
    """The revision the database is at; raises SettingsError for one of a newer storeql."""
    found = current_revision(database, history)
    if found is not None and found not in revisions(history):
        raise SettingsError(
            f"The database{_of(history)} is at schema {found}, which this version of "
            f"{history.owner or 'storeql'} does not know (its newest is "
            f"{newest_revision(history)}): run the version that made it."
        )
    return found


def _of(history: History) -> str:
    return f", in the tables of the plugin {history.owner}," if history.owner else ""


def _missing(history: History) -> str:
    return "has nothing yet" if history.owner else "has no shop in it"


@cache
def _revision(name: str) -> Statement:
    return statement(select(column("version_num")).select_from(table(name)))


def _has_revisions(connection: Connection, history: History) -> bool:
    return connection.one(_TABLE[connection.is_sqlite], name=history.table) is not None
