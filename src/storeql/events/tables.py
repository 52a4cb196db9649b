"""Tables of events: what happened, and the last number given to one."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table
from sqlalchemy import UniqueConstraint as Unique

from storeql.db import instant, json_text, metadata, short_text
from storeql.db.columns import BigId, primary_key

# Written in the transaction of the change, when somebody listens to the kind. subject and object_id
# name what it is about, without a foreign key: objects may go. facts: the kind's own struct as
# JSON. number: given afterwards under a lock, in the order of commits (see `numbering`); NULL while
# nobody looked. Row numbers are never used again, for receivers know events by them.
events = Table(
    "events",
    metadata,
    primary_key(),
    short_text("kind", 64),
    short_text("subject", 64),
    Column("object_id", BigId, nullable=False),
    Column("channel_id", BigId, nullable=True),
    short_text("actor", 64),
    json_text("facts"),
    instant("at"),
    Column("number", BigInteger, nullable=True),
    Unique("number"),
    Index("ix_events_object", "subject", "object_id", "id"),
    Index("ix_events_at", "at", "id"),
    sqlite_autoincrement=True,
)

# One row: the number given last. Whoever holds it numbers alone.
event_numbers = Table(
    "event_numbers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last_number", BigInteger, nullable=False),
)
