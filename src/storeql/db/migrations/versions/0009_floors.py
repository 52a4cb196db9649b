"""Floors of the margin guard, one rule for each place."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "price_floors",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("product_id", BIG_ID, nullable=True),
        sa.Column("category_id", BIG_ID, nullable=True),
        sa.Column("channel_id", BIG_ID, nullable=True),
        sa.Column("basis", sa.String(length=16), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("margin_basis_points", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column],
                [target],
                name=op.f(f"fk_price_floors_{column}"),
                ondelete="CASCADE",
            )
            for column, target in (
                ("product_id", "products.id"),
                ("category_id", "categories.id"),
                ("channel_id", "channels.id"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_floors")),
        sa.UniqueConstraint("place", name=op.f("uq_price_floors_place")),
    )
    for column in ("product_id", "category_id"):
        op.create_index(op.f(f"ix_price_floors_{column}"), "price_floors", [column])


def downgrade() -> None:
    for column in ("product_id", "category_id"):
        op.drop_index(op.f(f"ix_price_floors_{column}"), table_name="price_floors")
    op.drop_table("price_floors")
