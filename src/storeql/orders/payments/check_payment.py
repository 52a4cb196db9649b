"""Asks gateways how far the open payments of an order are."""

from __future__ import annotations

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.hooks import Hooks
from storeql.orders.order_rows import OrderHead, hold_order
from storeql.orders.payments.ask_gateway import settle
from storeql.orders.payments.asked import Asked
from storeql.orders.payments.attempts import Payment, attempts_of
from storeql.orders.payments.begin import is_unanswered


def check_payment(
    write: Write, order_id: int, *, cart_token: str = "", actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the order after its gateway was asked how far an open payment is."""
    order, attempts = write(
        lambda connection: _open_attempts(connection, order_id, actor, cart_token)
    )
    for payment in attempts:
        if is_unanswered(payment, hooks=hooks):
            asked = Asked(payment=payment, order_number=order.number, email=order.email)
            settle(write, asked, hooks=hooks, actor=actor.key, now=now)
    return order_id


def _open_attempts(
    connection: Connection, order_id: int, actor: Actor, cart_token: str
) -> tuple[OrderHead, list[Payment]]:
    order = hold_order(connection, order_id, actor=actor, cart_token=cart_token)
    return order, attempts_of(connection, order_id)
