"""Reads pick lists with their lines, one statement for each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, bindparam, func, select

from storeql.catalog.records import Warehouse
from storeql.catalog.tables import variants, warehouses
from storeql.customers.tables import staff_members
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    window_of,
    windowed,
)
from storeql.orders.fulfilment.picking.records import PickList, PickListLine
from storeql.orders.fulfilment.picking.tables import pick_list_lines, pick_lists
from storeql.orders.fulfilment.rows import number_of
from storeql.orders.fulfilment.states import FulfilmentState
from storeql.orders.fulfilment.tables import fulfilments
from storeql.orders.states import OrderState
from storeql.orders.tables import order_lines, orders

SORT = "pick_lists"
_list, _line = pick_lists.c, pick_list_lines.c
_COLUMNS: tuple[ColumnElement[Any], ...] = (
    _list.id,
    _list.state,
    _list.staff_id,
    func.coalesce(func.nullif(staff_members.c.name, ""), staff_members.c.email, ""),
    _list.created_by,
    _list.created_at,
    _list.updated_at,
    _list.finished_at,
    _list.version,
    warehouses.c.id,
    warehouses.c.slug,
    warehouses.c.name,
    warehouses.c.version,
)
_LINES = statement(
    select(
        _line.id,
        _line.pick_list_id,
        _line.fulfilment_id,
        orders.c.number,
        fulfilments.c.position,
        _line.order_line_id,
        _line.variant_id,
        _line.sku,
        variants.c.barcode,
        order_lines.c.product_name,
        order_lines.c.variant_name,
        _line.bin_location,
        _line.quantity,
        _line.picked,
        _line.missing,
        _line.reason,
        _line.note,
        fulfilments.c.state,
        orders.c.state,
    )
    .join(fulfilments, fulfilments.c.id == _line.fulfilment_id)
    .join(orders, orders.c.id == fulfilments.c.order_id)
    .join(order_lines, order_lines.c.id == _line.order_line_id)
    .join(variants, variants.c.id == _line.variant_id, isouter=True)
    .where(any_of(_line.pick_list_id, "ids"))
    .order_by(_line.pick_list_id, _line.position)
)
_TOTALS = statement(
    select(
        _line.pick_list_id,
        func.sum(_line.quantity),
        func.sum(_line.picked),
        func.sum(_line.missing),
    )
    .where(any_of(_line.pick_list_id, "ids"))
    .group_by(_line.pick_list_id)
)
_TOTAL_NAMES = ("quantity", "picked", "missing")


class PickListFilter(Struct, frozen=True, kw_only=True):
    """Conditions that all have to hold; None asks nothing. `unassigned`: it is anybody's."""

    states: tuple[str, ...] | None = None
    warehouse_id: int | None = None
    staff_id: int | None = None
    unassigned: bool | None = None

    @property
    def shape(self) -> tuple[object, ...]:
        """What of the filter changes a statement's text."""
        return (
            self.states is not None,
            self.warehouse_id is not None,
            self.staff_id is not None,
            self.unassigned,
        )

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the conditions that are set."""
        given = {
            "states": self.states,
            "warehouse_id": self.warehouse_id,
            "staff_id": self.staff_id,
        }
        return {name: value for name, value in given.items() if value is not None}


ALL = PickListFilter()


def pick_lists_page(
    connection: Connection,
    selection: Selection,
    *,
    page: PageRequest,
    filter: PickListFilter = ALL,
) -> Page[PickList]:
    """One page of the pick lists that a filter finds, newest first."""
    window = window_of(page, SORT)
    found = connection.rows(
        _page_statement(filter.shape, window.shape), **filter.params, **window.params
    )
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count_statement(filter.shape), **filter.params)
    nodes = _built(connection, rows, node_selection(selection))
    return page_of(
        nodes,
        window,
        more,
        selection,
        lambda place: make_cursor(SORT, rows[place][0], rows[place][0]),
        total,
    )


def pick_lists_by_id(
    connection: Connection, selection: Selection, ids: Sequence[int]
) -> dict[int, PickList]:
    """Pick lists by row number; unknown ones are left out."""
    rows = connection.rows(_BY_ID, ids=list(ids))
    return {one.id: one for one in _built(connection, rows, selection)}


def _query() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .join(warehouses, warehouses.c.id == _list.warehouse_id)
        .join(staff_members, staff_members.c.id == _list.staff_id, isouter=True)
    )


_BY_ID = statement(_query().where(any_of(_list.id, "ids")))


@lru_cache(maxsize=128)
def _page_statement(shape: tuple[object, ...], window: tuple[bool, bool]) -> Statement:
    query = _query().where(*_conditions(shape))
    return statement(windowed(query, window, value=_list.id, row=_list.id, descending=True))


@lru_cache(maxsize=32)
def _count_statement(shape: tuple[object, ...]) -> Statement:
    query = select(func.count()).select_from(pick_lists)
    return statement(query.where(*_conditions(shape)))


def _conditions(shape: tuple[object, ...]) -> list[ColumnElement[bool]]:
    by_state, by_warehouse, by_staff, unassigned = shape
    chosen: list[ColumnElement[bool]] = []
    if by_state:
        chosen.append(any_of(_list.state, "states"))
    if by_warehouse:
        chosen.append(_list.warehouse_id == bindparam("warehouse_id"))
    if by_staff:
        chosen.append(_list.staff_id == bindparam("staff_id"))
    if unassigned is not None:
        chosen.append(_list.staff_id.is_(None) if unassigned else _list.staff_id.is_not(None))
    return chosen


def _built(
    connection: Connection, rows: Sequence[Sequence[Any]], wanted: Selection
) -> list[PickList]:
    if not rows:
        return []
    ids = [row[0] for row in rows]
    totals: dict[int, Sequence[int]] = {}
    if wanted.wants(*_TOTAL_NAMES):
        totals = {list_id: sums for list_id, *sums in connection.rows(_TOTALS, ids=ids)}
    lines = _lines(connection, ids) if wanted.wants("lines") else {}
    return [_list_of(row, totals.get(row[0], (0, 0, 0)), lines.get(row[0], [])) for row in rows]


def _list_of(row: Sequence[Any], totals: Sequence[int], lines: Sequence[PickListLine]) -> PickList:
    row_id, state, staff_id, assignee_name, created_by, created_at, updated_at, *rest = row
    finished_at, version, *warehouse = rest
    quantity, picked, missing = (int(one) for one in totals)
    return PickList(
        id=row_id,
        state=state,
        warehouse=Warehouse(*warehouse),
        staff_id=staff_id,
        assignee_name=assignee_name,
        created_by=created_by,
        created_at=created_at,
        updated_at=updated_at,
        finished_at=finished_at,
        version=version,
        quantity=quantity,
        picked=picked,
        missing=missing,
        lines=lines,
    )


def _lines(connection: Connection, ids: Sequence[int]) -> dict[int, list[PickListLine]]:
    found: dict[int, list[PickListLine]] = {}
    for row in connection.rows(_LINES, ids=ids):
        line = _line_of(row)
        found.setdefault(line.pick_list_id, []).append(line)
    return found


def _line_of(row: Sequence[Any]) -> PickListLine:
    row_id, pick_list_id, fulfilment_id, number, position, order_line_id, variant_id, *rest = row
    sku, barcode, product_name, variant_name, bin_location, quantity, picked, *rest = rest
    missing, reason, note, state, order_state = rest
    return PickListLine(
        id=row_id,
        pick_list_id=pick_list_id,
        fulfilment_id=fulfilment_id,
        fulfilment_number=number_of(number, position),
        order_line_id=order_line_id,
        variant_id=variant_id,
        sku=sku,
        barcode=barcode,
        product_name=product_name,
        variant_name=variant_name,
        bin_location=bin_location,
        quantity=quantity,
        picked=picked,
        missing=missing,
        reason=reason,
        note=note,
        to_be_picked=state == FulfilmentState.PICKING and order_state != OrderState.ON_HOLD,
    )
