"""Reads the ledger of stock, newest movement first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storeql.catalog.records import Warehouse
from storeql.catalog.tables import stock_movements, warehouses
from storeql.db import Connection, Selection, Statement, statement
from storeql.db.paging import Page, PageRequest, cut, make_cursor, page_of, window_of, windowed


class StockMovement(Struct, frozen=True):
    """One change of a level, in pieces; `reference` is what it was for ("order:12")."""

    id: int
    variant_id: int
    on_hand_change: int
    reserved_change: int
    reason: str
    note: str
    reference: str
    actor: str
    at: int
    warehouse: Warehouse


SORT = "stock_movements"
_movement = stock_movements.c


@lru_cache(maxsize=16)
def _page_statement(window_shape: tuple[bool, bool], by_warehouse: bool) -> Statement:
    query = select(
        _movement.id,
        _movement.variant_id,
        _movement.on_hand_change,
        _movement.reserved_change,
        _movement.reason,
        _movement.note,
        _movement.reference,
        _movement.actor,
        _movement.at,
        warehouses.c.id,
        warehouses.c.slug,
        warehouses.c.name,
        warehouses.c.version,
    ).join(warehouses, warehouses.c.id == _movement.warehouse_id)
    query = query.where(*_conditions(by_warehouse))
    return statement(
        windowed(query, window_shape, value=_movement.id, row=_movement.id, descending=True)
    )


@lru_cache(maxsize=2)
def _count_statement(by_warehouse: bool) -> Statement:
    query = select(func.count()).select_from(stock_movements)
    return statement(query.where(*_conditions(by_warehouse)))


def _conditions(by_warehouse: bool) -> Sequence[Any]:
    of_variant = _movement.variant_id == bindparam("variant_id")
    in_warehouse = _movement.warehouse_id == bindparam("warehouse_id")
    return (of_variant, in_warehouse) if by_warehouse else (of_variant,)


def stock_movements_of(
    connection: Connection,
    variant_id: int,
    selection: Selection,
    *,
    page: PageRequest,
    warehouse_id: int | None = None,
) -> Page[StockMovement]:
    """One page of a variant's movements, newest first; of one warehouse when it is given."""
    window = window_of(page, SORT)
    given = {"variant_id": variant_id}
    if warehouse_id is not None:
        given["warehouse_id"] = warehouse_id
    found = connection.rows(
        _page_statement(window.shape, warehouse_id is not None), **given, **window.params
    )
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count_statement(warehouse_id is not None), **given)
    nodes = [StockMovement(*(*row[:9], Warehouse(*row[9:]))) for row in rows]
    return page_of(
        nodes,
        window,
        more,
        selection,
        lambda at: make_cursor(SORT, rows[at][0], rows[at][0]),
        total,
    )
