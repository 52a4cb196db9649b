"""Exports of the catalogue."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "catalog_exports",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=8), nullable=False),
        sa.Column("filter", sa.Text(), server_default="{}", nullable=False),
        sa.Column("has_stock", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("file_id", BIG_ID, nullable=True),
        sa.Column("job_id", BIG_ID, nullable=True),
        sa.Column("products", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        _foreign("file_id", "files"),
        _foreign("job_id", "jobs"),
        sa.PrimaryKeyConstraint("id", name="pk_catalog_exports"),
    )
    for column in ("file_id", "job_id", "created_at"):
        op.create_index(f"ix_catalog_exports_{column}", "catalog_exports", [column])


def downgrade() -> None:
    op.drop_table("catalog_exports")


def _foreign(column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_catalog_exports_{column}", ondelete="SET NULL"
    )
