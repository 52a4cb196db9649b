"""Tables of fulfilment: what leaves each warehouse, its packages, holds, and the shop's terms."""

from sqlalchemy import Column, Index, Integer, String, Table
from sqlalchemy import UniqueConstraint as Unique

from storeql.db import instant, json_text, metadata, short_text, version
from storeql.db.columns import primary_key, reference
from storeql.orders.tables import orders

# What one warehouse sends of an order; written with the order, in the statement that keeps its
# reservations. Until it is shipped or cancelled its pieces are reserved in its warehouse.
# pieces: JSON list of [order line, variant, quantity], see `pieces.py`. state: see `states.py`.
fulfilments = Table(
    "fulfilments",
    metadata,
    primary_key(),
    reference("order_id", str(orders.c.id)),
    Column("position", Integer, nullable=False),
    reference("warehouse_id", "warehouses.id", on_delete="RESTRICT"),
    short_text("state", 16, server_default="OPEN"),
    json_text("pieces", default="[]"),
    instant("created_at"),
    instant("updated_at"),
    instant("shipped_at", nullable=True),
    instant("delivered_at", nullable=True),
    version(),
    Unique("order_id", "position"),
    Index("ix_fulfilments_state", "state", "id"),
    Index("ix_fulfilments_warehouse", "warehouse_id", "state", "id"),
)

# One box of a fulfilment. pieces: as above. Size in millimetres, weight in grams, NULL: unknown.
packages = Table(
    "packages",
    metadata,
    primary_key(),
    reference("fulfilment_id", str(fulfilments.c.id)),
    Column("position", Integer, nullable=False),
    short_text("state", 16, server_default="OPEN"),
    json_text("pieces", default="[]"),
    Column("weight_grams", Integer, nullable=True),
    Column("length_mm", Integer, nullable=True),
    Column("width_mm", Integer, nullable=True),
    Column("height_mm", Integer, nullable=True),
    short_text("carrier", 64, server_default=""),
    short_text("tracking_number", 128, server_default=""),
    short_text("packed_by", 64, server_default=""),
    instant("created_at"),
    instant("updated_at"),
    instant("shipped_at", nullable=True),
    instant("delivered_at", nullable=True),
    version(),
    Unique("fulfilment_id", "position"),
    Index("ix_packages_tracking", "tracking_number"),
)

# Why an order waits; open while released_at is NULL. reason: see `states.HoldReason`.
order_holds = Table(
    "order_holds",
    metadata,
    primary_key(),
    reference("order_id", str(orders.c.id)),
    short_text("reason", 32),
    Column("note", String(500), nullable=False, server_default=""),
    short_text("placed_by", 64),
    instant("placed_at"),
    short_text("released_by", 64, server_default=""),
    Column("release_note", String(500), nullable=False, server_default=""),
    instant("released_at", nullable=True),
    Index("ix_order_holds_order", "order_id", "id"),
)

# One row, the shop's; without it every term is as `settings.py` says.
fulfilment_settings = Table(
    "fulfilment_settings",
    metadata,
    primary_key(),
    Column("handling_hours", Integer, nullable=False),
    Column("completion_days", Integer, nullable=False),
    short_text("short_pick", 16),
    instant("updated_at"),
    version(),
)

# Where a channel promises other hours than the shop.
channel_handling_hours = Table(
    "channel_handling_hours",
    metadata,
    reference("channel_id", "channels.id", primary_key=True),
    Column("hours", Integer, nullable=False),
)
