"""Quotas of variants, what orders hold of them, and the units that each discount made cheaper."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "variant_quotas",
        sa.Column("promotion_id", BIG_ID, nullable=False),
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("used >= 0 AND used <= quantity", name=op.f("ck_variant_quotas_quota")),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_variant_quotas_promotion_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_variant_quotas_variant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("promotion_id", "variant_id", name=op.f("pk_variant_quotas")),
    )
    op.add_column(
        "redemptions", sa.Column("pieces", sa.Text(), server_default="[]", nullable=False)
    )
    op.add_column(
        "discount_allocations",
        sa.Column("quantity", sa.Integer(), server_default="0", nullable=False),
    )


def downgrade() -> None:
    op.drop_column("discount_allocations", "quantity")
    op.drop_column("redemptions", "pieces")
    op.drop_table("variant_quotas")
