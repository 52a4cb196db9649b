"""Tables of the catalogue: channels, product types, products and their prices and texts."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
    text,
    true,
)
from sqlalchemy import UniqueConstraint as Unique

from storeql.db import instant, json_text, metadata, money_minor, short_text, version
from storeql.db.columns import NEVER_GIVEN_AGAIN, code_point_text, primary_key, reference
from storeql.db.name_order import name_key_column

channels = Table(
    "channels",
    metadata,
    primary_key(),
    short_text("slug", unique=True),
    short_text("name"),
    short_text("currency", 3),
    Column("is_active", Boolean, nullable=False, server_default=true()),
    Column("is_default", Boolean, nullable=False, server_default=false()),
    version(),
    name_key_column(),
    **NEVER_GIVEN_AGAIN,
)

product_types = Table(
    "product_types",
    metadata,
    primary_key(),
    short_text("slug", unique=True),
    short_text("name"),
    version(),
    name_key_column(),
    **NEVER_GIVEN_AGAIN,
)

# kind: TEXT | NUMBER | BOOLEAN | SELECT | DATE; choices: JSON list of texts for SELECT.
attributes = Table(
    "attributes",
    metadata,
    primary_key(),
    reference("product_type_id", "product_types.id"),
    short_text("slug"),
    short_text("name"),
    short_text("kind", 16),
    Column("is_required", Boolean, nullable=False, server_default=false()),
    Column("is_filterable", Boolean, nullable=False, server_default=true()),
    json_text("choices", default="[]"),
    short_text("unit", 32, server_default=""),
    Column("position", Integer, nullable=False, server_default="0"),
    Unique("product_type_id", "slug"),
    **NEVER_GIVEN_AGAIN,
)

# options: JSON list of {"name", "values"}: the choices that tell the variants apart.
# created_at and updated_at also order lists, together with the id.
products = Table(
    "products",
    metadata,
    primary_key(),
    reference("product_type_id", "product_types.id", on_delete="RESTRICT"),
    short_text("slug", unique=True),
    short_text("name"),
    Column("description", Text, nullable=False, server_default=""),
    json_text("options", default="[]"),
    instant("created_at"),
    instant("updated_at"),
    version(),
    name_key_column(),
    Index("ix_products_name", "name_key", "id"),
    Index("ix_products_created", "created_at", "id"),
    **NEVER_GIVEN_AGAIN,
)

# A product is on sale in a channel from published_at on. price_minor is the lowest that anybody
# pays for a variant of it there, kept by every write of prices, so that filters, sorts and facets
# read one narrow row per product. It holds until price_due_at: see prices/at_instant.py.
publications = Table(
    "publications",
    metadata,
    reference("product_id", "products.id", primary_key=True),
    reference("channel_id", "channels.id", primary_key=True),
    instant("published_at", nullable=True),
    money_minor("price_minor", nullable=True),
    instant("price_due_at", nullable=True),
    Index("ix_publications_price", "channel_id", "price_minor", "product_id"),
    Index("ix_publications_published", "channel_id", "published_at", "product_id"),
    Index(
        "ix_publications_due",
        "price_due_at",
        sqlite_where=text("price_due_at IS NOT NULL"),
        postgresql_where=text("price_due_at IS NOT NULL"),
    ),
)

# options: JSON list of {"name", "value"} in the order of the product's options.
variants = Table(
    "variants",
    metadata,
    primary_key(),
    reference("product_id", "products.id"),
    short_text("sku", 64, unique=True),
    short_text("name"),
    json_text("options", default="[]"),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("weight_grams", Integer, nullable=True),
    short_text("barcode", 64, nullable=True),
    version(),
    Index("ix_variants_product", "product_id", "position", "id"),
    **NEVER_GIVEN_AGAIN,
)

# The channel's own price. current_minor is what everybody pays instead, by a schedule or a list,
# with its own current_compare_minor; NULL where that is the channel's own price. Both hold until
# price_due_at: see prices/at_instant.py.
variant_prices = Table(
    "variant_prices",
    metadata,
    reference("variant_id", "variants.id", primary_key=True),
    reference("channel_id", "channels.id", primary_key=True),
    money_minor("price_minor"),
    money_minor("compare_at_minor", nullable=True),
    money_minor("cost_minor", nullable=True),
    money_minor("current_minor", nullable=True),
    money_minor("current_compare_minor", nullable=True),
    instant("price_due_at", nullable=True),
    version(),
)

attribute_values = Table(
    "attribute_values",
    metadata,
    reference("product_id", "products.id", primary_key=True),
    reference("attribute_id", "attributes.id", primary_key=True),
    short_text("value", 1000),
    Index("ix_attribute_values_facet", "attribute_id", "value", "product_id"),
)

# path: the ids from the root down to the category itself, "/1/7/31/"; a product's categories come
# in its order.
categories = Table(
    "categories",
    metadata,
    primary_key(),
    reference("parent_id", "categories.id", nullable=True, on_delete="RESTRICT", index=True),
    short_text("slug", unique=True),
    short_text("name"),
    Column("description", Text, nullable=False, server_default=""),
    Column("path", code_point_text(500), nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    version(),
    name_key_column(),
    Index("ix_categories_path", "path"),
    Index("ix_categories_name", "name_key", "id"),
    **NEVER_GIVEN_AGAIN,
)

product_categories = Table(
    "product_categories",
    metadata,
    reference("product_id", "products.id", primary_key=True),
    reference("category_id", "categories.id", primary_key=True),
    Index("ix_product_categories_category", "category_id", "product_id"),
)

collections = Table(
    "collections",
    metadata,
    primary_key(),
    short_text("slug", unique=True),
    short_text("name"),
    Column("description", Text, nullable=False, server_default=""),
    version(),
    name_key_column(),
    Index("ix_collections_name", "name_key", "id"),
    **NEVER_GIVEN_AGAIN,
)

collection_products = Table(
    "collection_products",
    metadata,
    reference("collection_id", "collections.id", primary_key=True),
    reference("product_id", "products.id", primary_key=True),
    Column("position", Integer, nullable=False, server_default="0"),
    Index("ix_collection_products_product", "product_id", "collection_id"),
    Index("ix_collection_products_position", "collection_id", "position", "product_id"),
)

tags = Table(
    "tags",
    metadata,
    primary_key(),
    short_text("slug", unique=True),
    short_text("name"),
    version(),
    name_key_column(),
    Index("ix_tags_name", "name_key", "id"),
    **NEVER_GIVEN_AGAIN,
)

product_tags = Table(
    "product_tags",
    metadata,
    reference("product_id", "products.id", primary_key=True),
    reference("tag_id", "tags.id", primary_key=True),
    Index("ix_product_tags_tag", "tag_id", "product_id"),
)

# What a product is found by (see search_terms.py), compared by code points on both engines.
product_terms = Table(
    "product_terms",
    metadata,
    Column("term", code_point_text(64), primary_key=True),
    reference("product_id", "products.id", primary_key=True, index=True),
    Column("weight", Integer, nullable=False),
    sqlite_with_rowid=False,
)

product_images = Table(
    "product_images",
    metadata,
    primary_key(),
    reference("product_id", "products.id"),
    short_text("path", 500),
    short_text("alt", 500, server_default=""),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Unique("product_id", "path"),
    Index("ix_product_images_product", "product_id", "position", "id"),
    Index("ix_product_images_path", "path"),
)

# Which of its product's pictures show a variant.
variant_images = Table(
    "variant_images",
    metadata,
    reference("variant_id", "variants.id", primary_key=True),
    reference("image_id", "product_images.id", primary_key=True, index=True),
)

warehouses = Table(
    "warehouses",
    metadata,
    primary_key(),
    short_text("slug", unique=True),
    short_text("name"),
    version(),
    name_key_column(),
    **NEVER_GIVEN_AGAIN,
)

# available = on_hand - reserved; the check is the last guard against overselling.
# bin_location: the shelf, empty while nobody says which.
stock_levels = Table(
    "stock_levels",
    metadata,
    reference("variant_id", "variants.id", primary_key=True),
    reference("warehouse_id", "warehouses.id", primary_key=True, on_delete="RESTRICT"),
    Column("on_hand", Integer, nullable=False, server_default="0"),
    Column("reserved", Integer, nullable=False, server_default="0"),
    short_text("bin_location", 64, server_default=""),
    version(),
    CheckConstraint("reserved >= 0 AND reserved <= on_hand", name="never_oversold"),
)

# The ledger: every change of a stock level; the sums equal the level.
# reason: RECEIVED | CORRECTED | RESERVED | RELEASED | SHIPPED …; reference: "order:12".
stock_movements = Table(
    "stock_movements",
    metadata,
    primary_key(),
    reference("variant_id", "variants.id"),
    reference("warehouse_id", "warehouses.id", on_delete="RESTRICT"),
    Column("on_hand_change", Integer, nullable=False),
    Column("reserved_change", Integer, nullable=False),
    short_text("reason", 32),
    Column("note", String(500), nullable=False, server_default=""),
    short_text("reference", 64, server_default=""),
    short_text("actor", 64),
    instant("at"),
    Index("ix_stock_movements_variant", "variant_id", "warehouse_id", "id"),
)
