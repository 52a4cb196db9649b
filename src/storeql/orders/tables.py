"""Tables of orders: frozen lines and allocations, payments, events, idempotency keys."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, false
from sqlalchemy import UniqueConstraint as Unique

from storeql.db import instant, json_text, metadata, money_minor, short_text, version
from storeql.db.columns import BigId, primary_key, reference

# basket and pricing: the frozen engine input and answer as JSON, with the versions of every
# candidate, so that a replay gives the same price. state: see orders.states.
# name is the recipient's. search_text: number, e-mail, phone, name and SKUs, case-folded.
# subtotal_minor is after discounts, with gift lines; shipping_minor is after discounts.
# fulfilment_status and the instants after it: see orders.fulfilment.
# authorized_minor is held for it and not taken yet; returning_minor is on its way back and
# refunded_minor is back, both of captured_minor. payment_status follows from these: see
# orders.balance, which alone changes them.
orders = Table(
    "orders",
    metadata,
    primary_key(),
    short_text("number", 32, unique=True),
    reference("channel_id", "channels.id", on_delete="RESTRICT"),
    Column("cart_id", BigId, nullable=False, unique=True),
    reference("customer_id", "customers.id", nullable=True, on_delete="SET NULL"),
    short_text("email", 254),
    short_text("phone", 32, server_default=""),
    short_text("name", 200, server_default=""),
    short_text("currency", 3),
    short_text("state", 32),
    money_minor("list_minor"),
    money_minor("discount_minor"),
    money_minor("gift_minor"),
    money_minor("subtotal_minor"),
    money_minor("shipping_list_minor"),
    money_minor("shipping_minor"),
    money_minor("tax_minor"),
    money_minor("total_minor"),
    money_minor("authorized_minor", default=0),
    money_minor("captured_minor", default=0),
    money_minor("returning_minor", default=0),
    money_minor("refunded_minor", default=0),
    short_text("payment_status", 32, server_default="UNPAID"),
    json_text("address"),
    short_text("delivery_method", 255),
    short_text("delivery_name", 255, server_default=""),
    short_text("payment_method", 64),
    Column("basket", Text, nullable=False),
    Column("pricing", Text, nullable=False),
    Column("search_text", Text, nullable=False, server_default=""),
    instant("placed_at"),
    instant("updated_at"),
    version(),
    Column("stacking_version", Integer, nullable=False, server_default="1"),
    short_text("fulfilment_status", 24, server_default="UNFULFILLED"),
    instant("ship_by_at", nullable=True),
    instant("delivered_at", nullable=True),
    instant("completed_at", nullable=True),
    Index("ix_orders_placed", "placed_at", "id"),
    Index("ix_orders_customer", "customer_id", "placed_at", "id"),
    Index("ix_orders_state", "state", "placed_at", "id"),
    Index("ix_orders_total", "total_minor", "id"),
    Index("ix_orders_payment_status", "payment_status", "placed_at", "id"),
)

# variant_id and product_id name what was sold without a foreign key: products may go, orders stay.
# *_minor are for the whole line; unit_list_minor for one piece. price_source: JSON of what made
# that price (see storeql.pricing.price_choice), NULL for the channel's own.
# refunded_*: what refunds of the line are about, those under way too.
order_lines = Table(
    "order_lines",
    metadata,
    primary_key(),
    reference("order_id", "orders.id"),
    Column("position", Integer, nullable=False),
    Column("product_id", BigId, nullable=False),
    Column("variant_id", BigId, nullable=False, index=True),
    short_text("sku", 64),
    short_text("product_name"),
    short_text("variant_name"),
    Column("quantity", Integer, nullable=False),
    Column("is_gift", Boolean, nullable=False, server_default=false()),
    money_minor("unit_list_minor"),
    money_minor("list_minor"),
    money_minor("discount_minor"),
    money_minor("net_minor"),
    money_minor("tax_minor"),
    money_minor("refunded_minor", default=0),
    Column("refunded_quantity", Integer, nullable=False, server_default="0"),
    json_text("price_source", default=None, nullable=True),
    Index("ix_order_lines_order", "order_id", "position"),
)

# order_line_id is NULL for a discount on shipping. fundings: JSON list of {funder, amount}.
# quantity: the units of the line that the promotion made cheaper.
discount_allocations = Table(
    "discount_allocations",
    metadata,
    primary_key(),
    reference("order_id", "orders.id"),
    reference("order_line_id", "order_lines.id", nullable=True),
    Column("promotion_id", BigId, nullable=False, index=True),
    Column("promotion_version", Integer, nullable=False),
    short_text("promotion_name", 200),
    short_text("lane", 16),
    money_minor("amount_minor"),
    json_text("fundings", default="[]"),
    Column("quantity", Integer, nullable=False, server_default="0"),
    Index("ix_discount_allocations_order", "order_id"),
)

order_events = Table(
    "order_events",
    metadata,
    primary_key(),
    reference("order_id", "orders.id"),
    short_text("kind", 64),
    short_text("actor", 64),
    json_text("data"),
    instant("at"),
    Index("ix_order_events_order", "order_id", "id"),
)

# One row per attempt to pay, which is its authorization too; reference is the shop's name for it
# at the gateway, which makes asking twice the same as asking once. status: see payments.states.
# authorized_minor is held and not taken yet, claiming_minor of it is being taken or let go;
# captured_minor was taken, returning_minor of it is on its way back, refunded_minor is back.
# due_at: when the gateway is asked again how the attempt stands; asks counts that.
# is_open: something of it has still to be answered or done.
payments = Table(
    "payments",
    metadata,
    primary_key(),
    reference("order_id", "orders.id", index=True),
    short_text("gateway", 64),
    short_text("status", 16),
    money_minor("amount_minor"),
    short_text("currency", 3),
    short_text("reference", 128, unique=True),
    Column("message", String(500), nullable=False, server_default=""),
    short_text("gateway_reference", 128, server_default=""),
    money_minor("authorized_minor", default=0),
    money_minor("claiming_minor", default=0),
    money_minor("captured_minor", default=0),
    money_minor("returning_minor", default=0),
    money_minor("refunded_minor", default=0),
    Column("is_open", Boolean, nullable=False, server_default=false()),
    instant("authorized_at", nullable=True),
    instant("due_at", nullable=True),
    Column("asks", Integer, nullable=False, server_default="0"),
    instant("created_at"),
    instant("updated_at"),
    version(),
)
Index(
    "ix_payments_due",
    payments.c.due_at,
    sqlite_where=payments.c.due_at.is_not(None),
    postgresql_where=payments.c.due_at.is_not(None),
)
Index(
    "ix_payments_open",
    payments.c.id,
    sqlite_where=payments.c.is_open,
    postgresql_where=payments.c.is_open,
)

# Written with the change itself, on success only: the same key twice is one change.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    primary_key(),
    short_text("actor", 128),
    short_text("mutation", 64),
    short_text("key", 128),
    short_text("input_hash", 64),
    Column("object_id", BigId, nullable=False),
    instant("created_at"),
    Unique("actor", "mutation", "key"),
)
