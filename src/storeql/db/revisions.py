"""Which schema a database is at and which one this version needs, without loading Alembic.

A server only compares the two; loading Alembic would cost it a quarter of a second.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import column, select, table

from storeql.db.connection import Connection
from storeql.db.database import Database
from storeql.db.statement import statement
from storeql.errors import SettingsError

MIGRATIONS = Path(__file__).parent / "migrations"

_HAS_REVISIONS = {
    True: "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'",
    False: "SELECT 1 FROM pg_tables WHERE tablename = 'alembic_version'"
    " AND schemaname = ANY(current_schemas(false))",
}
_REVISION = statement(select(column("version_num")).select_from(table("alembic_version")))


@cache
def revisions() -> frozenset[str]:
    """Every revision this version knows: the numbers of the migration files."""
    files = (MIGRATIONS / "versions").glob("[0-9]*.py")
    return frozenset(file.stem.split("_")[0] for file in files)


def newest_revision() -> str:
    """The revision this version needs: the highest it knows."""
    return max(revisions())


def current_revision(database: Database) -> str | None:
    """The revision the database is at; None when no migration ever ran on it."""
    with database.reading() as connection:
        if not _has_revisions(connection):
            return None
        revision = connection.scalar(_REVISION)
        return None if revision is None else str(revision)


def check_schema(database: Database) -> None:
    """Raises SettingsError unless the database is at the schema this version needs."""
    found, needed = check_known(database), newest_revision()
    if found != needed:
        state = "has no shop in it" if found is None else f"is at schema {found}, not {needed}"
        raise SettingsError(f"The database {state}: run `storeql migrate` first.")


def check_known(database: Database) -> str | None:
    """The revision the database is at; raises SettingsError for one of a newer storeql."""
    found = current_revision(database)
    if found is not None and found not in revisions():
        raise SettingsError(
            f"The database is at schema {found}, which this version of storeql does not know "
            f"(its newest is {newest_revision()}): run the version that made it."
        )
    return found


def _has_revisions(connection: Connection) -> bool:
    return connection.text(_HAS_REVISIONS[connection.is_sqlite]).fetchone() is not None
