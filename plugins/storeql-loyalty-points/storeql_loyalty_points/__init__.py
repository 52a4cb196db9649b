"""Loyalty points (积分) for storeql: earned with every order, taken back when one is cancelled."""

from __future__ import annotations

from pathlib import Path

from storeql.hooks import OrderChange, OrderSnapshot, PluginTables, Write, hookimpl
from storeql_loyalty_points.points import earn, take_back
from storeql_loyalty_points.queries import LoyaltyQuery
from storeql_loyalty_points.tables import metadata

storeql_hooks_version = 2
CANCELLED = "CANCELLED"


@hookimpl
def storeql_migrations() -> PluginTables:
    """One table: what each order earned."""
    return PluginTables(metadata=metadata, migrations=Path(__file__).parent / "migrations")


@hookimpl
def storeql_query_types() -> list[type]:
    """`loyaltyPoints` of the customer who is signed in."""
    return [LoyaltyQuery]


@hookimpl
def storeql_order_placed(order: OrderSnapshot, write: Write) -> None:
    """A customer's order earns points; a guest's earns none."""
    if order.customer_id is not None:
        write(lambda connection: earn(connection, order))


@hookimpl
def storeql_order_changed(order: OrderSnapshot, change: OrderChange, write: Write) -> None:
    """A cancelled order has earned nothing."""
    if order.customer_id is not None and change.state_after == CANCELLED:
        write(lambda connection: take_back(connection, order, at=change.at))
