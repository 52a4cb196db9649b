"""Writes a drafted order with all its rows, a few statements whatever the number of lines."""

from __future__ import annotations

from sqlalchemy import Table, bindparam, insert

from storeql.catalog.stock.promise import reserve
from storeql.db import Connection, Statement, statement
from storeql.orders.balance import Balance
from storeql.orders.fulfilment.pieces import Piece, allotted
from storeql.orders.fulfilment.rows import add_fulfilments, new_fulfilments
from storeql.orders.fulfilment.settings import ship_by_of_new_order
from storeql.orders.fulfilment.states import FulfilmentStatus
from storeql.orders.order_rows import OrderHead
from storeql.orders.placing.draft import Draft, allocation_rows, line_id, line_rows, order_row
from storeql.orders.states import OrderState
from storeql.orders.tables import discount_allocations, order_lines, orders
from storeql.promotions.limits.policy import Paid
from storeql.promotions.limits.redeem import redeem


def _insert(table: Table, *left_out: str) -> Statement:
    names = [column.name for column in table.columns if column.name not in left_out]
    return statement(insert(table), *names)


_LATER = ("id", "version", "fulfilment_status", "ship_by_at", "delivered_at", "completed_at")
_ORDER_COLUMNS = [column.name for column in orders.columns if column.name not in _LATER]
_ORDER = statement(
    insert(orders)
    .values({name: bindparam(name) for name in _ORDER_COLUMNS})
    .values(ship_by_at=ship_by_of_new_order())
    .returning(orders.c.id)
)
_LINES = _insert(order_lines, "refunded_minor", "refunded_quantity")
_ALLOCATIONS = _insert(discount_allocations, "id")


def write_order(
    connection: Connection, draft: Draft, *, state: OrderState, balance: Balance, now: int
) -> OrderHead:
    """The order, written with its lines and discounts; nothing is taken yet."""
    row = order_row(draft, state=state.value, balance=balance, now=now)
    order_id: int = connection.scalar(_ORDER, **row)
    connection.run_many(_LINES, line_rows(draft, order_id))
    connection.run_many(_ALLOCATIONS, allocation_rows(draft, order_id))
    return OrderHead(
        id=order_id,
        number=draft.number,
        channel_id=draft.cart.channel_id,
        state=state,
        customer_id=draft.cart.customer_id,
        email=draft.email,
        currency=draft.cart.currency,
        total_minor=row["total_minor"],
        fulfilment_status=FulfilmentStatus.UNFULFILLED.value,
        balance=balance,
        cart_token=draft.cart.token,
    )


def take_for_order(
    connection: Connection, draft: Draft, order_id: int, *, paid: Paid, actor: str, now: int
) -> None:
    """Takes the order's stock, by warehouse, and what its price used of promotions.

    These are the rows that every buyer wants: they are taken last and held the shortest. Raises
    Rejected with everything of one kind that does not suffice.
    """
    reservations = reserve(
        connection, draft.pieces(), now=now, actor=actor, reference=f"order:{order_id}"
    )
    pieces = [
        Piece(line_id(order_id, place), line.variant_id, line.quantity)
        for place, line in enumerate(draft.lines)
    ]
    parts = allotted(pieces, reservations)
    add_fulfilments(connection, new_fulfilments(order_id, parts, after=0, now=now))
    redeem(
        connection,
        order_id=order_id,
        customer_id=draft.cart.customer_id,
        basket=draft.pricing.basket,
        priced=draft.pricing.priced,
        paid=paid,
        now=now,
    )
