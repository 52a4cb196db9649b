"""Vouchers that a paid order earns its buyer."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "redemptions", sa.Column("vouchers", sa.Text(), server_default="[]", nullable=False)
    )
    op.add_column("redemptions", sa.Column("vouchers_given_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("voucher_codes") as table:
        table.add_column(sa.Column("redemption_id", BIG_ID, nullable=True))
        table.create_foreign_key(
            "fk_voucher_codes_redemption_id",
            "redemptions",
            ["redemption_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_index("ix_voucher_codes_redemption_id", "voucher_codes", ["redemption_id"])


def downgrade() -> None:
    op.drop_index("ix_voucher_codes_redemption_id", table_name="voucher_codes")
    with op.batch_alter_table("voucher_codes") as table:
        table.drop_column("redemption_id")
    op.drop_column("redemptions", "vouchers_given_at")
    op.drop_column("redemptions", "vouchers")
