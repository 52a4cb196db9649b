"""Tables of the storefront: what it shows, and every revision of it."""

from sqlalchemy import Column, Index, Integer, Table, Text, text
from sqlalchemy import UniqueConstraint as Unique

from storeql.db import instant, metadata, short_text, version
from storeql.db.columns import NEVER_GIVEN_AGAIN, primary_key, reference

# kind: PAGE | BANNER | MENU. channel_id: NULL for every channel; one channel's own content of a
# slug goes before it. place: where a banner hangs. newest: the number of the last revision.
storefront_contents = Table(
    "storefront_contents",
    metadata,
    primary_key(),
    short_text("kind", 16),
    short_text("slug", 100),
    reference("channel_id", "channels.id", nullable=True, index=True),
    short_text("place", 100, server_default=""),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("newest", Integer, nullable=False, server_default="1"),
    instant("created_at"),
    instant("updated_at"),
    version(),
    Index("ix_storefront_contents_slug", "kind", "slug", "id"),
    # NULLs are never equal to each other, so content of every channel needs an index of its own.
    Index("uq_storefront_contents_own", "kind", "slug", "channel_id", unique=True),
    Index(
        "uq_storefront_contents_common",
        "kind",
        "slug",
        unique=True,
        sqlite_where=text("channel_id IS NULL"),
        postgresql_where=text("channel_id IS NULL"),
    ),
    Index("ix_storefront_contents_place", "kind", "place", "position", "id"),
    **NEVER_GIVEN_AGAIN,
)

# body: JSON of the kind's struct (see bodies.py). A revision is shown from published_at until
# withdrawn_at; the one published last goes before the others.
storefront_revisions = Table(
    "storefront_revisions",
    metadata,
    primary_key(),
    reference("content_id", "storefront_contents.id"),
    Column("number", Integer, nullable=False),
    Column("body", Text, nullable=False),
    short_text("actor", 64),
    instant("created_at"),
    instant("published_at", nullable=True),
    instant("withdrawn_at", nullable=True),
    Unique("content_id", "number"),
    Index("ix_storefront_revisions_shown", "content_id", "published_at", "number"),
)

# One row, once the shop has said anything of itself. address: JSON, empty for none.
shop_profile = Table(
    "shop_profile",
    metadata,
    primary_key(),
    short_text("name", 200, server_default=""),
    short_text("legal_name", 200, server_default=""),
    Column("about", Text, nullable=False, server_default=""),
    short_text("email", 254, server_default=""),
    short_text("phone", 32, server_default=""),
    Column("address", Text, nullable=False, server_default=""),
    instant("updated_at"),
    version(),
)
