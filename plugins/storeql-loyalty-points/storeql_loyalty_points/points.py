"""Earning points and taking them back. Whatever is told twice, or in another order, counts once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from storeql.db import Connection, statement
from storeql.hooks import OrderSnapshot
from storeql_loyalty_points.tables import orders

_row = {
    name: bindparam(name)
    for name in ("order_id", "customer_id", "order_number", "points", "placed_at", "taken_back_at")
}
_EARN = statement(insert(orders).values(_row).on_conflict_do_nothing(index_elements=["order_id"]))
_TAKE_BACK = statement(
    insert(orders)
    .values(_row)
    .on_conflict_do_update(
        index_elements=["order_id"],
        set_={"points": bindparam("points"), "taken_back_at": bindparam("taken_back_at")},
    )
)
_BALANCE = statement(
    select(func.sum(orders.c.points)).where(orders.c.customer_id == bindparam("customer_id"))
)
_LATEST = statement(
    select(orders.c.order_number, orders.c.points, orders.c.placed_at, orders.c.taken_back_at)
    .where(orders.c.customer_id == bindparam("customer_id"))
    .order_by(orders.c.order_id.desc())
    .limit(bindparam("first"))
)


class OrderPoints(Struct, frozen=True, kw_only=True):
    """What one order earned; 0 once they were taken back. Instants are milliseconds."""

    order_number: str
    points: int
    placed_at: int
    taken_back_at: int | None


class Points(Struct, frozen=True, kw_only=True):
    """A customer's points, and the latest orders behind them."""

    balance: int
    orders: Sequence[OrderPoints]


def earned_by(order: OrderSnapshot) -> int:
    """A point for every whole unit of money paid for goods, the delivery left out."""
    return int((order.total_minor - order.shipping_minor) // 10**order.exponent)


def earn(connection: Connection, order: OrderSnapshot) -> None:
    """Notes what the order earned, unless it is noted already."""
    connection.run(_EARN, **_entry(order, points=earned_by(order), taken_back_at=None))


def take_back(connection: Connection, order: OrderSnapshot, *, at: datetime) -> None:
    """Notes that the order earned nothing."""
    connection.run(_TAKE_BACK, **_entry(order, points=0, taken_back_at=_milliseconds(at)))


def points_of(connection: Connection, customer_id: int, *, first: int, with_orders: bool) -> Points:
    """The customer's points in one statement, with the latest orders in two."""
    balance = connection.scalar(_BALANCE, customer_id=customer_id)
    rows = connection.rows(_LATEST, customer_id=customer_id, first=first) if with_orders else []
    found = [
        OrderPoints(order_number=number, points=points, placed_at=placed, taken_back_at=taken)
        for number, points, placed, taken in rows
    ]
    return Points(balance=int(balance or 0), orders=found)


def _entry(order: OrderSnapshot, **columns: int | None) -> dict[str, int | str | None]:
    assert order.customer_id is not None
    return {
        "order_id": int(order.id),
        "customer_id": int(order.customer_id),
        "order_number": order.number,
        "placed_at": _milliseconds(order.placed_at),
        **columns,
    }


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
