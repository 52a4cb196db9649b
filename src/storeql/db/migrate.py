"""Brings a database to the newest schema with Alembic, safely when several processes start."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from storeql.db.database import Database
from storeql.db.revisions import MIGRATIONS, check_known, newest_revision

MIGRATION_LOCK = 7_410_316


def migrate(url: str) -> str:
    """Applies what is missing; returns the schema revision the database is at afterwards.

    Raises DatabaseUnavailable or SettingsError for a database that cannot be used.
    """
    database = Database(url, pool_size=1)
    try:
        check_known(database)
        with database.alone(), database.engine.connect() as connection:
            _upgrade_at_once(connection)
    finally:
        database.close()
    return newest_revision()


def _upgrade_at_once(connection: Connection) -> None:
    """All missing revisions in one transaction, so that a killed process leaves none half done."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
    try:
        command.upgrade(configuration(connection), "head")
    except BaseException:
        connection.exec_driver_sql("ROLLBACK")
        raise
    connection.exec_driver_sql("COMMIT")


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration for storeql's own migrations, on an open connection when given."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
