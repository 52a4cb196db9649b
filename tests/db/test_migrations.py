"""Migrations make exactly the tables that the code declares, in one step, on both engines."""

from __future__ import annotations

import json
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import storeql.carts.tables
import storeql.catalog.prices.tables
import storeql.catalog.tables
import storeql.catalog.transfer.tables
import storeql.customers.tables
import storeql.media.tables
import storeql.orders.fulfilment.tables
import storeql.orders.tables
import storeql.promotions.tables  # noqa: F401
from storeql.db import Database, metadata
from storeql.db.migrate import configuration, migrate
from storeql.db.revisions import check_schema, current_revision, newest_revision
from storeql.errors import SettingsError
from storeql.hooks import load_hooks

# An order on hold, of 2 pieces from one warehouse, and 4 of another line from two.
OLDER_ORDERS = (
    "INSERT INTO channels (id, slug, name, currency) VALUES (1, 'web', 'Web', 'CNY')",
    "INSERT INTO warehouses (id, slug, name) VALUES (1, 'a', 'A'), (2, 'b', 'B')",
    "INSERT INTO orders (id, number, channel_id, cart_id, email, currency, state, list_minor,"
    " discount_minor, gift_minor, subtotal_minor, shipping_list_minor, shipping_minor, tax_minor,"
    " total_minor, delivery_method, payment_method, basket, pricing, placed_at, updated_at)"
    " VALUES (5, 'N', 1, 1, 'a@b.cn', 'CNY', 'ON_HOLD', 0, 0, 0, 0, 0, 0, 0, 0, 'd', 'p', '{}',"
    " '{}', 1000, 2000)",
    "INSERT INTO order_lines (id, order_id, position, product_id, variant_id, sku, product_name,"
    " variant_name, quantity, unit_list_minor, list_minor, discount_minor, net_minor, tax_minor)"
    " VALUES (5120, 5, 0, 1, 1, 'A', 'A', '', 2, 0, 0, 0, 0, 0),"
    " (5121, 5, 1, 2, 2, 'B', 'B', '', 4, 0, 0, 0, 0, 0)",
    "INSERT INTO stock_reservations (order_line_id, warehouse_id, quantity)"
    " VALUES (5121, 2, 3), (5120, 1, 2), (5121, 1, 1)",
)


def before(name: str) -> str:
    """The revision before the one whose file has this name."""
    history = ScriptDirectory.from_config(configuration()).walk_revisions()
    found = next(one for one in history if one.path.endswith(f"_{name}.py"))
    return str(found.down_revision)


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


def test_reservations_of_an_older_shop_become_what_each_warehouse_sends(
    database: Database,
) -> None:
    with database.alone(), database.engine.begin() as connection:
        command.downgrade(configuration(connection), before("fulfilments"))
        for sql in OLDER_ORDERS:
            connection.exec_driver_sql(sql)
        command.upgrade(configuration(connection), "head")
        sent = connection.exec_driver_sql(
            "SELECT order_id, position, warehouse_id, state, pieces, created_at FROM fulfilments"
            " ORDER BY id"
        ).fetchall()
        assert [(*row[:4], json.loads(row[4]), row[5]) for row in sent] == [
            (5, 1, 1, "OPEN", [[5120, 1, 2], [5121, 2, 1]], 1000),
            (5, 2, 2, "OPEN", [[5121, 2, 3]], 1000),
        ]
        holds = "SELECT order_id, reason, placed_by FROM order_holds"
        assert [tuple(row) for row in connection.exec_driver_sql(holds)] == [(5, "OTHER", "shop")]
        command.downgrade(configuration(connection), before("fulfilments"))
        reserved = connection.exec_driver_sql(
            "SELECT order_line_id, warehouse_id, quantity FROM stock_reservations ORDER BY 1, 2"
        ).fetchall()
        assert [tuple(row) for row in reserved] == [(5120, 1, 2), (5121, 1, 1), (5121, 2, 3)]
        command.upgrade(configuration(connection), "head")


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


def test_payments_of_an_older_shop_have_their_amounts_and_movements(database: Database) -> None:
    statuses = ("AUTHORIZED", "CAPTURED", "REFUND_DUE", "REFUNDED", "VOID_DUE", "PENDING")
    with database.alone(), database.engine.begin() as connection:
        command.downgrade(configuration(connection), revision_before("money_movements"))
        connection.exec_driver_sql(
            "INSERT INTO channels (id, slug, name, currency) VALUES (1, 'web', 'Web', 'CNY')"
        )
        for key, status in enumerate(statuses, start=1):
            connection.exec_driver_sql(OLD_ORDER.format(key=key))
            connection.exec_driver_sql(OLD_PAYMENT.format(key=key, status=status))
        command.upgrade(configuration(connection), "head")
        told = {
            row[0]: tuple(row)[1:]
            for row in connection.exec_driver_sql(
                "SELECT p.status, o.payment_status, o.authorized_minor, o.captured_minor,"
                " o.returning_minor, o.refunded_minor FROM orders o"
                " JOIN payments p ON p.order_id = o.id"
            )
        }
        steps = {tuple(row) for row in connection.exec_driver_sql(STEPS)}
    assert told == {
        "AUTHORIZED": ("AUTHORIZED", 500, 0, 0, 0),
        "CAPTURED": ("PAID", 0, 500, 0, 0),
        "REFUND_DUE": ("PAID", 0, 500, 500, 0),
        "REFUNDED": ("REFUNDED", 0, 500, 0, 500),
        "VOID_DUE": ("UNPAID", 0, 0, 0, 0),
        "PENDING": ("UNPAID", 0, 0, 0, 0),
    }
    assert steps == {
        ("CAPTURED", "CAPTURE", "SUCCEEDED", "n2-1:capture", None),
        ("REFUND_DUE", "CAPTURE", "SUCCEEDED", "n3-1:capture", None),
        ("REFUND_DUE", "REFUND", "PENDING", "n3-1:refund", "PENDING"),
        ("REFUNDED", "CAPTURE", "SUCCEEDED", "n4-1:capture", None),
        ("REFUNDED", "REFUND", "SUCCEEDED", "n4-1:refund", "SUCCEEDED"),
        ("VOID_DUE", "VOID", "PENDING", "n5-1:void", None),
    }


def revision_before(name: str) -> str:
    """The revision that the migration of this name follows."""
    for script in ScriptDirectory.from_config(configuration()).walk_revisions():
        if script.path.endswith(f"_{name}.py"):
            assert isinstance(script.down_revision, str)
            return script.down_revision
    raise AssertionError(f"there is no migration {name}")


OLD_ORDER = """
    INSERT INTO orders (id, number, channel_id, cart_id, email, currency, state, list_minor,
      discount_minor, gift_minor, subtotal_minor, shipping_list_minor, shipping_minor, tax_minor,
      total_minor, delivery_method, payment_method, basket, pricing, placed_at, updated_at)
    VALUES ({key}, 'n{key}', 1, {key}, 'a@b.cn', 'CNY', 'CANCELLED', 500, 0, 0, 500, 0, 0, 0, 500,
      'standard', 'bank', '', '', 0, 0)"""
OLD_PAYMENT = """
    INSERT INTO payments (order_id, gateway, status, amount_minor, currency, reference, created_at,
      updated_at) VALUES ({key}, 'bank', '{status}', 500, 'CNY', 'n{key}-1', 0, 9)"""
STEPS = """
    SELECT p.status, m.kind, m.state, m.key, r.state FROM money_movements m
    JOIN payments p ON p.id = m.payment_id LEFT JOIN refunds r ON r.id = m.refund_id"""
