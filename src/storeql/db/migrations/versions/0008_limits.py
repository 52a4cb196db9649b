"""Campaigns with a budget, and what an undone order goes on using of a promotion."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEPT = ("kept_usage", "kept_budget", "kept_quota", "kept_code")


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("description", sa.String(length=2000), server_default="", nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("budget_minor", sa.BigInteger(), nullable=True),
        sa.Column("budget_used_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "budget_minor IS NULL OR budget_used_minor <= budget_minor",
            name=op.f("ck_campaigns_budget"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_campaigns_created", "campaigns", ["created_at", "id"])
    # As text: SQLite adds a foreign key together with its column only, without a new table.
    big = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for table in ("promotions", "redemptions"):
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN campaign_id {big} CONSTRAINT fk_{table}_campaign_id"
            " REFERENCES campaigns (id)"
        )
        op.create_index(f"ix_{table}_campaign_id", table, ["campaign_id"])
    op.add_column("redemptions", sa.Column("committed_at", sa.BigInteger(), nullable=True))
    for name in KEPT:
        op.add_column(
            "redemptions",
            sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False),
        )
    op.execute("UPDATE redemptions SET committed_at = redeemed_at WHERE released_at IS NULL")


def downgrade() -> None:
    for name in (*KEPT, "committed_at"):
        op.drop_column("redemptions", name)
    for table in ("redemptions", "promotions"):
        op.drop_index(f"ix_{table}_campaign_id", table_name=table)
        op.drop_column(table, "campaign_id")
    op.drop_index("ix_campaigns_created", table_name="campaigns")
    op.drop_table("campaigns")
