"""The floor that a scheduled price goes below, for a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.add_column("price_schedules", sa.Column("floor_minor", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("price_schedules", "floor_minor")
