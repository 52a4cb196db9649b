"""Files that are handed in, and imports of the catalogue from them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("is_whole", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
    )
    op.create_index("ix_files_created_by", "files", ["created_by"])
    op.create_index("ix_files_expires_at", "files", ["expires_at"])
    op.create_table(
        "file_parts",
        sa.Column("file_id", BIG_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        _foreign("file_parts", "file_id", "files", "CASCADE"),
        sa.PrimaryKeyConstraint("file_id", "position", name="pk_file_parts"),
    )
    op.create_table(
        "catalog_imports",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("file_id", BIG_ID, nullable=True),
        sa.Column("job_id", BIG_ID, nullable=True),
        sa.Column("options", sa.Text(), server_default="{}", nullable=False),
        sa.Column("heading", sa.Text(), server_default="[]", nullable=False),
        *(_count(name) for name in COUNTS),
        sa.Column("stopped_row", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _foreign("catalog_imports", "file_id", "files", "SET NULL"),
        _foreign("catalog_imports", "job_id", "jobs", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_catalog_imports"),
    )
    for column in ("file_id", "job_id", "created_at"):
        op.create_index(f"ix_catalog_imports_{column}", "catalog_imports", [column])
    op.create_table(
        "import_blocks",
        sa.Column("import_id", BIG_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("groups", sa.Text(), server_default="[]", nullable=False),
        sa.Column("outcomes", sa.Text(), server_default="{}", nullable=False),
        _foreign("import_blocks", "import_id", "catalog_imports", "CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "position", name="pk_import_blocks"),
    )
    op.create_table(
        "import_problems",
        sa.Column("import_id", BIG_ID, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=255), nullable=True),
        _foreign("import_problems", "import_id", "catalog_imports", "CASCADE"),
        sa.PrimaryKeyConstraint("import_id", "row", "place", name="pk_import_problems"),
    )


def downgrade() -> None:
    for table in ("import_problems", "import_blocks", "catalog_imports", "file_parts", "files"):
        op.drop_table(table)


COUNTS = (
    "total",
    "created",
    "updated",
    "unchanged",
    "bad",
    "left_out",
    "products_created",
    "products_updated",
)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _foreign(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=on_delete
    )
