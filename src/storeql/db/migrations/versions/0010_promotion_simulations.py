"""Simulations of promotions over past orders."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "promotion_simulations",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("promotion_id", BIG_ID, nullable=False),
        sa.Column("promotion_version", sa.Integer(), nullable=False),
        sa.Column("replaces_id", BIG_ID, nullable=True),
        sa.Column("job_id", BIG_ID, nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        _foreign("promotion_simulations", "promotion_id", "promotions", "CASCADE"),
        _foreign("promotion_simulations", "replaces_id", "promotions", "SET NULL"),
        _foreign("promotion_simulations", "job_id", "jobs", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_promotion_simulations"),
    )
    op.create_index(
        "ix_promotion_simulations_promotion",
        "promotion_simulations",
        ["promotion_id", "created_at", "id"],
    )
    op.create_table(
        "simulation_customers",
        sa.Column("simulation_id", BIG_ID, nullable=False),
        sa.Column("customer_id", BIG_ID, nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        _foreign("simulation_customers", "simulation_id", "promotion_simulations", "CASCADE"),
        _foreign("simulation_customers", "customer_id", "customers", "CASCADE"),
        sa.PrimaryKeyConstraint("simulation_id", "customer_id", name="pk_simulation_customers"),
    )


def downgrade() -> None:
    op.drop_table("simulation_customers")
    op.drop_table("promotion_simulations")


def _foreign(table: str, column: str, target: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=on_delete
    )
