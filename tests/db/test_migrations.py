"""Migrations make exactly the tables that the code declares, in one step, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import storeql.carts.tables
import storeql.catalog.tables
import storeql.customers.tables
import storeql.orders.tables
import storeql.promotions.tables  # noqa: F401
from storeql.db import Database, metadata
from storeql.db.migrate import configuration, migrate
from storeql.db.revisions import check_schema, current_revision, newest_revision
from storeql.errors import SettingsError


def test_the_migrated_schema_is_what_the_code_declares(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_object": is_declared, "compare_type": False},
        )
        assert compare_metadata(context, metadata) == []


def is_declared(_object: Any, name: str, kind: str, *_: Any) -> bool:
    """Leaves out the search index, which each engine makes in its own way."""
    return not name.startswith(("product_search", "ix_product_search"))


def test_the_newest_revision_is_alembics_head() -> None:
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    assert newest_revision() == head


def test_migrating_again_changes_nothing(database: Database) -> None:
    assert migrate(database.url) == current_revision(database) == newest_revision()


def test_an_empty_database_is_not_served(tmp_path: Any) -> None:
    database = Database(f"sqlite:///{tmp_path}/empty.sqlite")
    with pytest.raises(SettingsError, match="storeql migrate"):
        check_schema(database)
    database.close()
