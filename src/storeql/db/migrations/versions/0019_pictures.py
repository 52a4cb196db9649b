"""Pictures that staff add: their files' names, and which of them show a variant."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "media_files",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("generation", sa.Integer(), server_default="0", nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("doomed_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_media_files"),
        sa.UniqueConstraint("sha256", "generation", name="uq_media_files_sha256_generation"),
        sa.UniqueConstraint("path", name="uq_media_files_path"),
    )
    op.create_index("ix_media_files_kept_at", "media_files", ["kept_at"])
    op.create_index("ix_media_files_doomed_at", "media_files", ["doomed_at"])
    op.create_table(
        "variant_images",
        sa.Column("variant_id", BIG_ID, nullable=False),
        sa.Column("image_id", BIG_ID, nullable=False),
        _foreign("variant_images", "variant_id", "variants"),
        _foreign("variant_images", "image_id", "product_images"),
        sa.PrimaryKeyConstraint("variant_id", "image_id", name="pk_variant_images"),
    )
    op.create_index("ix_variant_images_image_id", "variant_images", ["image_id"])
    op.create_index("ix_product_images_path", "product_images", ["path"])
    with op.batch_alter_table("product_images") as table:
        table.create_unique_constraint("uq_product_images_product_id_path", ["product_id", "path"])


def downgrade() -> None:
    with op.batch_alter_table("product_images") as table:
        table.drop_constraint("uq_product_images_product_id_path", type_="unique")
    op.drop_index("ix_product_images_path", "product_images")
    op.drop_table("variant_images")
    op.drop_table("media_files")


def _foreign(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )
