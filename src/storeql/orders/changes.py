"""What tells that an order changed: its topic, and the state that is compared."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storeql.db import Connection, statement
from storeql.orders.tables import orders

STATE = statement(
    select(orders.c.id, orders.c.state, orders.c.version, orders.c.updated_at).where(
        orders.c.id == bindparam("id")
    )
)


def order_topic(order_id: int) -> str:
    """The topic of notices about an order."""
    return f"order:{order_id}"


def order_state(connection: Connection, order_id: int) -> tuple[int, str, int, int] | None:
    """The order's id, state, version and last change; None if unknown.

    Whoever asks must have been shown the order before, see `resolvers.order_by`.
    """
    row: tuple[int, str, int, int] | None = connection.one(STATE, id=order_id)
    return row
