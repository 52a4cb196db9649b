"""Cancels an order exactly once: stock, promotions and money go back to where they came from."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, update

from storeql.access import Actor, Permission
from storeql.customers.tables import customers
from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.fulfilment.give_up import give_up_fulfilments
from storeql.orders.fulfilment.states import FulfilmentStatus
from storeql.orders.idempotency import keep_key, key_of, object_of
from storeql.orders.journal import Journal, recorded
from storeql.orders.order_rows import OrderHead, hold_order, move_order, state_conflict
from storeql.orders.payments.ask_gateway import due_movements, move_money
from storeql.orders.payments.asked import AskedMovement
from storeql.orders.payments.let_go import give_up_attempts
from storeql.orders.states import CANCELLED_BY_CUSTOMER, OrderState
from storeql.promotions.limits.give_back import give_back

MUTATION = "orderCancel"
CANCELLED = "CANCELLED"
LONGEST_REASON = 500

_UNCOUNT_ORDER = statement(
    update(customers)
    .where(customers.c.id == bindparam("b_id"), customers.c.order_count > 0)
    .values(order_count=customers.c.order_count - 1)
)


class CancelWish(Struct, frozen=True, kw_only=True):
    """An order to cancel; a guest shows the token of the cart it came from."""

    order_id: int
    idempotency_key: str
    reason: str = ""
    cart_token: str = ""


def cancel_order(write: Write, wish: CancelWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the cancelled order.

    Customers cancel until the order is picked, staff until a part of it is shipped. With a key that
    was used before nothing happens again, but money that is still due is asked for again. Raises
    Rejected (OrderStateConflict).
    """
    due = recorded(
        write,
        lambda connection, journal: _cancel(
            connection, wish, journal=journal, actor=actor, hooks=hooks
        ),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    move_money(write, due, hooks=hooks, actor=actor.key, now=now)
    return wish.order_id


def _cancel(
    connection: Connection, wish: CancelWish, *, journal: Journal, actor: Actor, hooks: Hooks
) -> Sequence[AskedMovement]:
    reason = _reason(wish)
    order = hold_order(connection, wish.order_id, actor=actor, cart_token=wish.cart_token)
    key = key_of(actor, MUTATION, wish.idempotency_key, wish, secret=wish.cart_token)
    if object_of(connection, key) is not None:
        return due_movements(connection, order)
    _check_shopper(order, actor)
    order = undo_order(connection, order, kind=CANCELLED, reason=reason, journal=journal)
    keep_key(connection, key, object_id=order.id, now=journal.now)
    return give_up_attempts(connection, journal, order=order, hooks=hooks)


def _check_shopper(order: OrderHead, actor: Actor) -> None:
    by_customer = Permission.MANAGE_ORDERS.value not in actor.permissions
    if by_customer and order.state not in CANCELLED_BY_CUSTOMER:
        raise state_conflict(order)


def undo_order(
    connection: Connection, order: OrderHead, *, kind: str, reason: str, journal: Journal
) -> OrderHead:
    """The held order, cancelled, with stock, limits and counters as they were without it.

    `kind` names the event. Its payments are `give_up_attempts`'s. Raises Rejected when a part of it
    has left the house.
    """
    if order.fulfilment_status != FulfilmentStatus.UNFULFILLED:
        raise state_conflict(order)
    target = OrderState.CANCELLED
    cancelled = move_order(connection, order, target, kind=kind, journal=journal, reason=reason)
    # The rows come in the order in which placing takes them: customer, stock, promotions.
    if order.customer_id is not None:
        connection.run(_UNCOUNT_ORDER, b_id=order.customer_id)
    give_up_fulfilments(connection, order, journal)
    give_back(connection, order_id=order.id, now=journal.now)
    return cancelled


def _reason(wish: CancelWish) -> str:
    fields = Fields()
    reason = fields.line("reason", wish.reason, most=LONGEST_REASON, required=False)
    fields.refuse_problems()
    return reason
