"""What a storefront shows beside its products, with every revision of it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "storefront_contents",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("slug", sa.String(100), nullable=False),
        sa.Column(
            "channel_id",
            BIG_ID,
            sa.ForeignKey(
                "channels.id", name="fk_storefront_contents_channel_id", ondelete="CASCADE"
            ),
            nullable=True,
        ),
        sa.Column("place", sa.String(100), nullable=False, server_default=""),
        sa.Column("position", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("newest", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("id", name="pk_storefront_contents"),
        sqlite_autoincrement=True,
    )
    for name, columns in (
        ("ix_storefront_contents_channel_id", ["channel_id"]),
        ("ix_storefront_contents_slug", ["kind", "slug", "id"]),
        ("ix_storefront_contents_place", ["kind", "place", "position", "id"]),
    ):
        op.create_index(name, "storefront_contents", columns)
    op.create_index(
        "uq_storefront_contents_own",
        "storefront_contents",
        ["kind", "slug", "channel_id"],
        unique=True,
    )
    common = sa.text("channel_id IS NULL")
    op.create_index(
        "uq_storefront_contents_common",
        "storefront_contents",
        ["kind", "slug"],
        unique=True,
        sqlite_where=common,
        postgresql_where=common,
    )
    op.create_table(
        "storefront_revisions",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column(
            "content_id",
            BIG_ID,
            sa.ForeignKey(
                "storefront_contents.id",
                name="fk_storefront_revisions_content_id",
                ondelete="CASCADE",
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_storefront_revisions"),
        sa.UniqueConstraint(
            "content_id", "number", name="uq_storefront_revisions_content_id_number"
        ),
    )
    op.create_index(
        "ix_storefront_revisions_shown",
        "storefront_revisions",
        ["content_id", "published_at", "number"],
    )


def downgrade() -> None:
    op.drop_table("storefront_revisions")
    op.drop_table("storefront_contents")
