"""The plugin's table. Its name begins with the plugin's, and it refers to no other table."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table

from storeql.db import instant, new_metadata, short_text

metadata = new_metadata()

# One row per order of a customer. An order that was cancelled has 0 points, whichever of the two
# events came first.
orders = Table(
    "loyalty_points_orders",
    metadata,
    Column("order_id", BigInteger, primary_key=True, autoincrement=False),
    Column("customer_id", BigInteger, nullable=False),
    short_text("order_number", 64),
    Column("points", BigInteger, nullable=False),
    instant("placed_at"),
    instant("taken_back_at", nullable=True),
    Index("ix_loyalty_points_orders_customer", "customer_id", "order_id"),
)
