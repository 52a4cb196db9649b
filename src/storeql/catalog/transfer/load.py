"""Reads the products that rows are about, one SELECT for each relation however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, select, union

from storeql.catalog.prices.floor_book import floor_book
from storeql.catalog.products.attribute_forms import AttributeForm
from storeql.catalog.products.rows import locked_products
from storeql.catalog.relations import load_attributes
from storeql.catalog.tables import (
    attribute_values,
    attributes,
    categories,
    channels,
    collection_products,
    collections,
    product_categories,
    product_tags,
    product_types,
    products,
    publications,
    stock_levels,
    tags,
    variant_prices,
    variants,
    warehouses,
)
from storeql.catalog.transfer.columns import Known
from storeql.catalog.transfer.state import (
    Lists,
    PriceState,
    ProductState,
    Shelf,
    StockState,
    VariantState,
)
from storeql.catalog.variants.options import option_names, option_values
from storeql.db import Connection, Statement, any_of, statement
from storeql.inputs import has_controls

_product, _variant, _price, _level = products.c, variants.c, variant_prices.c, stock_levels.c
_FOUND = statement(
    union(
        select(_product.id).where(any_of(_product.slug, "slugs")),
        select(_variant.product_id).where(any_of(_variant.sku, "skus")),
    )
)
_PRODUCTS = statement(
    select(
        _product.id,
        _product.version,
        _product.product_type_id,
        _product.slug,
        _product.name,
        _product.description,
        _product.options,
    )
    .where(any_of(_product.id, "ids"))
    .order_by(_product.id)
)
_VARIANTS = statement(
    select(
        _variant.product_id,
        _variant.id,
        _variant.sku,
        _variant.name,
        _variant.options,
        _variant.position,
        _variant.weight_grams,
        _variant.barcode,
    )
    .where(any_of(_variant.product_id, "ids"))
    .order_by(_variant.product_id, _variant.position, _variant.id)
)
_PRICES = statement(
    select(
        _price.variant_id,
        _price.channel_id,
        _price.price_minor,
        _price.compare_at_minor,
        _price.cost_minor,
    )
    .join(variants, _variant.id == _price.variant_id)
    .where(any_of(_variant.product_id, "ids"))
)
_LEVELS = statement(
    select(_level.variant_id, _level.warehouse_id, _level.on_hand, _level.reserved)
    .join(variants, _variant.id == _level.variant_id)
    .where(any_of(_variant.product_id, "ids"))
)
_LOCKED_LEVELS = statement(
    select(_level.variant_id, _level.warehouse_id)
    .join(variants, _variant.id == _level.variant_id)
    .where(any_of(_variant.product_id, "ids"))
    .order_by(_level.variant_id, _level.warehouse_id)
    .with_for_update(of=stock_levels, key_share=True)
)
_VALUES = statement(
    select(
        attribute_values.c.product_id, attribute_values.c.attribute_id, attribute_values.c.value
    ).where(any_of(attribute_values.c.product_id, "ids"))
)
_PUBLISHED = statement(
    select(publications.c.product_id, publications.c.channel_id, publications.c.published_at).where(
        any_of(publications.c.product_id, "ids")
    )
)
_CHANNELS = statement(select(channels.c.slug, channels.c.id, channels.c.currency))
_WAREHOUSES = statement(select(warehouses.c.slug, warehouses.c.id))
_ATTRIBUTES = statement(select(attributes.c.slug).distinct())


def _places(table: Table, column: str) -> Statement:
    return statement(
        select(table.c.product_id, table.c[column])
        .where(any_of(table.c.product_id, "ids"))
        .order_by(table.c.product_id, table.c[column])
    )


def _by_slug(table: Table) -> Statement:
    return statement(select(table.c.slug, table.c.id).where(any_of(table.c.slug, "slugs")))


_CATEGORIES = _places(product_categories, "category_id")
_COLLECTIONS = _places(collection_products, "collection_id")
_TAGS = _places(product_tags, "tag_id")
_TYPES_NAMED = _by_slug(product_types)
_NAMED = {
    "categories": _by_slug(categories),
    "collections": _by_slug(collections),
    "tags": _by_slug(tags),
}


def known_columns(connection: Connection) -> Known:
    """What the columns of a table may be of: three statements."""
    return Known(
        channels={slug: (id, currency) for slug, id, currency in connection.rows(_CHANNELS)},
        warehouses=dict(connection.rows(_WAREHOUSES)),
        attributes=[row[0] for row in connection.rows(_ATTRIBUTES)],
    )


def load_shelf(connection: Connection, *, slugs: Iterable[str], skus: Iterable[str]) -> Shelf:
    """The products with these slugs, or with variants of these SKUs: ten statements."""
    rows = connection.rows(_FOUND, slugs=_askable(slugs), skus=_askable(skus))
    return shelf_of(connection, sorted(row[0] for row in rows))


def lock_shelf(connection: Connection, product_ids: Sequence[int]) -> None:
    """Keeps everybody else from these products and their stock until the transaction ends."""
    locked_products(connection, product_ids)
    if not connection.is_sqlite:
        connection.rows(_LOCKED_LEVELS, ids=product_ids)


def shelf_of(connection: Connection, product_ids: Sequence[int]) -> Shelf:
    """Products by their row numbers, with all that a table says of them."""
    if not product_ids:
        return Shelf(products={}, by_slug={}, by_sku={})
    owned = _variants(connection, product_ids)
    places = [_grouped(connection, one, product_ids) for one in (_CATEGORIES, _COLLECTIONS, _TAGS)]
    values = _pairs(connection, _VALUES, product_ids)
    published = _pairs(connection, _PUBLISHED, product_ids)
    found: dict[int, ProductState] = {}
    for row in connection.rows(_PRODUCTS, ids=product_ids):
        product_id, version, type_id, slug, name, description, options = row
        found[product_id] = ProductState(
            id=product_id,
            version=version,
            product_type_id=type_id,
            slug=slug,
            name=name,
            description=description,
            option_names=option_names(options),
            attributes=values.get(product_id, {}),
            categories=tuple(places[0].get(product_id, ())),
            collections=tuple(places[1].get(product_id, ())),
            tags=tuple(places[2].get(product_id, ())),
            published=published.get(product_id, {}),
            variants=owned.get(product_id, {}),
        )
    return Shelf(
        products=found,
        by_slug={one.slug: one.id for one in found.values()},
        by_sku={sku: one.id for one in found.values() for sku in one.variants},
    )


def load_lists(
    connection: Connection,
    named: Mapping[str, Iterable[str]],
    type_ids: Iterable[int],
    product_ids: Iterable[int],
) -> Lists:
    """What rows name, by `product_types`, `categories`, `collections` and `tags`.

    The attributes of the named types, and of those with the numbers `type_ids`, are read too; so
    are the floors that the products keep to.
    """
    types = _ids(connection, _TYPES_NAMED, named.get("product_types", ()))
    return Lists(
        product_types=types,
        forms=_forms(connection, {*types.values(), *type_ids}),
        floors=floor_book(connection, product_ids),
        **{name: _ids(connection, made, named.get(name, ())) for name, made in _NAMED.items()},
    )


def _forms(connection: Connection, type_ids: Iterable[int]) -> dict[int, tuple[AttributeForm, ...]]:
    found = load_attributes(connection, sorted(type_ids))
    return {
        type_id: tuple(
            AttributeForm(**{name: getattr(one, name) for name in AttributeForm.__struct_fields__})
            for one in rows
        )
        for type_id, rows in found.items()
    }


def _variants(
    connection: Connection, product_ids: Sequence[int]
) -> dict[int, dict[str, VariantState]]:
    prices: dict[int, dict[int, PriceState]] = {}
    for variant_id, channel_id, *amounts in connection.rows(_PRICES, ids=product_ids):
        prices.setdefault(variant_id, {})[channel_id] = PriceState(*amounts)
    stock: dict[int, dict[int, StockState]] = {}
    for variant_id, warehouse_id, *pieces in connection.rows(_LEVELS, ids=product_ids):
        stock.setdefault(variant_id, {})[warehouse_id] = StockState(*pieces)
    owned: dict[int, dict[str, VariantState]] = {}
    for row in connection.rows(_VARIANTS, ids=product_ids):
        product_id, variant_id, sku, name, options, position, weight, barcode = row
        owned.setdefault(product_id, {})[sku] = VariantState(
            id=variant_id,
            sku=sku,
            name=name,
            values=option_values(options),
            position=position,
            weight_grams=weight,
            barcode=barcode,
            prices=prices.get(variant_id, {}),
            stock=stock.get(variant_id, {}),
        )
    return owned


def _grouped(
    connection: Connection, made: Statement, product_ids: Sequence[int]
) -> dict[int, list[int]]:
    groups: dict[int, list[int]] = {}
    for product_id, row in connection.rows(made, ids=product_ids):
        groups.setdefault(product_id, []).append(row)
    return groups


def _pairs(
    connection: Connection, made: Statement, product_ids: Sequence[int]
) -> dict[int, dict[int, Any]]:
    groups: dict[int, dict[int, Any]] = {}
    for product_id, key, value in connection.rows(made, ids=product_ids):
        groups.setdefault(product_id, {})[key] = value
    return groups


def _ids(connection: Connection, made: Statement, slugs: Iterable[str]) -> dict[str, int]:
    wanted = _askable(slugs)
    return dict(connection.rows(made, slugs=wanted)) if wanted else {}


def _askable(texts: Iterable[str]) -> list[str]:
    # PostgreSQL cannot even be asked for a text with NUL.
    return sorted({text for text in texts if text and not has_controls(text)})
