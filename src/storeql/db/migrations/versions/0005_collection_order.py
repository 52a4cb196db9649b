"""Pages of a collection in its own order are found by an index."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index(
        "ix_collection_products_position",
        "collection_products",
        ["collection_id", "position", "product_id"],
    )


def downgrade() -> None:
    op.drop_index("ix_collection_products_position", "collection_products")
