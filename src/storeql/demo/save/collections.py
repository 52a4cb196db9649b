"""Writes which products stand in which collection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storeql.catalog.tables import collection_products
from storeql.demo.content import CollectionSpec
from storeql.demo.save.bulk import Bulk
from storeql.demo.save.products import SavedProduct
from storeql.demo.save.taxonomy import SavedTaxonomy

MOST_IN_ONE = 60


def save_collections(
    bulk: Bulk,
    specs: Sequence[CollectionSpec],
    saved: Sequence[SavedProduct],
    *,
    taxonomy: SavedTaxonomy,
) -> None:
    """Puts the most popular fitting products into each collection, dearest to customers first."""
    by_popularity = sorted(saved, key=lambda one: (-one.popularity, one.id))
    rows: list[dict[str, Any]] = []
    for spec in specs:
        fitting = [one for one in by_popularity if _belongs(one, spec)][:MOST_IN_ONE]
        rows += [
            {
                "collection_id": taxonomy.collections[spec.slug],
                "product_id": one.id,
                "position": position,
            }
            for position, one in enumerate(fitting)
        ]
    bulk.insert(collection_products, rows)


def _belongs(one: SavedProduct, spec: CollectionSpec) -> bool:
    if one.published_at is None:
        return False
    if not spec.codes:
        return one.id % 9 == 0
    return one.code in spec.codes
