"""Tables of refunds: how much goes back, why, and for what of the order."""

from sqlalchemy import Column, Index, Integer, String, Table

from storeql.db import instant, metadata, money_minor, short_text
from storeql.db.columns import primary_key, reference

# The money itself moves by money_movements with this refund_id, one per payment it goes back to.
# amount_minor is lines + shipping_minor + adjustment_minor; refunded_minor of it is back and
# failed_minor will not come unless it is tried again. state: see refunds.states.
refunds = Table(
    "refunds",
    metadata,
    primary_key(),
    reference("order_id", "orders.id"),
    short_text("state", 16),
    short_text("cause", 16),
    Column("reason", String(500), nullable=False, server_default=""),
    short_text("actor", 64),
    money_minor("amount_minor"),
    money_minor("shipping_minor"),
    money_minor("adjustment_minor"),
    money_minor("refunded_minor", default=0),
    money_minor("failed_minor", default=0),
    instant("created_at"),
    instant("updated_at"),
    Index("ix_refunds_order", "order_id", "id"),
)

# A line of the order in a refund; the quantity may be 0 where only money goes back.
refund_lines = Table(
    "refund_lines",
    metadata,
    reference("refund_id", "refunds.id", primary_key=True),
    reference("order_line_id", "order_lines.id", primary_key=True),
    Column("quantity", Integer, nullable=False),
    money_minor("amount_minor"),
)
