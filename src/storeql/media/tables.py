"""The table of files that were put into the storage: whose names are taken, and which go."""

from sqlalchemy import Column, Integer, Table, UniqueConstraint

from storeql.db import instant, metadata, short_text
from storeql.db.columns import primary_key

# path: the file's name, made of its content's sha256 and, from the second on, its generation.
# kept_at: when it was last wanted. doomed_at: from then on nobody may take the name any more, so
# that its file can be deleted without looking who might be writing it just now. deleted_at: when it
# was; the row stays, so that the name stays taken.
media_files = Table(
    "media_files",
    metadata,
    primary_key(),
    short_text("sha256", 64),
    Column("generation", Integer, nullable=False, server_default="0"),
    short_text("path", 500, unique=True),
    instant("kept_at", index=True),
    instant("doomed_at", nullable=True, index=True),
    instant("deleted_at", nullable=True),
    UniqueConstraint("sha256", "generation"),
)
