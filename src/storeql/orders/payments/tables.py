"""Tables of payments: every movement of an attempt's money after it was authorized."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, false

from storeql.db import instant, metadata, money_minor, short_text
from storeql.db.columns import primary_key, reference

# What happened to a payment's money after it was authorized: captured, let go, given back. key is
# what the gateway is asked under. refund_id names what a REFUND is for. is_by_hand: no gateway
# does it, staff say when it is done. due_at: when the gateway is asked again; asks counts that.
money_movements = Table(
    "money_movements",
    metadata,
    primary_key(),
    reference("order_id", "orders.id", index=True),
    reference("payment_id", "payments.id"),
    reference("refund_id", "refunds.id", nullable=True),
    short_text("kind", 16),
    short_text("state", 16),
    money_minor("amount_minor"),
    short_text("key", 160, unique=True),
    short_text("gateway_reference", 128, server_default=""),
    Column("message", String(500), nullable=False, server_default=""),
    Column("is_by_hand", Boolean, nullable=False, server_default=false()),
    instant("due_at", nullable=True),
    Column("asks", Integer, nullable=False, server_default="0"),
    instant("created_at"),
    instant("updated_at"),
)
Index(
    "ix_money_movements_due",
    money_movements.c.due_at,
    sqlite_where=money_movements.c.due_at.is_not(None),
    postgresql_where=money_movements.c.due_at.is_not(None),
)
