"""The hook through which a plugin brings tables of its own, with their migrations."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import MetaData

from storeql.db.revisions import History
from storeql.hooks.markers import hookspec
from storeql.hooks.plugin import BrokenPlugin, PluginTables

REVISION = re.compile(r"(?P<number>[0-9]{4})_\w+\.py")
LONGEST_TABLE = 63  # what PostgreSQL keeps of a name


def history_of(plugin: str, tables: PluginTables) -> History:
    """The history of a plugin's migrations; raises BrokenPlugin for what no shop takes."""
    prefix = plugin.replace("-", "_")
    _check_names(prefix, tables.metadata)
    _check_files(tables.migrations)
    return History(plugin, tables.migrations, f"alembic_version_{prefix}"[:LONGEST_TABLE])


def _check_names(prefix: str, metadata: MetaData) -> None:
    if not metadata.tables:
        raise BrokenPlugin("storeql_migrations brings no table.")
    for name in metadata.tables:
        if not name.startswith(f"{prefix}_") or len(name) > LONGEST_TABLE:
            raise BrokenPlugin(
                f"The table {name} must be called {prefix}_…, in at most {LONGEST_TABLE} letters."
            )


def _check_files(folder: Path) -> None:
    found = sorted(
        match["number"] for path in folder.glob("*.py") if (match := REVISION.fullmatch(path.name))
    )
    if found != [f"{number:04}" for number in range(1, len(found) + 1)] or not found:
        raise BrokenPlugin(f"The migrations in {folder} are not 0001_….py, 0002_….py and so on.")


@hookspec
def storeql_migrations() -> PluginTables | None:
    """The tables that this plugin brings, with their migrations.

    Called once, at start. The return is a `PluginTables`; None brings none. `storeql migrate`
    follows the plugin's migrations after storeql's own, in the same transaction, each plugin by a
    history of its own; `storeql serve` refuses to start when they have not been followed. Tables
    of a plugin that is gone stay as they are.

    Ordering: plugins are migrated in the order of their names.

    Errors: a plugin that raises, returns anything else, names a table that is not its own, or has
    no migrations, is left out whole and listed as broken with the reason.

    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sqlalchemy import Column, Integer, Table
    >>> from storeql.db import new_metadata
    >>> from storeql.hooks import PluginTables, hookimpl, load_hooks
    >>> metadata = new_metadata()
    >>> _ = Table("Visits_days", metadata, Column("day", Integer, primary_key=True))
    >>> folder = TemporaryDirectory()
    >>> _ = (Path(folder.name) / "0001_days.py").write_text("revision = '0001'")
    >>> class Visits:
    ...     @hookimpl
    ...     def storeql_migrations(self):
    ...         return PluginTables(metadata=metadata, migrations=Path(folder.name))
    >>> hooks = load_hooks(extra_plugins=[Visits()], installed=False)
    >>> [(history.owner, history.table) for history in hooks.histories]
    [('Visits', 'alembic_version_Visits')]
    """
