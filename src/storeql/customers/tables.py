"""Tables of people and access: customers, staff, roles, sessions, app tokens, attempts."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, false, true

from storeql.db import instant, json_text, metadata, short_text, version
from storeql.db.columns import NEVER_GIVEN_AGAIN, primary_key, reference
from storeql.db.name_order import name_key_column

# email is the normalised address people sign in with; password_hash is argon2 or NULL.
# search_text: e-mail, name and phone case-folded, for the staff's search.
customers = Table(
    "customers",
    metadata,
    primary_key(),
    short_text("email", 254, unique=True),
    short_text("name", 200, server_default=""),
    short_text("phone", 32, server_default="", index=True),
    short_text("tier", 64, nullable=True),
    Column("password_hash", String(255), nullable=True),
    Column("is_active", Boolean, nullable=False, server_default=true()),
    Column("order_count", Integer, nullable=False, server_default="0"),
    short_text("search_text", 600, server_default=""),
    instant("created_at"),
    instant("updated_at"),
    version(),
    Index("ix_customers_created", "created_at", "id"),
    **NEVER_GIVEN_AGAIN,
)

customer_groups = Table(
    "customer_groups",
    metadata,
    primary_key(),
    short_text("slug", unique=True),
    short_text("name"),
    version(),
    name_key_column(),
    Index("ix_customer_groups_name", "name_key", "id"),
    **NEVER_GIVEN_AGAIN,
)

customer_group_members = Table(
    "customer_group_members",
    metadata,
    reference("customer_id", "customers.id", primary_key=True),
    reference("group_id", "customer_groups.id", primary_key=True),
    Index("ix_customer_group_members_group", "group_id", "customer_id"),
)

customer_addresses = Table(
    "customer_addresses",
    metadata,
    primary_key(),
    reference("customer_id", "customers.id", index=True),
    json_text("address"),
    Column("is_default", Boolean, nullable=False, server_default=false()),
    version(),
)

staff_members = Table(
    "staff_members",
    metadata,
    primary_key(),
    short_text("email", 254, unique=True),
    short_text("name", 200, server_default=""),
    Column("password_hash", String(255), nullable=False),
    Column("is_active", Boolean, nullable=False, server_default=true()),
    instant("created_at"),
    version(),
)

# permissions: JSON list of Permission names.
roles = Table(
    "roles",
    metadata,
    primary_key(),
    short_text("slug", unique=True),
    short_text("name"),
    json_text("permissions", default="[]"),
    version(),
)

staff_roles = Table(
    "staff_roles",
    metadata,
    reference("staff_id", "staff_members.id", primary_key=True),
    reference("role_id", "roles.id", primary_key=True, on_delete="RESTRICT"),
    Index("ix_staff_roles_role", "role_id", "staff_id"),
)

# A token is random and shown once; only its keyed hash is kept.
# Exactly one of customer_id and staff_id is set.
sessions = Table(
    "sessions",
    metadata,
    primary_key(),
    short_text("token_hash", 64, unique=True),
    reference("customer_id", "customers.id", nullable=True, index=True),
    reference("staff_id", "staff_members.id", nullable=True, index=True),
    short_text("user_agent", 300, server_default=""),
    short_text("client_ip", 64, server_default=""),
    instant("created_at"),
    instant("last_seen_at"),
    instant("expires_at", index=True),
    instant("revoked_at", nullable=True),
)

app_tokens = Table(
    "app_tokens",
    metadata,
    primary_key(),
    short_text("name", 200),
    short_text("token_hash", 64, unique=True),
    json_text("permissions", default="[]"),
    short_text("created_by", 64),
    instant("created_at"),
    instant("expires_at", nullable=True),
    instant("last_used_at", nullable=True),
    instant("revoked_at", nullable=True),
)

password_resets = Table(
    "password_resets",
    metadata,
    primary_key(),
    reference("customer_id", "customers.id", index=True),
    short_text("token_hash", 64, unique=True),
    instant("created_at"),
    instant("expires_at", index=True),
    instant("used_at", nullable=True),
)

# Failed attempts per subject ("sign-in:a@b.cn", "coupon:cart:12") within a window.
attempts = Table(
    "attempts",
    metadata,
    short_text("subject", 320, primary_key=True),
    instant("window_started_at", index=True),
    Column("failures", Integer, nullable=False, server_default="0"),
)

# A message to a person, written in the transaction that decided on it. claimed_at: a sender
# has it in hand, so that nobody sends it a second time. body is emptied once it is sent, for it
# may hold a secret.
messages = Table(
    "messages",
    metadata,
    primary_key(),
    short_text("recipient", 254),
    short_text("subject", 300),
    Column("body", Text, nullable=False),
    instant("created_at"),
    instant("claimed_at", nullable=True),
    instant("sent_at", nullable=True),
    Column("failures", Integer, nullable=False, server_default="0"),
    Index("ix_messages_waiting", "sent_at", "claimed_at", "id"),
)
