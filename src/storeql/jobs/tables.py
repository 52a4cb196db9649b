"""The table of background jobs."""

from sqlalchemy import Column, Index, Integer, String, Table, Text

from storeql.db import instant, json_text, metadata, short_text
from storeql.db.columns import primary_key

# arguments, cursor and result are the kind's own structs as JSON. due_at: from when a worker may
# take the job; while one runs it, the end of its lease. holder names that worker's lease.
# attempts: how often it was taken since its last saved step. permission: who may see it.
jobs = Table(
    "jobs",
    metadata,
    primary_key(),
    short_text("kind", 64),
    short_text("permission", 64),
    json_text("arguments"),
    json_text("cursor"),
    short_text("state", 16),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("result", Text, nullable=True),
    Column("error", String(500), nullable=True),
    short_text("holder", 64, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant("due_at"),
    short_text("created_by", 64),
    instant("created_at"),
    instant("started_at", nullable=True),
    instant("updated_at"),
    instant("finished_at", nullable=True),
    Index("ix_jobs_due", "state", "due_at", "id"),
    Index("ix_jobs_created", "created_at", "id"),
)
