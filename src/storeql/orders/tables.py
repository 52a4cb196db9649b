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
)

# variant_id and product_id name what was sold without a foreign key: products may go, orders stay.
# *_minor are for the whole line; unit_list_minor for one piece. price_source: JSON of what made
# that price (see storeql.pricing.price_choice), NULL for the channel's own.
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

# One row per attempt to pay; reference is the shop's name for the attempt at the gateway, which
# makes asking twice the same as asking once. status: see orders.payments.
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
    instant("created_at"),
    instant("updated_at"),
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
