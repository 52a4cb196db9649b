"""What carriers tell of packages."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tracking_events",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("package_id", BIG_ID, nullable=False),
        sa.Column("source_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False, server_default=""),
        sa.Column("message", sa.String(500), nullable=False, server_default=""),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        _of_package("tracking_events"),
        sa.PrimaryKeyConstraint("id", name="pk_tracking_events"),
        sa.UniqueConstraint(
            "package_id", "source_id", name="uq_tracking_events_package_id_source_id"
        ),
    )
    op.create_index("ix_tracking_events_package", "tracking_events", ["package_id", "at", "id"])
    op.create_table(
        "package_estimates",
        sa.Column("package_id", BIG_ID, nullable=False),
        sa.Column("estimated_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        _of_package("package_estimates"),
        sa.PrimaryKeyConstraint("package_id", name="pk_package_estimates"),
    )


def downgrade() -> None:
    op.drop_table("package_estimates")
    op.drop_table("tracking_events")


def _of_package(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["package_id"], ["packages.id"], name=f"fk_{table}_package_id", ondelete="CASCADE"
    )
