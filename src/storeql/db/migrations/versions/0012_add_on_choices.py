"""What shoppers picked of promotions that offer add-ons at a special price."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "cart_add_on_choices",
        sa.Column("cart_id", BIG_ID, nullable=False),
        sa.Column("promotion_id", BIG_ID, nullable=False),
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_cart_add_on_choices_quantity")),
        sa.ForeignKeyConstraint(
            ["cart_id"],
            ["carts.id"],
            name=op.f("fk_cart_add_on_choices_cart_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["promotion_id"],
            ["promotions.id"],
            name=op.f("fk_cart_add_on_choices_promotion_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_cart_add_on_choices_variant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "cart_id",
            "promotion_id",
            "variant_id",
            name=op.f("pk_cart_add_on_choices"),
        ),
    )
    for column in ("promotion_id", "variant_id"):
        op.create_index(op.f(f"ix_cart_add_on_choices_{column}"), "cart_add_on_choices", [column])


def downgrade() -> None:
    op.drop_table("cart_add_on_choices")
