"""Tables of files that are handed in or made: their parts lie beside the rows they belong to."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, Table, false

from storeql.db import instant, metadata, short_text
from storeql.db.columns import binary, primary_key, reference

# A file is of use once it is whole: size and sha256 are then those of its parts together.
files = Table(
    "files",
    metadata,
    primary_key(),
    short_text("name"),
    Column("size", BigInteger, nullable=False, server_default="0"),
    short_text("sha256", 64, server_default=""),
    Column("is_whole", Boolean, nullable=False, server_default=false()),
    short_text("created_by", 64, index=True),
    instant("created_at"),
    instant("expires_at", index=True),
)

file_parts = Table(
    "file_parts",
    metadata,
    reference("file_id", "files.id", primary_key=True),
    Column("position", Integer, primary_key=True),
    binary("data"),
)
