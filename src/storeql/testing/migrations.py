"""Whether the migrations of a plugin make exactly the tables that its code declares."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storeql.db import Database
from storeql.db.migrate import migrate
from storeql.hooks import PluginTables
from storeql.hooks.migrations import history_of


def migration_differences(url: str, plugin: str, tables: PluginTables) -> list[Any]:
    """What differs between the plugin's tables in code and those its migrations make.

    Brings the database at this address to the newest schema with these tables; the differences
    are Alembic's, an empty list is right.
    """
    migrate(url, history_of(plugin, tables))
    database = Database(url, pool_size=1)
    try:
        with database.engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"include_object": _only(tables), "compare_server_default": True}
            )
            return list(compare_metadata(context, tables.metadata))
    finally:
        database.close()


def _only(tables: PluginTables) -> Any:
    """Leaves out the tables of the shop and of other plugins."""

    def include(found: Any, name: str, kind: str, *_: Any) -> bool:
        table = name if kind == "table" else found.table.name
        return table in tables.metadata.tables

    return include
