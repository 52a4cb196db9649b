"""Writes the goods: products, variants, prices, publications, labels, pictures, search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from storeql.catalog.finding import search
from storeql.catalog.prices.causes import Cause, CauseKind
from storeql.catalog.prices.history import first_change
from storeql.catalog.prices.tables import price_changes
from storeql.catalog.tables import (
    attribute_values,
    product_categories,
    product_images,
    product_tags,
    products,
    publications,
    variant_prices,
    variants,
)
from storeql.demo.plan.pictures import pictures_of
from storeql.demo.plan.products import PlannedProduct
from storeql.demo.plan.stock import Supply
from storeql.demo.plan.variants import PlannedVariant
from storeql.demo.save.bulk import Bulk
from storeql.demo.save.shop import SavedShop
from storeql.demo.save.stock import save_stock
from storeql.demo.save.taxonomy import SavedTaxonomy

Found = tuple[int, PlannedProduct]

AT_ONCE = 500
PICTURE_SIZE = 800


class SavedVariant(Struct, frozen=True):
    """A variant as orders pick it; `pieces` is what there is of it in all warehouses."""

    id: int
    price_minor: int
    pieces: int


class SavedProduct(Struct, frozen=True, kw_only=True):
    """A product as collections, promotions and orders pick it."""

    id: int
    code: str
    slug: str
    category: str
    popularity: float
    is_plentiful: bool
    published_at: int | None
    is_abroad: bool
    variants: tuple[SavedVariant, ...]


def save_products(
    bulk: Bulk,
    planned: Iterable[PlannedProduct],
    *,
    shop: SavedShop,
    taxonomy: SavedTaxonomy,
    pictures: bool,
    now: int,
) -> Iterator[list[SavedProduct]]:
    """Adds the products, some hundred at a time, each lot yielded when it is there."""
    source = iter(planned)
    while lot := list(islice(source, AT_ONCE)):
        ids = bulk.add(products, [_product_row(one, taxonomy) for one in lot])
        found = list(zip(ids, lot, strict=True))
        saved = _save_variants(bulk, found, shop=shop, now=now)
        bulk.insert(publications, [row for one in found for row in _publications(*one, shop=shop)])
        _save_labels(bulk, found, taxonomy=taxonomy)
        if pictures:
            bulk.add(product_images, [row for one in found for row in _pictures(*one)])
        search.index_products(bulk.connection, ids)
        yield saved


def _product_row(one: PlannedProduct, taxonomy: SavedTaxonomy) -> dict[str, Any]:
    options = [{"name": name, "values": values} for name, values in one.options]
    return {
        "product_type_id": taxonomy.types[one.what.ware.type],
        "slug": one.what.slug,
        "name": one.what.name,
        "description": one.description,
        "options": _json(options),
        "created_at": one.created_at,
        "updated_at": one.published_at or one.created_at,
    }


def _save_variants(
    bulk: Bulk, found: Sequence[Found], *, shop: SavedShop, now: int
) -> list[SavedProduct]:
    rows = [
        _variant_row(product_id, variant, position=position)
        for product_id, product in found
        for position, variant in enumerate(product.variants)
    ]
    ids = iter(bulk.add(variants, rows))
    saved = [_saved(product_id, product, variant_ids=ids) for product_id, product in found]
    owned = [
        (variant_id, product, planned)
        for one, (_, product) in zip(saved, found, strict=True)
        for variant_id, planned in zip((v.id for v in one.variants), product.variants, strict=True)
    ]
    prices = [(row, one[1]) for one in owned for row in _prices(*one, shop=shop)]
    bulk.insert(variant_prices, [row for row, _ in prices])
    bulk.add(price_changes, [_first_price(row, product) for row, product in prices])
    save_stock(bulk, owned, shop=shop, now=now)
    return saved


def _variant_row(product_id: int, one: PlannedVariant, *, position: int) -> dict[str, Any]:
    return {
        "product_id": product_id,
        "sku": one.sku,
        "name": one.name,
        "options": _json([{"name": name, "value": value} for name, value in one.options]),
        "position": position,
        "weight_grams": one.weight_grams,
        "barcode": one.barcode,
    }


def _saved(product_id: int, one: PlannedProduct, *, variant_ids: Iterator[int]) -> SavedProduct:
    return SavedProduct(
        id=product_id,
        code=one.what.ware.code,
        slug=one.what.slug,
        category=one.what.ware.category,
        popularity=one.popularity,
        is_plentiful=one.supply is Supply.PLENTY,
        published_at=one.published_at,
        is_abroad=one.is_abroad,
        variants=tuple(
            SavedVariant(next(variant_ids), variant.price_minor, sum(variant.on_hand))
            for variant in one.variants
        ),
    )


def _prices(
    variant_id: int, product: PlannedProduct, one: PlannedVariant, *, shop: SavedShop
) -> list[dict[str, Any]]:
    home = {
        "variant_id": variant_id,
        "channel_id": shop.home,
        "price_minor": one.price_minor,
        "compare_at_minor": one.compare_at_minor,
        "cost_minor": one.cost_minor,
    }
    if not product.is_abroad:
        return [home]
    abroad = {
        "channel_id": shop.abroad,
        "price_minor": one.abroad_minor,
        "compare_at_minor": None,
        "cost_minor": None,
    }
    return [home, home | abroad]


def _first_price(row: dict[str, Any], product: PlannedProduct) -> dict[str, Any]:
    """The beginning of a price's history: when the product was added."""
    return first_change(
        (row["variant_id"], row["channel_id"]),
        row["price_minor"],
        row["compare_at_minor"],
        cause=Cause(kind=CauseKind.IMPORT, actor="staff:1"),
        now=product.created_at,
    )


def _publications(product_id: int, one: PlannedProduct, *, shop: SavedShop) -> list[dict[str, Any]]:
    """One row per channel; the price is the lowest of the product's variants there."""
    home = {
        "product_id": product_id,
        "channel_id": shop.home,
        "published_at": one.published_at,
        "price_minor": min(variant.price_minor for variant in one.variants),
    }
    if not one.is_abroad:
        return [home]
    lowest = min(variant.abroad_minor for variant in one.variants)
    return [home, home | {"channel_id": shop.abroad, "price_minor": lowest}]


def _save_labels(bulk: Bulk, found: Sequence[Found], *, taxonomy: SavedTaxonomy) -> None:
    bulk.insert(
        product_categories,
        [
            {"product_id": product_id, "category_id": taxonomy.categories[one.what.ware.category]}
            for product_id, one in found
        ],
    )
    bulk.insert(
        product_tags,
        [
            {"product_id": product_id, "tag_id": taxonomy.tags[tag]}
            for product_id, one in found
            for tag in one.tags
        ],
    )
    values = [row for one in found for row in _values(*one, taxonomy=taxonomy)]
    bulk.insert(attribute_values, values)


def _values(
    product_id: int, one: PlannedProduct, *, taxonomy: SavedTaxonomy
) -> list[Mapping[str, Any]]:
    type_ = one.what.ware.type
    return [
        {
            "product_id": product_id,
            "attribute_id": taxonomy.attributes[type_, slug],
            "value": value,
        }
        for slug, value in one.attributes.items()
    ]


def _pictures(product_id: int, one: PlannedProduct) -> list[dict[str, Any]]:
    return [
        {
            "product_id": product_id,
            "path": picture.path,
            "alt": picture.alt,
            "position": position,
            "width": PICTURE_SIZE,
            "height": PICTURE_SIZE,
        }
        for position, picture in enumerate(pictures_of(one))
    ]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
