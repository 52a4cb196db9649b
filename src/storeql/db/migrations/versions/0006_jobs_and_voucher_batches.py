"""Background jobs, and batches of voucher codes with windows of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_jobs()
    _create_batches()
    with op.batch_alter_table("voucher_codes") as table:
        table.add_column(sa.Column("batch_id", BIG_ID, nullable=True))
        table.add_column(sa.Column("starts_at", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("ends_at", sa.BigInteger(), nullable=True))
        table.create_foreign_key(
            "fk_voucher_codes_batch_id", "voucher_batches", ["batch_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index("ix_voucher_codes_batch", "voucher_codes", ["batch_id", "id"])
    op.create_index("ix_redemptions_code", "redemptions", ["code", "promotion_id"])


def downgrade() -> None:
    op.drop_index("ix_redemptions_code", table_name="redemptions")
    op.drop_index("ix_voucher_codes_batch", table_name="voucher_codes")
    with op.batch_alter_table("voucher_codes") as table:
        for name in ("ends_at", "starts_at", "batch_id"):
            table.drop_column(name)
    op.drop_table("voucher_batches")
    op.drop_table("jobs")


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("permission", sa.String(length=64), nullable=False),
        sa.Column("arguments", sa.Text(), server_default="{}", nullable=False),
        sa.Column("cursor", sa.Text(), server_default="{}", nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("holder", sa.String(length=64), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_due", "jobs", ["state", "due_at", "id"])
    op.create_index("ix_jobs_created", "jobs", ["created_at", "id"])


def _create_batches() -> None:
    op.create_table(
        "voucher_batches",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("promotion_id", BIG_ID, nullable=False),
        sa.Column("job_id", BIG_ID, nullable=True),
        sa.Column("prefix", sa.String(length=16), server_default="", nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("usage_limit", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name="fk_voucher_batches_promotion_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name="fk_voucher_batches_job_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_voucher_batches"),
    )
    op.create_index("ix_voucher_batches_promotion_id", "voucher_batches", ["promotion_id"])
    op.create_index("ix_voucher_batches_created", "voucher_batches", ["created_at", "id"])
