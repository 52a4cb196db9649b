"""Tables of imports and exports: what was asked for, the rows in hand, what became of each."""

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, false

from storeql.db import instant, json_text, metadata, short_text
from storeql.db.columns import primary_key, reference

# options: how it is to be done, as JSON. heading: the file's first row as JSON. The counts are of
# rows, those of products apart; stopped_row: where an import stopped, by its policy.
catalog_imports = Table(
    "catalog_imports",
    metadata,
    primary_key(),
    short_text("kind", 16),
    short_text("file_name"),
    reference("file_id", "files.id", nullable=True, on_delete="SET NULL", index=True),
    reference("job_id", "jobs.id", nullable=True, on_delete="SET NULL", index=True),
    json_text("options"),
    json_text("heading", default="[]"),
    *(
        Column(name, Integer, nullable=False, server_default="0")
        for name in ("total", "created", "updated", "unchanged", "bad", "left_out")
    ),
    *(
        Column(name, Integer, nullable=False, server_default="0")
        for name in ("products_created", "products_updated")
    ),
    Column("stopped_row", Integer, nullable=True),
    short_text("created_by", 64),
    instant("created_at", index=True),
)

# filter: which products, as JSON. file_id: the table, once it is whole.
catalog_exports = Table(
    "catalog_exports",
    metadata,
    primary_key(),
    short_text("kind", 16),
    short_text("form", 8),
    json_text("filter"),
    Column("has_stock", Boolean, nullable=False, server_default=false()),
    reference("file_id", "files.id", nullable=True, on_delete="SET NULL", index=True),
    reference("job_id", "jobs.id", nullable=True, on_delete="SET NULL", index=True),
    Column("products", Integer, nullable=False, server_default="0"),
    Column("rows", Integer, nullable=False, server_default="0"),
    short_text("created_by", 64),
    instant("created_at", index=True),
    instant("expires_at"),
)

# Some hundred rows, those of one product together. rows: JSON of the groups; outcomes: JSON, what
# became of each row, by its number.
import_blocks = Table(
    "import_blocks",
    metadata,
    reference("import_id", "catalog_imports.id", primary_key=True),
    Column("position", Integer, primary_key=True),
    json_text("groups", default="[]"),
    json_text("outcomes"),
)

# row: the spreadsheet's number; place: the order of a row's problems.
import_problems = Table(
    "import_problems",
    metadata,
    reference("import_id", "catalog_imports.id", primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    short_text("code", 64),
    Column("message", Text, nullable=False),
    Column("field", String(255), nullable=True),
)
