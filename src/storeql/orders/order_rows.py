"""Takes an order's row for a transaction, shows it only to whom it belongs, and moves it on."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, and_, bindparam, case, literal_column, select, update

from storeql.access import Actor, Permission
from storeql.db import Connection, any_of, statement
from storeql.errors import Rejected, refuse
from storeql.orders.balance import (
    NAMES,
    NOTHING,
    Balance,
    change_params,
    changed,
    stays_sound,
)
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
    _order.authorized_minor,
    _order.captured_minor,
    _order.returning_minor,
    _order.refunded_minor,
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
_CHANGE = statement(
    update(orders)
    .where(_order.id == bindparam("b_id"), _order.state == bindparam("seen"), stays_sound())
    .values(
        state=bindparam("new_state"),
        ship_by_at=case(
            (
                and_(
                    _order.state == OrderState.PENDING_PAYMENT.value,
                    bindparam("new_state") != OrderState.PENDING_PAYMENT.value,
                ),
                _order.ship_by_at + bindparam("now") - _order.placed_at,
            ),
            else_=_order.ship_by_at,
        ),
        updated_at=bindparam("now"),
        version=_order.version + 1,
        **changed(),
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
    balance: Balance
    cart_token: str

    @property
    def outstanding_minor(self) -> int:
        """What is neither held nor taken of its total yet."""
        known = self.balance.authorized_minor + self.balance.captured_minor
        return max(0, self.total_minor - known)


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
    money: Balance = NOTHING,
    **data: Any,
) -> OrderHead:
    """The held order in its next state, with the event noted; raises Rejected when it may not.

    `money` is what changes of its balance at the same time.
    """
    if not may_become(order.state, target):
        raise state_conflict(order)
    moved = change_order(connection, order, target, money=money, now=journal.now)
    if moved is None:
        raise state_conflict(order)
    journal.note(
        order.id,
        kind,
        channel_id=order.channel_id,
        before=order.state.value,
        after=target.value,
        **data,
    )
    return moved


def change_order(
    connection: Connection,
    order: OrderHead,
    target: OrderState,
    *,
    money: Balance = NOTHING,
    now: int,
) -> OrderHead | None:
    """The order in this state with its balance changed, in one UPDATE.

    None, and nothing is written, when the order is not in its state any more or its money does not
    suffice. Whether the state may follow is for `move_order` to say.
    """
    changed_rows = connection.run(
        _CHANGE,
        b_id=order.id,
        seen=order.state.value,
        new_state=target.value,
        now=now,
        **change_params(money),
    )
    if not changed_rows:
        return None
    return msgspec.structs.replace(order, state=target, balance=order.balance.plus(money))


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
    total_minor, status, *amounts, token = others
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
        balance=Balance(**dict(zip(NAMES, amounts, strict=True))),
        cart_token=token or "",
    )
