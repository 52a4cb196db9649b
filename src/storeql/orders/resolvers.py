"""The shared reads of orders: planned from a selection, one SELECT per relation asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from storeql.access import Actor
from storeql.carts.cart_rows import storable
from storeql.carts.explain import explain_trace
from storeql.carts.price_records import Explanation
from storeql.customers.address import Address, decode_address
from storeql.customers.records import Customer
from storeql.customers.resolvers import Reader, customers_by_id
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
from storeql.orders.fulfilment.reads import fulfilments_by_order, load_holds
from storeql.orders.listing import (
    ALWAYS,
    COLUMNS,
    FIELD_NAMES,
    OrderFilter,
    OrderSort,
    PageShape,
    columns_of,
    count_statement,
    orders_statement,
    page_statement,
)
from storeql.orders.order_rows import may_see
from storeql.orders.payments.relations import load_payments
from storeql.orders.records import Order, OrderLine
from storeql.orders.refunds.relations import load_refunds
from storeql.orders.relations import load_discounts, load_events, load_lines
from storeql.orders.states import UNSHIPPED
from storeql.pricing import PricedCart

ALL_ORDERS = OrderFilter()
_CUSTOMER, _CURRENCY = ALWAYS.index("customer_id"), ALWAYS.index("currency")
_PLAIN = len(ALWAYS) + len(COLUMNS) - 2

_STATE, _SHIP_BY = (len(ALWAYS) + FIELD_NAMES.index(name) for name in ("state", "ship_by"))

_pricing = msgspec.json.Decoder(PricedCart)


def orders_page(
    connection: Connection,
    selection: Selection,
    *,
    page: PageRequest,
    filter: OrderFilter = ALL_ORDERS,
    sort: OrderSort = OrderSort.PLACED_AT,
    descending: bool = True,
    now: int,
) -> Page[Order]:
    """One page of the orders a filter finds, newest first unless sorted."""
    sort_key = f"orders:{sort}:{descending}"
    window, wanted = window_of(page, sort_key), node_selection(selection)
    shape = PageShape(filter.shape, columns_of(wanted), sort, descending, window.shape)
    found = connection.rows(page_statement(shape), **filter.params, **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(count_statement(shape.filter), **filter.params)
    nodes = _build(connection, rows, wanted, now)

    def cursor(place: int) -> str:
        return make_cursor(sort_key, rows[place][-1], rows[place][0])

    return page_of(nodes, window, more, selection, cursor, total)


def order_by(
    connection: Connection,
    selection: Selection,
    *,
    key: str,
    value: int | str,
    actor: Actor,
    cart_token: str = "",
    now: int,
) -> Order | None:
    """The order with this id, number or cart_id; None when unknown or not the actor's to see."""
    found = orders_by(
        connection,
        selection,
        key=key,
        values=[value],
        actor=actor,
        cart_token=cart_token,
        now=now,
    )
    return found[0] if found else None


def orders_by(
    connection: Connection,
    selection: Selection,
    *,
    key: str,
    values: Sequence[int | str],
    actor: Actor,
    cart_token: str = "",
    now: int,
) -> list[Order]:
    """The orders with these ids, numbers or cart_ids, without those the actor may not see."""
    made = orders_statement(key, columns_of(selection))
    keys = [storable(one) if isinstance(one, str) else one for one in values]
    rows = connection.rows(made, keys=keys)
    shown = [row for row in rows if may_see(actor, row[_CUSTOMER], row[-1] or "", cart_token)]
    return _build(connection, shown, selection, now)


def placed_order(connection: Connection, selection: Selection, order_id: int, *, now: int) -> Order:
    """An order that the request has just written: who asks was checked by the write."""
    return placed_orders(connection, selection, [order_id], now=now)[order_id]


def placed_orders(
    connection: Connection, selection: Selection, order_ids: Sequence[int], *, now: int
) -> dict[int, Order]:
    """The same for several orders, by row number."""
    made = orders_statement("id", columns_of(selection))
    rows = connection.rows(made, keys=list(order_ids))
    return {order.id: order for order in _build(connection, rows, selection, now)}


def _build(
    connection: Connection, rows: Sequence[Sequence[Any]], wanted: Selection, now: int
) -> list[Order]:
    if not rows:
        return []
    ids = [row[0] for row in rows]
    currencies = {row[0]: row[_CURRENCY] for row in rows}
    wants_discounts = wanted.wants("shipping_discounts") or wanted.of("lines").wants("discounts")
    discounts = load_discounts(connection, currencies) if wants_discounts else {}
    lines: dict[int, list[OrderLine]] = {}
    if wanted.wants("lines"):
        lines = load_lines(
            connection, wanted.of("lines"), currencies=currencies, discounts=discounts
        )
    payments = load_payments(connection, ids, wanted) if wanted.wants("payments") else {}
    refunds = load_refunds(connection, currencies, wanted) if wanted.wants("refunds") else {}
    events = load_events(connection, ids) if wanted.wants("events") else {}
    parts = (
        fulfilments_by_order(connection, wanted.of("fulfilments"), ids, now=now)
        if wanted.wants("fulfilments")
        else {}
    )
    holds = load_holds(connection, ids) if wanted.wants("holds") else {}
    customers = _customers(connection, rows, wanted, now)
    made: list[Order] = []
    for row in rows:
        row_id = row[0]
        values: list[Any] = [
            *row[:_PLAIN],
            *_documents(row),
            customers.get(row[_CUSTOMER]),
            discounts.get((row_id, None), ()),
            lines.get(row_id, ()),
            payments.get(row_id, ()),
            events.get(row_id, ()),
            parts.get(row_id, ()),
            holds.get(row_id, ()),
            wanted.wants("is_late") and _is_late(row, now),
            refunds.get(row_id, ()),
        ]
        made.append(Order(*values))
    return made


def _is_late(row: Sequence[Any], now: int) -> bool:
    ship_by_at = row[_SHIP_BY]
    return row[_STATE] in UNSHIPPED and ship_by_at is not None and ship_by_at < now


def _customers(
    connection: Connection, rows: Sequence[Sequence[Any]], wanted: Selection, now: int
) -> dict[int, Customer]:
    ids = [row[_CUSTOMER] for row in rows if row[_CUSTOMER] is not None]
    if not ids or not wanted.wants("customer"):
        return {}
    return customers_by_id(connection, ids, wanted.of("customer"), reader=Reader(now=now))


def _documents(row: Sequence[Any]) -> tuple[Address | None, Sequence[Explanation]]:
    address, pricing = row[_PLAIN : _PLAIN + 2]
    return (
        None if address is None else decode_address(address),
        () if pricing is None else explain_trace(_pricing.decode(pricing)),
    )
