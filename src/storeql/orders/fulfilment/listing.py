"""The list of what warehouses have to send: filtered, in the order it has to leave, by pages."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from storeql.db import Connection, Selection, Statement, one_of, statement
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
from storeql.orders.fulfilment.states import IN_HOUSE, FulfilmentState
from storeql.orders.fulfilment.tables import fulfilments
from storeql.orders.states import OrderState
from storeql.orders.tables import orders

_fulfilment, _order = fulfilments.c, orders.c


class FulfilmentSort(StrEnum):
    """What a list of fulfilments is sorted by; by SHIP_BY it holds what has still to leave."""

    CREATED = "CREATED"
    SHIP_BY = "SHIP_BY"


class FulfilmentFilter(Struct, frozen=True, kw_only=True):
    """Conditions that all have to hold; None asks nothing.

    `late_at`: in the house at this instant although it was to have left. `held`: the order is on
    hold, or is not. `staff_id`: on an open pick list of this member of staff.
    """

    states: tuple[FulfilmentState, ...] | None = None
    warehouse_id: int | None = None
    late_at: int | None = None
    held: bool | None = None
    staff_id: int | None = None

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of the conditions that are set, without those of the states."""
        given = {
            "warehouse_id": self.warehouse_id,
            "late_at": self.late_at,
            "staff_id": self.staff_id,
        }
        return {name: value for name, value in given.items() if value is not None}


class Shape(Struct, frozen=True):
    """What of a filter changes a statement's text; `states` is how many it names, None: any."""

    states: int | None
    by_warehouse: bool
    late: bool
    held: bool | None
    by_staff: bool

    @property
    def is_narrow(self) -> bool:
        """True when few rows are left whatever the states: they are found first, then sorted."""
        return self.late or self.held is True or self.by_staff


ALL = FulfilmentFilter()
_SHIP_BY = func.coalesce(_order.ship_by_at, _order.placed_at)


def fulfilments_page(
    connection: Connection,
    selection: Selection,
    *,
    page: PageRequest,
    filter: FulfilmentFilter = ALL,
    sort: FulfilmentSort = FulfilmentSort.CREATED,
    descending: bool = True,
    now: int,
) -> Page[Fulfilment]:
    """One page of what a filter finds, the newest first unless sorted."""
    sort_key = f"fulfilments:{sort}:{descending}"
    window, states = window_of(page, sort_key), _states(filter, sort)
    shape = Shape(
        None if states is None else len(states),
        filter.warehouse_id is not None,
        filter.late_at is not None,
        filter.held,
        filter.staff_id is not None,
    )
    params = {**filter.params, **{f"wanted_{n}": one.value for n, one in enumerate(states or ())}}
    made = _page_statement(shape, sort, descending, window.shape)
    rows, more = cut(connection.rows(made, **params, **window.params), window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count_statement(shape), **params)
    nodes = built(connection, rows, node_selection(selection), now=now)

    def cursor(place: int) -> str:
        return make_cursor(sort_key, rows[place][-1], rows[place][0])

    return page_of(nodes, window, more, selection, cursor, total)


def _states(filter: FulfilmentFilter, sort: FulfilmentSort) -> list[FulfilmentState] | None:
    """The states to look for, each once; None when the filter does not care.

    By warehouse every state is looked for, so that each can be read in the order of its index.
    """
    if sort is FulfilmentSort.SHIP_BY:
        return [one for one in FulfilmentState if one in IN_HOUSE and _names(filter, one)]
    if filter.states is not None or filter.warehouse_id is not None:
        return [one for one in FulfilmentState if _names(filter, one)]
    return None


def _names(filter: FulfilmentFilter, state: FulfilmentState) -> bool:
    return filter.states is None or state in filter.states


@lru_cache(maxsize=256)
def _page_statement(
    shape: Shape, sort: FulfilmentSort, descending: bool, window: tuple[bool, bool]
) -> Statement:
    value = _SHIP_BY if sort is FulfilmentSort.SHIP_BY else _fulfilment.id
    query = fulfilments_query(value.label("sort_value"))
    if sort is FulfilmentSort.CREATED and shape.states and not shape.is_narrow:
        firsts = _first_of_each(shape.states, shape, descending=descending, window=window)
        query = query.where(_fulfilment.id.in_(firsts))
    else:
        query = query.where(_in_states(shape.states), *_conditions(shape))
    return statement(
        windowed(query, window, value=value, row=_fulfilment.id, descending=descending)
    )


def _first_of_each(
    count: int, shape: Shape, *, descending: bool, window: tuple[bool, bool]
) -> CompoundSelect[tuple[int]]:
    """The ids of the first rows of each state: as many as a page has, in the order of an index.

    A list of states compared at once is read and sorted as a whole, which is slow for those in
    which nearly everything ends.
    """
    row = _fulfilment.id
    firsts = [
        windowed(
            select(row)
            .join(orders, _order.id == _fulfilment.order_id)
            .where(_fulfilment.state == bindparam(f"wanted_{place}"), *_conditions(shape)),
            window,
            value=row,
            row=row,
            descending=descending,
        ).subquery()
        for place in range(count)
    ]
    return union_all(*(select(first.c.id) for first in firsts))


@lru_cache(maxsize=64)
def _count_statement(shape: Shape) -> Statement:
    query = (
        select(func.count())
        .select_from(fulfilments.join(orders, _order.id == _fulfilment.order_id))
        .where(_in_states(shape.states), *_conditions(shape))
    )
    return statement(query)


def _in_states(count: int | None) -> ColumnElement[bool]:
    if count is None:
        return true()
    names = [_fulfilment.state == bindparam(f"wanted_{place}") for place in range(count)]
    return or_(false(), *names)


def _conditions(shape: Shape) -> list[ColumnElement[bool]]:
    on_hold = _order.state == literal(OrderState.ON_HOLD.value)
    chosen: list[ColumnElement[bool]] = [_order.state != literal(OrderState.PENDING_PAYMENT.value)]
    if shape.by_warehouse:
        chosen.append(_fulfilment.warehouse_id == bindparam("warehouse_id"))
    if shape.late:
        in_house = one_of(_fulfilment.state, *sorted(state.value for state in IN_HOUSE))
        chosen.append(and_(in_house, _order.ship_by_at < bindparam("late_at")))
    if shape.held is not None:
        chosen.append(on_hold if shape.held else ~on_hold)
    if shape.by_staff:
        chosen.append(_fulfilment.id.in_(_on_lists_of_staff()))
    return chosen


def _on_lists_of_staff() -> Select[tuple[int]]:
    line, head = pick_list_lines.c, pick_lists.c
    return (
        select(line.fulfilment_id)
        .join(pick_lists, head.id == line.pick_list_id)
        .where(
            head.state == literal(PickListState.OPEN.value),
            head.staff_id == bindparam("staff_id"),
        )
    )
