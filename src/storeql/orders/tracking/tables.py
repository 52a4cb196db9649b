"""Tables of tracking: events of packages, each once, and when they are expected."""

from sqlalchemy import Column, Index, String, Table
from sqlalchemy import UniqueConstraint as Unique

from storeql.db import instant, metadata, short_text
from storeql.db.columns import primary_key, reference
from storeql.orders.fulfilment.tables import packages

# source_id: the carrier's own name for the event, or a digest of it (see `events.py`).
# kind: see `states.TrackingKind`. at: when it happened; received_at: when the shop was told.
tracking_events = Table(
    "tracking_events",
    metadata,
    primary_key(),
    reference("package_id", str(packages.c.id)),
    short_text("source_id", 64),
    short_text("kind", 32),
    instant("at"),
    short_text("place", 200, server_default=""),
    Column("message", String(500), nullable=False, server_default=""),
    instant("received_at"),
    Unique("package_id", "source_id"),
    Index("ix_tracking_events_package", "package_id", "at", "id"),
)

# The newest expectation, by the instant it was told.
package_estimates = Table(
    "package_estimates",
    metadata,
    reference("package_id", str(packages.c.id), primary_key=True),
    instant("estimated_at"),
    instant("told_at"),
)
