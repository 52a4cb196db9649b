"""Tables of prices beside the channel's own: lists, schedules, what prices were and will be.

The channel's own prices are `variant_prices` in `storeql.catalog.tables`.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    false,
    true,
)
from sqlalchemy import UniqueConstraint as Unique

import storeql.catalog.tables  # noqa: F401 - the tables that these refer to
from storeql.db import instant, metadata, money_minor, short_text, version
from storeql.db.columns import BigId, primary_key, reference

# What somebody in no group pays for one piece from `at` on: how it was, and, for instants to come,
# how it is planned; what is planned is written anew when a price, schedule or list changes.
# A row about a list's entry has price_list_id in place of channel_id, and from_quantity; a price
# that is NULL there is a percentage, or gone. Lists may go, what they did stays: no foreign key.
# regular_minor is the channel's own price then. lowest_before_minor: of a price that fell, the
# lowest of the 30 days before. floor_minor: the floor that somebody went below for a reason.
# cause: see causes.py; reference: "price_schedule:7".
price_changes = Table(
    "price_changes",
    metadata,
    primary_key(),
    reference("variant_id", "variants.id"),
    reference("channel_id", "channels.id", nullable=True),
    Column("price_list_id", BigId, nullable=True),
    short_text("price_list_name", server_default=""),
    short_text("price_list_currency", 3, server_default=""),
    Column("from_quantity", Integer, nullable=False, server_default="1"),
    instant("at"),
    money_minor("before_minor", nullable=True),
    money_minor("price_minor", nullable=True),
    Column("percent_off_basis_points", Integer, nullable=True),
    money_minor("compare_at_minor", nullable=True),
    money_minor("regular_minor", nullable=True),
    money_minor("lowest_before_minor", nullable=True),
    money_minor("floor_minor", nullable=True),
    short_text("cause", 16),
    short_text("reference", 64, server_default=""),
    short_text("actor", 64),
    Column("reason", String(500), nullable=False, server_default=""),
    instant("recorded_at"),
    CheckConstraint("(channel_id IS NULL) <> (price_list_id IS NULL)", name="one_place"),
    Index("ix_price_changes_variant", "variant_id", "channel_id", "at", "id"),
    Index("ix_price_changes_at", "at", "id"),
)

# A list is for its channels (of one currency) and, unless it is for everybody, for its groups.
price_lists = Table(
    "price_lists",
    metadata,
    primary_key(),
    short_text("slug", unique=True),
    short_text("name"),
    short_text("currency", 3),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("is_for_everybody", Boolean, nullable=False, server_default=false()),
    Column("may_exceed", Boolean, nullable=False, server_default=false()),
    Column("is_active", Boolean, nullable=False, server_default=true()),
    instant("starts_at", nullable=True),
    instant("ends_at", nullable=True),
    short_text("updated_by", 64),
    instant("created_at"),
    instant("updated_at"),
    version(),
    Index("ix_price_lists_priority", "priority", "id"),
)

price_list_channels = Table(
    "price_list_channels",
    metadata,
    reference("price_list_id", "price_lists.id", primary_key=True),
    reference("channel_id", "channels.id", primary_key=True, index=True),
)

price_list_groups = Table(
    "price_list_groups",
    metadata,
    reference("price_list_id", "price_lists.id", primary_key=True),
    reference("group_id", "customer_groups.id", primary_key=True, index=True),
)

# Either price_minor, or percent_off_basis_points off the channel's price.
price_list_entries = Table(
    "price_list_entries",
    metadata,
    primary_key(),
    reference("price_list_id", "price_lists.id"),
    reference("variant_id", "variants.id"),
    Column("from_quantity", Integer, nullable=False, server_default="1"),
    money_minor("price_minor", nullable=True),
    Column("percent_off_basis_points", Integer, nullable=False, server_default="0"),
    instant("updated_at"),
    version(),
    Unique("price_list_id", "variant_id", "from_quantity"),
    CheckConstraint("from_quantity > 0", name="quantity"),
    CheckConstraint("price_minor IS NULL OR price_minor >= 0", name="price"),
    Index("ix_price_list_entries_variant", "variant_id", "price_list_id"),
)

# A price that stands in, while its window lasts, for the channel's or for a list's entry. Windows
# of one place never overlap: writes check it under the lock of the variant's product. floor_minor:
# the floor that it goes below, for its reason.
price_schedules = Table(
    "price_schedules",
    metadata,
    primary_key(),
    reference("variant_id", "variants.id"),
    reference("channel_id", "channels.id", nullable=True, index=True),
    reference("entry_id", "price_list_entries.id", nullable=True, index=True),
    money_minor("price_minor"),
    money_minor("compare_at_minor", nullable=True),
    instant("starts_at"),
    instant("ends_at", nullable=True),
    money_minor("floor_minor", nullable=True),
    short_text("created_by", 64),
    Column("reason", String(500), nullable=False, server_default=""),
    instant("created_at"),
    version(),
    CheckConstraint("(channel_id IS NULL) <> (entry_id IS NULL)", name="one_place"),
    CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="window"),
    Index("ix_price_schedules_variant", "variant_id", "starts_at"),
    Index("ix_price_schedules_starts", "starts_at", "id"),
)

# What a price may not be set below, nor promotions take it (the margin guard). place names product,
# category and channel in one text, since NULLs are never equal: one rule for each place.
# basis: see `floors.Basis`.
price_floors = Table(
    "price_floors",
    metadata,
    primary_key(),
    short_text("place", 64, unique=True),
    reference("product_id", "products.id", nullable=True, index=True),
    reference("category_id", "categories.id", nullable=True, index=True),
    reference("channel_id", "channels.id", nullable=True),
    short_text("basis", 16),
    money_minor("price_minor", nullable=True),
    Column("margin_basis_points", Integer, nullable=False, server_default="0"),
    instant("updated_at"),
    version(),
)
