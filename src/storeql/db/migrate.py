"""Brings a database to the newest schema with Alembic, safely when several processes start."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storeql.db.database import Database
from storeql.db.revisions import MIGRATIONS, OWN_HISTORY, History, check_known, newest_revision

MIGRATION_LOCK = 7_410_316


def migrate(url: str, *plugins: History) -> str:
    """Applies what is missing; returns the schema revision the database is at afterwards.

    `plugins` are the histories of tables that plugins bring; each is followed after storeql's own.
    Raises DatabaseUnavailable or SettingsError for a database that cannot be used.
    """
    database = Database(url, pool_size=1)
    try:
        for history in (OWN_HISTORY, *plugins):
            check_known(database, history)
        with database.alone(), database.engine.connect() as connection:
            _upgrade_at_once(connection, (OWN_HISTORY, *plugins))
    finally:
        database.close()
    return newest_revision()


def _upgrade_at_once(connection: Connection, histories: tuple[History, ...]) -> None:
    """All missing revisions in one transaction, so that a killed process leaves none half done."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
    try:
        for history in histories:
            command.upgrade(configuration(connection, history), "head")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def configuration(connection: Connection | None = None, history: History = OWN_HISTORY) -> Config:
    """Alembic's configuration for one history, on an open connection when given."""
    config = Config()
    config.set_main_option("script_location", _escaped(str(MIGRATIONS)))
    config.set_main_option("version_locations", _escaped(str(history.folder)))
    config.set_main_option("path_separator", "newline")  # a folder's name may hold all others
    config.attributes["connection"] = connection
    config.attributes["version_table"] = history.table
    return config


def _escaped(value: str) -> str:
    """A path as ConfigParser reads it, which gives % a meaning."""
    return value.replace("%", "%%")
