"""Tables of carts and of the delivery methods a cart can choose."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Table, true
from sqlalchemy import UniqueConstraint as Unique

from storeql.db import instant, json_text, metadata, money_minor, short_text, version
from storeql.db.columns import primary_key, reference

# token is the unguessable address of the cart. codes: JSON list of entered voucher codes;
# gift_choices: JSON object from promotion id to chosen variant ids; address: JSON or NULL.
# delivery_rates: JSON object from a delivery method's slug to what carriers ask, NULL when nobody
# asked them since the cart changed. status: OPEN | ORDERED | MERGED.
carts = Table(
    "carts",
    metadata,
    primary_key(),
    short_text("token", 64, unique=True),
    reference("channel_id", "channels.id"),
    reference("customer_id", "customers.id", nullable=True, on_delete="SET NULL"),
    short_text("email", 254, server_default=""),
    short_text("status", 16, server_default="OPEN"),
    json_text("address", default=None, nullable=True),
    reference("delivery_method_id", "delivery_methods.id", nullable=True, on_delete="SET NULL"),
    Column("payment_method", String(64), nullable=True),
    json_text("codes", default="[]"),
    json_text("gift_choices"),
    json_text("delivery_rates", default=None, nullable=True),
    instant("created_at"),
    instant("updated_at"),
    version(),
    Index("ix_carts_customer", "customer_id", "status"),
)

cart_lines = Table(
    "cart_lines",
    metadata,
    primary_key(),
    reference("cart_id", "carts.id"),
    reference("variant_id", "variants.id"),
    Column("quantity", Integer, nullable=False),
    instant("added_at"),
    Unique("cart_id", "variant_id"),
    CheckConstraint("quantity > 0", name="quantity"),
)

# What a shopper picked of a promotion that offers add-ons at a special price.
cart_add_on_choices = Table(
    "cart_add_on_choices",
    metadata,
    reference("cart_id", "carts.id", primary_key=True),
    reference("promotion_id", "promotions.id", primary_key=True, index=True),
    reference("variant_id", "variants.id", primary_key=True, index=True),
    Column("quantity", Integer, nullable=False),
    CheckConstraint("quantity > 0", name="quantity"),
)

delivery_methods = Table(
    "delivery_methods",
    metadata,
    primary_key(),
    reference("channel_id", "channels.id"),
    short_text("slug"),
    short_text("name"),
    Column("description", String(500), nullable=False, server_default=""),
    money_minor("price_minor"),
    Column("is_active", Boolean, nullable=False, server_default=true()),
    Column("position", Integer, nullable=False, server_default="0"),
    version(),
    Unique("channel_id", "slug"),
)
