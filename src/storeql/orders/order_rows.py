"""Takes an order's row for a transaction, shows it only to whom it belongs, and moves it on."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, case, literal_column, select, update

from storeql.access import Actor, Permission
from storeql.db import Connection, any_of, statement
from storeql.errors import Rejected, refuse
from storeql.orders.journal import Journal
from storeql.orders.problems import OrderStateConflict
from storeql.orders.states import OrderState, may_become
from storeql.orders.tables import orders

_order = orders.c
HEAD_COLUMNS: tuple[ColumnElement[Any], ...] = (
    _order.id,
    _order.number,
    _order.channel_id,
    _order.state,
    _order.customer_id,
    _order.email,
    _order.currency,
    _order.total_minor,
    _order.fulfilment_status,
    literal_column("(SELECT c.token FROM carts AS c WHERE c.id = orders.cart_id)"),
)
_HOLD = statement(
    select(*HEAD_COLUMNS).where(_order.id == bindparam("id")).with_for_update(key_share=True)
)
_HOLD_ALL = statement(
    select(*HEAD_COLUMNS)
    .where(any_of(_order.id, "ids"))
    .order_by(_order.id)
    .with_for_update(key_share=True)
)
# An order that was paid late is to leave later: its clock starts when there is something to do.
_MOVE = statement(
    update(orders)
    .where(_order.id == bindparam("b_id"), _order.state == bindparam("seen"))
    .values(
        state=bindparam("new_state"),
        ship_by_at=case(
            (
                _order.state == OrderState.PENDING_PAYMENT.value,
                _order.ship_by_at + bindparam("now") - _order.placed_at,
            ),
            else_=_order.ship_by_at,
        ),
        updated_at=bindparam("now"),
        version=_order.version + 1,
    )
)


class OrderHead(Struct, frozen=True, kw_only=True):
    """What every change of an order needs to know of it."""

    id: int
    number: str
    channel_id: int
    state: OrderState
    customer_id: int | None
    email: str
    currency: str
    total_minor: int
    fulfilment_status: str
    cart_token: str


def hold_order(
    connection: Connection, order_id: int, *, actor: Actor, cart_token: str = ""
) -> OrderHead:
    """The order, nobody else's to change until the transaction ends.

    Customers see their own, staff with MANAGE_ORDERS all; a guest shows the token of the cart it
    came from. Raises Rejected (ORDER_NOT_FOUND), the same for an order that is not shown.
    """
    head = held_order(connection, order_id)
    if head is None or not may_see(actor, head.customer_id, head.cart_token, cart_token):
        raise refuse("ORDER_NOT_FOUND", "There is no such order.", "orderId")
    return head


def held_order(connection: Connection, order_id: int) -> OrderHead | None:
    """The order, held, for writes that nobody asked for by its id."""
    row = connection.one(_HOLD, id=order_id)
    return None if row is None else head_of_row(row)


def held_orders(connection: Connection, order_ids: Iterable[int]) -> list[OrderHead]:
    """The orders, ascending and held in that order: no two writes can deadlock."""
    ids = sorted(set(order_ids))
    return [head_of_row(row) for row in connection.rows(_HOLD_ALL, ids=ids)]


def may_see(actor: Actor, customer_id: int | None, token: str, shown_token: str) -> bool:
    """True for the customer it belongs to, for staff of orders, and for a guest with its token."""
    if Permission.MANAGE_ORDERS.value in actor.permissions:
        return True
    if customer_id is not None:
        return customer_id == actor.customer_id
    return bool(shown_token) and hmac.compare_digest(token.encode(), shown_token.encode())


def move_order(
    connection: Connection,
    order: OrderHead,
    target: OrderState,
    *,
    kind: str,
    journal: Journal,
    **data: Any,
) -> OrderHead:
    """The held order in its next state, with the event noted; raises Rejected when it may not."""
    if not may_become(order.state, target):
        raise state_conflict(order)
    moved = connection.run(
        _MOVE, b_id=order.id, seen=order.state.value, new_state=target.value, now=journal.now
    )
    if not moved:
        raise state_conflict(order)
    journal.note(
        order.id,
        kind,
        channel_id=order.channel_id,
        before=order.state.value,
        after=target.value,
        **data,
    )
    return msgspec.structs.replace(order, state=target)


def state_conflict(order: OrderHead) -> Rejected:
    """The refusal of something that the order's state does not allow."""
    return Rejected(
        [
            OrderStateConflict(
                message=f"The order is {order.state.value}: this cannot be done any more.",
                field=("orderId",),
                state=order.state.value,
            )
        ]
    )


def head_of_row(row: tuple[Any, ...]) -> OrderHead:
    """The record of a row with HEAD_COLUMNS."""
    row_id, number, channel_id, state, customer_id, email, currency, *others = row
    total_minor, status, token = others
    return OrderHead(
        id=row_id,
        number=number,
        channel_id=channel_id,
        state=OrderState(state),
        customer_id=customer_id,
        email=email,
        currency=currency,
        total_minor=total_minor,
        fulfilment_status=status,
        cart_token=token or "",
    )
