"""Tables of webhooks: who wants to hear of what, what is to be sent, and how it went."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, true
from sqlalchemy import UniqueConstraint as Unique

from storeql.db import instant, json_text, metadata, short_text, version
from storeql.db.columns import primary_key, reference

# kinds: JSON list of the names of events. document: the GraphQL query that makes the payload.
# owner: the key of the actor with whose permissions it runs. *_salt: see `signing_keys`; the
# previous one holds until previous_until. failing_since: when the last run of failures began, NULL
# after a success. paused_at: nothing is sent, but what happens is kept to be sent.
webhook_subscriptions = Table(
    "webhook_subscriptions",
    metadata,
    primary_key(),
    short_text("name", 200),
    Column("url", String(2000), nullable=False),
    json_text("kinds", default="[]"),
    reference("channel_id", "channels.id", nullable=True, on_delete="RESTRICT"),
    Column("document", Text, nullable=False),
    Column("is_active", Boolean, nullable=False, server_default=true()),
    short_text("owner", 64),
    short_text("secret_salt", 64),
    short_text("previous_salt", 64, nullable=True),
    instant("previous_until", nullable=True),
    instant("failing_since", nullable=True),
    instant("paused_at", nullable=True),
    Column("pause_reason", String(500), nullable=False, server_default=""),
    instant("created_at"),
    instant("updated_at"),
    version(),
    Index("ix_webhook_subscriptions_created", "created_at", "id"),
)

# One event for one subscription. attempts: how often it was sent in all; tries: since it was last
# put in line. due_at: from when it may be sent; while somebody sends it, the end of their lease,
# which holder names. state: see `records.DeliveryState`.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    primary_key(),
    reference("subscription_id", "webhook_subscriptions.id"),
    reference("event_id", "events.id"),
    short_text("state", 16),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    short_text("holder", 64, server_default=""),
    instant("due_at"),
    instant("created_at"),
    instant("finished_at", nullable=True),
    Unique("event_id", "subscription_id"),
    Index("ix_webhook_deliveries_due", "subscription_id", "state", "due_at", "id"),
    Index("ix_webhook_deliveries_state", "state", "id"),
)

# status: the receiver's HTTP status, NULL when there was no answer. response: the beginning of it.
webhook_attempts = Table(
    "webhook_attempts",
    metadata,
    primary_key(),
    reference("delivery_id", "webhook_deliveries.id"),
    Column("number", Integer, nullable=False),
    instant("at"),
    Column("milliseconds", Integer, nullable=False),
    Column("status", Integer, nullable=True),
    Column("error", String(500), nullable=False, server_default=""),
    Column("response", Text, nullable=False, server_default=""),
    Index("ix_webhook_attempts_delivery", "delivery_id", "id"),
)
