"""What belongs to products and variants: one SELECT per relation, for all the rows of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, null, select

from storeql.catalog.finding.filters import in_channel
from storeql.catalog.prices.at_instant import COMPARE_AT_NOW, NOW, PRICE_NOW
from storeql.catalog.prices.lowest import LOWEST_OF_30_DAYS
from storeql.catalog.prices.tables import price_changes
from storeql.catalog.records import (
    Attribute,
    AttributeValue,
    Channel,
    ChannelPrice,
    Collection,
    Image,
    ProductType,
    Publication,
    StockLevel,
    Tag,
    Warehouse,
)
from storeql.catalog.tables import (
    attribute_values,
    attributes,
    channels,
    collection_products,
    collections,
    product_images,
    product_tags,
    product_types,
    publications,
    stock_levels,
    tags,
    variant_images,
    variant_prices,
    variants,
    warehouses,
)
from storeql.db import Connection, Selection, Statement, any_of, statement

Value = TypeVar("Value")

Grouped = Mapping[int, Sequence[Value]]
CHOICES = msgspec.json.Decoder(tuple[str, ...])

AVAILABLE = (
    select(func.coalesce(func.sum(stock_levels.c.on_hand - stock_levels.c.reserved), 0))
    .where(stock_levels.c.variant_id == variants.c.id)
    .scalar_subquery()
)

# The variant record's columns in order, by the name of the field that asks for them.
VARIANT_COLUMNS: tuple[tuple[str, ColumnElement[Any]], ...] = (
    ("sku", variants.c.sku),
    ("name", variants.c.name),
    ("options", variants.c.options),
    ("position", variants.c.position),
    ("weight_grams", variants.c.weight_grams),
    ("barcode", variants.c.barcode),
    ("version", variants.c.version),
    ("price", PRICE_NOW),
    ("compare_at_price", COMPARE_AT_NOW),
    ("cost", variant_prices.c.cost_minor),
    ("available_stock", AVAILABLE),
    ("lowest_price_last_30_days", LOWEST_OF_30_DAYS),
)
VARIANT_NAMES = tuple(name for name, _ in VARIANT_COLUMNS)
PRICES = frozenset(("price", "compare_at_price", "cost", "lowest_price_last_30_days"))


def grouped(rows: Iterable[tuple[Any, ...]], build: Callable[..., Value]) -> Grouped[Value]:
    """Records by the row number in the first column; `build` takes the other columns."""
    groups: dict[int, list[Value]] = {}
    for owner, *values in rows:
        groups.setdefault(owner, []).append(build(*values))
    return groups


@lru_cache(maxsize=256)
def variants_statement(
    columns: tuple[bool, ...], channel_named: bool, by: str = "product"
) -> Statement:
    """Variants of products, or by their own ids, in their order."""
    chosen = [
        (source if asked else null()).label(f"variant_{name}")
        for (name, source), asked in zip(VARIANT_COLUMNS, columns, strict=True)
    ]
    priced = and_(
        variant_prices.c.variant_id == variants.c.id, variant_prices.c.channel_id == channels.c.id
    )
    source = variants.join(channels, in_channel(channel_named))
    if any(asked for asked, name in zip(columns, VARIANT_NAMES, strict=True) if name in PRICES):
        source = source.join(variant_prices, priced, isouter=True)
    owner = variants.c.product_id if by == "product" else variants.c.id
    return statement(
        select(variants.c.id, variants.c.product_id, *chosen, channels.c.currency)
        .select_from(source)
        .where(any_of(owner, "ids"))
        .order_by(variants.c.product_id, variants.c.position, variants.c.id)
    )


def named(channel: str | None) -> dict[str, str]:
    """The channel's parameter; none for the default channel."""
    return {} if channel is None else {"channel": channel}


STOCK_LEVELS = statement(
    select(
        stock_levels.c.variant_id,
        warehouses.c.id,
        warehouses.c.slug,
        warehouses.c.name,
        warehouses.c.version,
        stock_levels.c.on_hand,
        stock_levels.c.reserved,
        stock_levels.c.bin_location,
    )
    .join(warehouses, warehouses.c.id == stock_levels.c.warehouse_id)
    .where(any_of(stock_levels.c.variant_id, "ids"))
    .order_by(stock_levels.c.variant_id, warehouses.c.id)
)


def load_stock_levels(connection: Connection, variant_ids: Sequence[int]) -> Grouped[StockLevel]:
    """The levels of each variant, one per warehouse that ever held it."""
    groups: dict[int, list[StockLevel]] = {}
    for variant_id, *rest in connection.rows(STOCK_LEVELS, ids=variant_ids):
        *warehouse, on_hand, reserved, bin_location = rest
        level = StockLevel(variant_id, Warehouse(*warehouse), on_hand, reserved, bin_location)
        groups.setdefault(variant_id, []).append(level)
    return groups


CHANNEL_PRICES = statement(
    select(
        variant_prices.c.variant_id,
        *channels.c["id", "slug", "name", "currency", "is_active", "is_default", "version"],
        variant_prices.c.price_minor,
        variant_prices.c.compare_at_minor,
        variant_prices.c.cost_minor,
        PRICE_NOW,
        select(func.min(price_changes.c.at))
        .where(
            price_changes.c.variant_id == variant_prices.c.variant_id,
            price_changes.c.channel_id == variant_prices.c.channel_id,
            price_changes.c.at > NOW,
        )
        .correlate(variant_prices)
        .scalar_subquery(),
        variant_prices.c.version,
    )
    .join(channels, channels.c.id == variant_prices.c.channel_id)
    .where(any_of(variant_prices.c.variant_id, "ids"))
    .order_by(variant_prices.c.variant_id, channels.c.id)
)


def load_channel_prices(
    connection: Connection, variant_ids: Sequence[int], *, now: int
) -> Grouped[ChannelPrice]:
    """The prices of each variant, one per channel it has a price in."""
    groups: dict[int, list[ChannelPrice]] = {}
    for row in connection.rows(CHANNEL_PRICES, ids=variant_ids, now=now):
        names = ("price_minor", "compare_at_minor", "cost_minor", "current_minor", "changes_at")
        values = dict(zip((*names, "version"), row[8:], strict=True))
        price = ChannelPrice(variant_id=row[0], channel=channel_of(row[1:8]), **values)
        groups.setdefault(row[0], []).append(price)
    return groups


def _of_products(query: Select[Any], owner: ColumnElement[int], *order: Any) -> Statement:
    return statement(query.where(any_of(owner, "ids")).order_by(owner, *order))


COLLECTIONS = _of_products(
    select(
        collection_products.c.product_id,
        collections.c.id,
        collections.c.slug,
        collections.c.name,
        collections.c.description,
        collections.c.version,
    ).join(collections, collections.c.id == collection_products.c.collection_id),
    collection_products.c.product_id,
    collections.c.name_key,
    collections.c.id,
)
TAGS = _of_products(
    select(product_tags.c.product_id, tags.c.id, tags.c.slug, tags.c.name, tags.c.version).join(
        tags, tags.c.id == product_tags.c.tag_id
    ),
    product_tags.c.product_id,
    tags.c.name_key,
    tags.c.id,
)
ATTRIBUTE_VALUES = _of_products(
    select(
        attribute_values.c.product_id,
        attributes.c.slug,
        attributes.c.name,
        attributes.c.kind,
        attributes.c.unit,
        attribute_values.c.value,
    ).join(attributes, attributes.c.id == attribute_values.c.attribute_id),
    attribute_values.c.product_id,
    attributes.c.position,
    attributes.c.id,
)
IMAGES = _of_products(
    select(
        product_images.c.product_id,
        product_images.c.id,
        product_images.c.path,
        product_images.c.alt,
        product_images.c.width,
        product_images.c.height,
        product_images.c.position,
    ),
    product_images.c.product_id,
    product_images.c.position,
    product_images.c.id,
)
VARIANT_IMAGES = statement(
    select(
        variant_images.c.variant_id,
        product_images.c.id,
        product_images.c.path,
        product_images.c.alt,
        product_images.c.width,
        product_images.c.height,
        product_images.c.position,
    )
    .join(product_images, product_images.c.id == variant_images.c.image_id)
    .where(any_of(variant_images.c.variant_id, "ids"))
    .order_by(variant_images.c.variant_id, product_images.c.position, product_images.c.id)
)
PUBLICATIONS = _of_products(
    select(
        publications.c.product_id,
        *channels.c["id", "slug", "name", "currency", "is_active", "is_default", "version"],
        publications.c.published_at,
        publications.c.price_minor,
    ).join(channels, channels.c.id == publications.c.channel_id),
    publications.c.product_id,
    channels.c.id,
)


def load_collections(connection: Connection, product_ids: Sequence[int]) -> Grouped[Collection]:
    """The collections each product is in, by name."""
    return grouped(connection.rows(COLLECTIONS, ids=product_ids), Collection)


def load_tags(connection: Connection, product_ids: Sequence[int]) -> Grouped[Tag]:
    """The tags of each product, by name."""
    return grouped(connection.rows(TAGS, ids=product_ids), Tag)


def load_attribute_values(
    connection: Connection, product_ids: Sequence[int]
) -> Grouped[AttributeValue]:
    """The attribute values of each product, in the order of its type."""
    return grouped(connection.rows(ATTRIBUTE_VALUES, ids=product_ids), AttributeValue)


def load_images(connection: Connection, product_ids: Sequence[int]) -> Grouped[Image]:
    """The pictures of each product, in order."""
    return grouped(connection.rows(IMAGES, ids=product_ids), Image)


def load_variant_images(connection: Connection, variant_ids: Sequence[int]) -> Grouped[Image]:
    """The pictures that show each variant, in order."""
    return grouped(connection.rows(VARIANT_IMAGES, ids=variant_ids), Image)


def load_publications(connection: Connection, product_ids: Sequence[int]) -> Grouped[Publication]:
    """Each product's place in every channel it was ever put into."""

    def build(*row: Any) -> Publication:
        return Publication(channel_of(row[:7]), *row[7:])

    return grouped(connection.rows(PUBLICATIONS, ids=product_ids), build)


def channel_of(row: Sequence[Any]) -> Channel:
    """A channel from its columns in table order; SQLite answers booleans as numbers."""
    return Channel(*(*row[:4], bool(row[4]), bool(row[5]), row[6]))


PRODUCT_TYPES = statement(
    select(*product_types.c["id", "slug", "name", "version"])
    .where(any_of(product_types.c.id, "ids"))
    .order_by(product_types.c.id)
)
ATTRIBUTES = statement(
    select(attributes)
    .where(any_of(attributes.c.product_type_id, "ids"))
    .order_by(attributes.c.product_type_id, attributes.c.position, attributes.c.id)
)


def load_product_types(
    connection: Connection, type_ids: Iterable[int], selection: Selection
) -> Mapping[int, ProductType]:
    """Product types by row number, with their attributes when asked for."""
    ids = sorted(set(type_ids))
    forms: Grouped[Attribute] = {}
    if selection.wants("attributes"):
        forms = load_attributes(connection, ids)
    rows = connection.rows(PRODUCT_TYPES, ids=ids)
    return {row[0]: ProductType(*(*row, forms.get(row[0], ()))) for row in rows}


def load_attributes(connection: Connection, type_ids: Sequence[int]) -> Grouped[Attribute]:
    """The attributes of each product type, in order."""
    groups: dict[int, list[Attribute]] = {}
    for row in connection.rows(ATTRIBUTES, ids=type_ids):
        groups.setdefault(row[1], []).append(_attribute(*row))
    return groups


def _attribute(*row: Any) -> Attribute:
    row_id, type_id, slug, name, kind, required, filterable, choices, unit, position = row
    return Attribute(
        row_id,
        type_id,
        slug,
        name,
        kind,
        bool(required),
        bool(filterable),
        CHOICES.decode(choices),
        unit,
        position,
    )
