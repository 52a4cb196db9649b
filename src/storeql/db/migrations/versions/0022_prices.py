"""Price lists, scheduled prices, and the history of what everybody pays.

The history of prices that are there begins when their product last changed: since then they held.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_DUE = sa.text("price_due_at IS NOT NULL")

FIRST_CHANGES = """
INSERT INTO price_changes (variant_id, channel_id, at, price_minor, compare_at_minor,
                           regular_minor, cause, actor, recorded_at)
SELECT vp.variant_id, vp.channel_id, p.updated_at, vp.price_minor, vp.compare_at_minor,
       vp.price_minor, 'MANUAL', '', p.updated_at
  FROM variant_prices vp
  JOIN variants v ON v.id = vp.variant_id
  JOIN products p ON p.id = v.product_id
 ORDER BY vp.variant_id, vp.channel_id
"""


def upgrade() -> None:
    _create_changes()
    _create_lists()
    _create_schedules()
    op.add_column("order_lines", sa.Column("price_source", sa.Text(), nullable=True))
    op.add_column("publications", sa.Column("price_due_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_publications_due",
        "publications",
        ["price_due_at"],
        sqlite_where=IS_DUE,
        postgresql_where=IS_DUE,
    )
    for name in ("current_minor", "current_compare_minor", "price_due_at"):
        op.add_column("variant_prices", sa.Column(name, sa.BigInteger(), nullable=True))
    op.add_column(
        "variant_prices", sa.Column("version", sa.Integer(), server_default="1", nullable=False)
    )
    op.execute(FIRST_CHANGES)


def downgrade() -> None:
    op.drop_index("ix_publications_due", table_name="publications")
    for table, names in (
        ("variant_prices", ("version", "price_due_at", "current_compare_minor", "current_minor")),
        ("publications", ("price_due_at",)),
        ("order_lines", ("price_source",)),
    ):
        for name in names:
            op.drop_column(table, name)
    for table in (
        "price_schedules",
        "price_list_entries",
        "price_list_groups",
        "price_list_channels",
        "price_lists",
        "price_changes",
    ):
        op.drop_table(table)


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete="CASCADE")


def _create_changes() -> None:
    table = "price_changes"
    op.create_table(
        table,
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.Column("channel_id", BIG_ID, nullable=True),
        sa.Column("price_list_id", BIG_ID, nullable=True),
        sa.Column("price_list_name", sa.String(length=255), server_default="", nullable=False),
        sa.Column("price_list_currency", sa.String(length=3), server_default="", nullable=False),
        sa.Column("from_quantity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("before_minor", sa.BigInteger(), nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("percent_off_basis_points", sa.Integer(), nullable=True),
        sa.Column("compare_at_minor", sa.BigInteger(), nullable=True),
        sa.Column("regular_minor", sa.BigInteger(), nullable=True),
        sa.Column("lowest_before_minor", sa.BigInteger(), nullable=True),
        sa.Column("floor_minor", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.String(length=64), server_default="", nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(channel_id IS NULL) <> (price_list_id IS NULL)",
            name=op.f("ck_price_changes_one_place"),
        ),
        _reference(table, "variant_id", "variants"),
        _reference(table, "channel_id", "channels"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_changes")),
    )
    op.create_index("ix_price_changes_at", table, ["at", "id"])
    op.create_index("ix_price_changes_variant", table, ["variant_id", "channel_id", "at", "id"])


def _create_lists() -> None:
    op.create_table(
        "price_lists",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=255), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
        sa.Column("is_for_everybody", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("may_exceed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("updated_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_lists")),
        sa.UniqueConstraint("slug", name=op.f("uq_price_lists_slug")),
    )
    op.create_index("ix_price_lists_priority", "price_lists", ["priority", "id"])
    for table, column, target in (
        ("price_list_channels", "channel_id", "channels"),
        ("price_list_groups", "group_id", "customer_groups"),
    ):
        op.create_table(
            table,
            sa.Column("price_list_id", BIG_ID, nullable=False),
            sa.Column(column, BIG_ID, nullable=False),
            _reference(table, "price_list_id", "price_lists"),
            _reference(table, column, target),
            sa.PrimaryKeyConstraint("price_list_id", column, name=op.f(f"pk_{table}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    _create_entries()


def _create_entries() -> None:
    table = "price_list_entries"
    one = ["price_list_id", "variant_id", "from_quantity"]
    op.create_table(
        table,
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("price_list_id", BIG_ID, nullable=False),
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.Column("from_quantity", sa.Integer(), server_default="1", nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=True),
        sa.Column("percent_off_basis_points", sa.Integer(), server_default="0", nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("from_quantity > 0", name=op.f(f"ck_{table}_quantity")),
        sa.CheckConstraint(
            "price_minor IS NULL OR price_minor >= 0", name=op.f(f"ck_{table}_price")
        ),
        _reference(table, "price_list_id", "price_lists"),
        _reference(table, "variant_id", "variants"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(*one, name=op.f(f"uq_{table}_{'_'.join(one)}")),
    )
    op.create_index("ix_price_list_entries_variant", table, ["variant_id", "price_list_id"])


def _create_schedules() -> None:
    table = "price_schedules"
    op.create_table(
        table,
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.Column("channel_id", BIG_ID, nullable=True),
        sa.Column("entry_id", BIG_ID, nullable=True),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("compare_at_minor", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=500), server_default="", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "(channel_id IS NULL) <> (entry_id IS NULL)", name=op.f(f"ck_{table}_one_place")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at > starts_at", name=op.f(f"ck_{table}_window")
        ),
        _reference(table, "variant_id", "variants"),
        _reference(table, "channel_id", "channels"),
        _reference(table, "entry_id", "price_list_entries"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in ("channel_id", "entry_id"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_index("ix_price_schedules_variant", table, ["variant_id", "starts_at"])
    op.create_index("ix_price_schedules_starts", table, ["starts_at", "id"])
