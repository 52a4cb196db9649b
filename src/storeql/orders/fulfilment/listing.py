"""The list of what warehouses have to send: filtered, in the order it has to leave, by pages."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal, select

from storeql.db import Connection, Selection, Statement, any_of, one_of, statement
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
from storeql.orders.fulfilment.picking.states import PickListState
from storeql.orders.fulfilment.picking.tables import pick_list_lines, pick_lists
from storeql.orders.fulfilment.reads import built, fulfilments_query
from storeql.orders.fulfilment.records import Fulfilment
from storeql.orders.fulfilment.states import IN_HOUSE
from storeql.orders.fulfilment.tables import fulfilments
from storeql.orders.states import OrderState
from storeql.orders.tables import orders

_fulfilment, _order = fulfilments.c, orders.c


class FulfilmentSort(StrEnum):
    """What a list of fulfilments is sorted by."""

    CREATED = "CREATED"
    SHIP_BY = "SHIP_BY"


class FulfilmentFilter(Struct, frozen=True, kw_only=True):
    """Conditions that all have to hold; None asks nothing.

    `late_at`: in the house at this instant although it was to have left. `held`: the order is on
    hold, or is not. `staff_id`: on an open pick list of this member of staff.
    """

    states: tuple[str, ...] | None = None
    warehouse_id: int | None = None
    late_at: int | None = None
    held: bool | None = None
    staff_id: int | None = None

    @property
    def shape(self) -> tuple[object, ...]:
        """What of the filter changes a statement's text."""
        return (
            self.states is not None,
            self.warehouse_id is not None,
            self.late_at is not None,
            self.held,
            self.staff_id is not None,
        )

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the conditions that are set."""
        given = {
            "states": self.states,
            "warehouse_id": self.warehouse_id,
            "late_at": self.late_at,
            "staff_id": self.staff_id,
        }
        return {name: value for name, value in given.items() if value is not None}


ALL = FulfilmentFilter()
_SORTS: dict[FulfilmentSort, ColumnElement[int]] = {
    FulfilmentSort.CREATED: _fulfilment.id,
    FulfilmentSort.SHIP_BY: func.coalesce(_order.ship_by_at, _order.placed_at),
}


def fulfilments_page(
    connection: Connection,
    selection: Selection,
    *,
    page: PageRequest,
    filter: FulfilmentFilter = ALL,
    sort: FulfilmentSort = FulfilmentSort.SHIP_BY,
    descending: bool = False,
    now: int,
) -> Page[Fulfilment]:
    """One page of what a filter finds, what has to leave first first unless sorted."""
    sort_key = f"fulfilments:{sort}:{descending}"
    window = window_of(page, sort_key)
    made = _page_statement(filter.shape, sort, descending, window.shape)
    rows, more = cut(connection.rows(made, **filter.params, **window.params), window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count_statement(filter.shape), **filter.params)
    nodes = built(connection, rows, node_selection(selection), now=now)

    def cursor(place: int) -> str:
        return make_cursor(sort_key, rows[place][-1], rows[place][0])

    return page_of(nodes, window, more, selection, cursor, total)


@lru_cache(maxsize=256)
def _page_statement(
    shape: tuple[object, ...], sort: FulfilmentSort, descending: bool, window: tuple[bool, bool]
) -> Statement:
    value = _SORTS[sort]
    query = _filtered(fulfilments_query(value.label("sort_value")), shape)
    return statement(
        windowed(query, window, value=value, row=_fulfilment.id, descending=descending)
    )


@lru_cache(maxsize=64)
def _count_statement(shape: tuple[object, ...]) -> Statement:
    found = _filtered(fulfilments_query(), shape)
    return statement(select(func.count()).select_from(found.subquery()))


def _filtered(query: Select[Any], shape: tuple[object, ...]) -> Select[Any]:
    by_state, by_warehouse, late, held, by_staff = shape
    on_hold = _order.state == literal(OrderState.ON_HOLD.value)
    chosen: list[ColumnElement[bool]] = []
    if by_state:
        chosen.append(any_of(_fulfilment.state, "states"))
    if by_warehouse:
        chosen.append(_fulfilment.warehouse_id == bindparam("warehouse_id"))
    if late:
        in_house = one_of(_fulfilment.state, *sorted(state.value for state in IN_HOUSE))
        chosen.append(and_(in_house, _order.ship_by_at < bindparam("late_at")))
    if held is not None:
        chosen.append(on_hold if held else ~on_hold)
    if by_staff:
        chosen.append(_is_assigned())
    return query.where(*chosen)


def _is_assigned() -> ColumnElement[bool]:
    line, head = pick_list_lines.c, pick_lists.c
    return exists(
        select(literal(1))
        .select_from(pick_list_lines.join(pick_lists, head.id == line.pick_list_id))
        .where(
            line.fulfilment_id == _fulfilment.id,
            head.state == literal(PickListState.OPEN.value),
            head.staff_id == bindparam("staff_id"),
        )
        .correlate(fulfilments)
    )
