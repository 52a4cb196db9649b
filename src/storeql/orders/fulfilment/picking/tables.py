"""Tables of pick lists."""

from sqlalchemy import Column, Index, Integer, String, Table

from storeql.db import instant, metadata, short_text, version
from storeql.db.columns import BigId, primary_key, reference
from storeql.orders.fulfilment.tables import fulfilments

# state: see `states.py`. staff_id: who picks; NULL while it is anybody's.
pick_lists = Table(
    "pick_lists",
    metadata,
    primary_key(),
    reference("warehouse_id", "warehouses.id", on_delete="RESTRICT"),
    short_text("state", 16, server_default="OPEN"),
    reference("staff_id", "staff_members.id", nullable=True, on_delete="SET NULL"),
    short_text("created_by", 64),
    instant("created_at"),
    instant("updated_at"),
    instant("finished_at", nullable=True),
    version(),
    Index("ix_pick_lists_state", "state", "id"),
    Index("ix_pick_lists_warehouse", "warehouse_id", "state", "id"),
    Index("ix_pick_lists_staff", "staff_id", "state", "id"),
)

# Pieces of one order's line to take off one shelf; position is the way through the warehouse.
# picked and missing count up to quantity. reason: why some are missing, see `states.ShortReason`.
pick_list_lines = Table(
    "pick_list_lines",
    metadata,
    primary_key(),
    reference("pick_list_id", str(pick_lists.c.id)),
    reference("fulfilment_id", str(fulfilments.c.id), index=True),
    Column("order_line_id", BigId, nullable=False),
    Column("variant_id", BigId, nullable=False),
    short_text("sku", 64),
    short_text("bin_location", 64, server_default=""),
    Column("position", Integer, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("picked", Integer, nullable=False, server_default="0"),
    Column("missing", Integer, nullable=False, server_default="0"),
    short_text("reason", 16, server_default=""),
    Column("note", String(500), nullable=False, server_default=""),
    Index("ix_pick_list_lines_list", "pick_list_id", "position"),
)
