"""What carriers ask for a cart, until it changes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("carts", sa.Column("delivery_rates", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("carts", "delivery_rates")
