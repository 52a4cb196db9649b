"""Migrations make exactly the tables that the code declares, in one step, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from alembic import command
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
from storeql.hooks import load_hooks


def test_the_migrated_schema_is_what_the_code_declares(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": False, "include_object": is_the_shops},
        )
        assert compare_metadata(context, metadata) == []


def is_the_shops(found: Any, name: str, kind: str, *_: Any) -> bool:
    """Leaves out the tables of installed plugins, which their own tests compare."""
    table = name if kind == "table" else found.table.name
    return not any(
        table == history.table or table.startswith(history.owner.replace("-", "_"))
        for history in load_hooks().histories
    )


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


def test_products_of_an_older_shop_are_found_by_the_terms_of_today(database: Database) -> None:
    with database.alone(), database.engine.begin() as connection:
        command.downgrade(configuration(connection), "0001")
        connection.exec_driver_sql(
            "INSERT INTO product_types (id, slug, name) VALUES (1, 'thing', 'Thing')"
        )
        connection.exec_driver_sql(
            "INSERT INTO products (id, product_type_id, slug, name, created_at, updated_at)"
            " VALUES (7, 1, 'cups', '陶瓷杯 Cups', 0, 0)"
        )
        command.upgrade(configuration(connection), "head")
        terms = connection.exec_driver_sql(
            "SELECT term FROM product_terms WHERE product_id = 7 ORDER BY term"
        ).scalars()
        assert list(terms) == ["cup", "杯", "瓷", "瓷杯", "陶", "陶瓷"]
