"""Deletes a warehouse that never held anything: the ledger keeps every other one."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, func, select

from storeql.catalog.problems import InUse
from storeql.catalog.stock.save_warehouse import WAREHOUSES
from storeql.catalog.tables import stock_levels, stock_movements
from storeql.db import Connection, statement
from storeql.inputs import Fields

_MOVEMENTS = statement(
    select(func.count())
    .select_from(stock_movements)
    .where(stock_movements.c.warehouse_id == bindparam("id"))
)
_DELETE_LEVELS = statement(
    delete(stock_levels).where(stock_levels.c.warehouse_id == bindparam("id"))
)


def delete_warehouse(
    connection: Connection, warehouse_id: int, *, expected_version: int | None = None
) -> None:
    """Deletes a warehouse into which nothing was ever brought, with its empty levels.

    Raises Rejected with InUse when the ledger has movements of it: they say where goods were, and
    sum to the levels, so they and the warehouse stay.
    """
    fields = Fields()
    # Whoever opens a level or writes a movement there holds the row too: what is counted now
    # stays as it is until we are done.
    WAREHOUSES.locked(connection, warehouse_id, expected_version)
    count: int = connection.scalar(_MOVEMENTS, id=warehouse_id)
    if count:
        message = f"{count} movements in the ledger name this warehouse: it can be renamed only."
        fields.problems.append(
            InUse(message=message, field=("id",), count=count, what="stock movements")
        )
    fields.refuse_problems()
    connection.run(_DELETE_LEVELS, id=warehouse_id)
    WAREHOUSES.delete(connection, warehouse_id)
