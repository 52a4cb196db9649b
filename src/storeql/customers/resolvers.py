"""The shared reads of customers: planned from a selection, one SELECT per relation asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from storeql.customers.listing import (
    COLUMN_NAMES,
    CustomerFilter,
    count_statement,
    customers_statement,
    page_statement,
)
from storeql.customers.records import Customer
from storeql.customers.relations import load_addresses, load_groups
from storeql.customers.session_reads import load_sessions
from storeql.db import Connection, Selection
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    window_of,
)

NEWEST_FIRST = "customers"
EVERYBODY = CustomerFilter()


class Reader(Struct, frozen=True):
    """Who reads, at which instant (ms): sessions depend on both."""

    now: int
    session_id: int | None = None


def customers_page(
    connection: Connection,
    selection: Selection,
    *,
    page: PageRequest,
    reader: Reader,
    filter: CustomerFilter = EVERYBODY,
) -> Page[Customer]:
    """One page of the customers a filter finds, newest first; raises BadInput for a bad page."""
    window = window_of(page, NEWEST_FIRST)
    wanted = node_selection(selection)
    made = page_statement(filter.shape, wanted.columns(*COLUMN_NAMES), window.shape)
    rows, more = cut(connection.rows(made, **filter.params, **window.params), window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(count_statement(filter.shape), **filter.params)
    nodes = _build(connection, [row[:-1] for row in rows], wanted=wanted, reader=reader)

    def cursor(place: int) -> str:
        return make_cursor(NEWEST_FIRST, rows[place][-1], rows[place][0])

    return page_of(nodes, window, more, selection, cursor, total)


def customers_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, reader: Reader
) -> dict[int, Customer]:
    """Customers by row number; unknown ones are left out."""
    made = customers_statement(selection.columns(*COLUMN_NAMES))
    rows = connection.rows(made, ids=sorted(set(ids))) if ids else []
    return {one.id: one for one in _build(connection, rows, wanted=selection, reader=reader)}


def customer(
    connection: Connection, selection: Selection, *, id: int, reader: Reader
) -> Customer | None:
    """The customer with this row number, None without one."""
    return customers_by_id(connection, [id], selection, reader=reader).get(id)


def _build(
    connection: Connection,
    rows: Sequence[tuple[Any, ...]],
    *,
    wanted: Selection,
    reader: Reader,
) -> list[Customer]:
    if not rows:
        return []
    ids = [row[0] for row in rows]
    addresses = load_addresses(connection, ids) if wanted.wants("addresses") else {}
    groups = (
        load_groups(connection, ids, wanted=wanted.of("groups")) if wanted.wants("groups") else {}
    )
    sessions = (
        load_sessions(connection, "customer", ids, current=reader.session_id, now=reader.now)
        if wanted.wants("sessions")
        else {}
    )
    related = (addresses, groups, sessions)
    return [
        Customer(*(*_values(row), *(relation.get(row[0], ()) for relation in related)))
        for row in rows
    ]


def _values(row: Sequence[Any]) -> tuple[Any, ...]:
    """The row's columns; SQLite gives `is_active`, when asked for, as a number."""
    is_active = None if row[IS_ACTIVE] is None else bool(row[IS_ACTIVE])
    return (*row[:IS_ACTIVE], is_active, *row[IS_ACTIVE + 1 :])


IS_ACTIVE = Customer.__struct_fields__.index("is_active")
