"""Pick lists, and the shelves that they lead along."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "stock_levels",
        sa.Column("bin_location", sa.String(64), server_default="", nullable=False),
    )
    op.create_table(
        "pick_lists",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("warehouse_id", BIG_ID, nullable=False),
        sa.Column("state", sa.String(16), server_default="OPEN", nullable=False),
        sa.Column("staff_id", BIG_ID, nullable=True),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["warehouse_id"],
            ["warehouses.id"],
            name="fk_pick_lists_warehouse_id",
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_members.id"],
            name="fk_pick_lists_staff_id",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pick_lists"),
    )
    op.create_index("ix_pick_lists_state", "pick_lists", ["state", "id"])
    op.create_index("ix_pick_lists_warehouse", "pick_lists", ["warehouse_id", "state", "id"])
    op.create_index("ix_pick_lists_staff", "pick_lists", ["staff_id", "state", "id"])
    op.create_table(
        "pick_list_lines",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("pick_list_id", BIG_ID, nullable=False),
        sa.Column("fulfilment_id", BIG_ID, nullable=False),
        sa.Column("order_line_id", BIG_ID, nullable=False),
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("bin_location", sa.String(64), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("picked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("missing", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.String(16), server_default="", nullable=False),
        sa.Column("note", sa.String(500), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["pick_list_id"],
            ["pick_lists.id"],
            name="fk_pick_list_lines_pick_list_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["fulfilment_id"],
            ["fulfilments.id"],
            name="fk_pick_list_lines_fulfilment_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pick_list_lines"),
    )
    op.create_index("ix_pick_list_lines_fulfilment_id", "pick_list_lines", ["fulfilment_id"])
    op.create_index("ix_pick_list_lines_list", "pick_list_lines", ["pick_list_id", "position"])


def downgrade() -> None:
    op.drop_table("pick_list_lines")
    op.drop_table("pick_lists")
    op.drop_column("stock_levels", "bin_location")
