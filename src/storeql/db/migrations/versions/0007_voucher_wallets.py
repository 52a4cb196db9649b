"""Vouchers in customers' wallets: whose a code is, and what may be claimed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("voucher_batches", sa.Column("customer_limit", sa.Integer(), nullable=True))
    op.add_column("voucher_batches", sa.Column("valid_days", sa.Integer(), nullable=True))
    with op.batch_alter_table("voucher_codes") as table:
        table.add_column(sa.Column("customer_id", BIG_ID, nullable=True))
        table.add_column(sa.Column("claimed_at", sa.BigInteger(), nullable=True))
        table.add_column(
            sa.Column("claim_first", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        table.create_foreign_key(
            "fk_voucher_codes_customer_id", "customers", ["customer_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index(
        "ix_voucher_codes_customer", "voucher_codes", ["customer_id", "claimed_at", "id"]
    )
    _create_offers()
    _create_claims()


def downgrade() -> None:
    op.drop_table("voucher_claims")
    op.drop_table("voucher_offers")
    op.drop_index("ix_voucher_codes_customer", table_name="voucher_codes")
    with op.batch_alter_table("voucher_codes") as table:
        for name in ("claim_first", "claimed_at", "customer_id"):
            table.drop_column(name)
    op.drop_column("voucher_batches", "valid_days")
    op.drop_column("voucher_batches", "customer_limit")


def _create_offers() -> None:
    op.create_table(
        "voucher_offers",
        sa.Column("promotion_id", BIG_ID, nullable=False),
        sa.Column("claim_limit", sa.Integer(), nullable=True),
        sa.Column("claim_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("customer_limit", sa.Integer(), server_default="1", nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "claim_limit IS NULL OR claim_count <= claim_limit", name="ck_voucher_offers_claims"
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name="fk_voucher_offers_promotion_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("promotion_id", name="pk_voucher_offers"),
    )
    op.create_index("ix_voucher_offers_created", "voucher_offers", ["created_at", "promotion_id"])


def _create_claims() -> None:
    op.create_table(
        "voucher_claims",
        sa.Column("promotion_id", BIG_ID, nullable=False),
        sa.Column("batch_id", BIG_ID, autoincrement=False, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("claim_count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name="fk_voucher_claims_promotion_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name="fk_voucher_claims_customer_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "promotion_id", "batch_id", "customer_id", name="pk_voucher_claims"
        ),
    )
