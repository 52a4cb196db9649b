"""A small catalogue written straight into the tables, for tests of the writes upon it."""

from __future__ import annotations

from sqlalchemy import insert

from storeql.catalog.tables import (
    channels,
    product_types,
    products,
    stock_levels,
    stock_movements,
    variants,
    warehouses,
)
from storeql.db import Connection, Database, statement

NOW = 1_764_000_000_000

_CHANNEL = statement(insert(channels), "id", "slug", "name", "currency", "is_default")
_TYPE = statement(insert(product_types), "id", "slug", "name")
_PRODUCT = statement(
    insert(products), "id", "product_type_id", "slug", "name", "created_at", "updated_at"
)
_VARIANT = statement(insert(variants), "id", "product_id", "sku", "name")
_WAREHOUSE = statement(insert(warehouses), "id", "slug", "name")
_LEVEL = statement(insert(stock_levels), "variant_id", "warehouse_id", "on_hand")
_MOVEMENT = statement(
    insert(stock_movements),
    "variant_id",
    "warehouse_id",
    "on_hand_change",
    "reserved_change",
    "reason",
    "actor",
    "at",
)


def stocked(database: Database, levels: dict[tuple[int, int], int]) -> None:
    """Variants and warehouses by their row numbers, with so many pieces on hand."""

    def work(connection: Connection) -> None:
        connection.run(_TYPE, id=1, slug="plain", name="Plain")
        connection.run(
            _PRODUCT, id=1, product_type_id=1, slug="p", name="P", created_at=NOW, updated_at=NOW
        )
        for variant_id in sorted({key[0] for key in levels}):
            connection.run(_VARIANT, id=variant_id, product_id=1, sku=f"SKU-{variant_id}", name="")
        for house_id in sorted({key[1] for key in levels}):
            connection.run(_WAREHOUSE, id=house_id, slug=f"house-{house_id}", name="House")
        for (variant_id, house_id), on_hand in levels.items():
            connection.run(_LEVEL, variant_id=variant_id, warehouse_id=house_id, on_hand=on_hand)
            connection.run(
                _MOVEMENT,
                variant_id=variant_id,
                warehouse_id=house_id,
                on_hand_change=on_hand,
                reserved_change=0,
                reason="RECEIVED",
                actor="test",
                at=NOW,
            )

    database.write(work)
