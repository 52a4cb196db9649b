"""Creates and renames warehouses."""

from __future__ import annotations

from sqlalchemy import func, select

from storeql.catalog.inputs import NamedInput, NamedUpdate
from storeql.catalog.named_rows import NamedRows
from storeql.catalog.records import Warehouse
from storeql.catalog.tables import warehouses
from storeql.db import Connection, statement
from storeql.inputs import Fields

WAREHOUSES = NamedRows(warehouses, Warehouse, "warehouse")
MOST_WAREHOUSES = 1_000

_COUNT = statement(select(func.count()).select_from(warehouses))


def create_warehouse(connection: Connection, given: NamedInput) -> int:
    """Adds a warehouse and returns its row number; raises Rejected with all problems."""
    fields = Fields()
    if connection.scalar(_COUNT) >= MOST_WAREHOUSES:
        fields.report("TOO_MANY", f"A shop has at most {MOST_WAREHOUSES} warehouses.")
    return WAREHOUSES.add(connection, fields, given)


def update_warehouse(connection: Connection, change: NamedUpdate) -> None:
    """Renames a warehouse."""
    fields = Fields()
    warehouse = WAREHOUSES.locked(connection, change.id, change.expected_version)
    names = WAREHOUSES.names(connection, fields, warehouse, change)
    WAREHOUSES.save(connection, fields, warehouse, **names)
