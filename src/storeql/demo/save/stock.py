"""Writes stock levels together with the movements that led to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from storeql.catalog.tables import stock_levels, stock_movements
from storeql.demo.plan.products import DAY, PlannedProduct
from storeql.demo.plan.stock import counted_missing
from storeql.demo.plan.variants import PlannedVariant
from storeql.demo.save.bulk import Bulk
from storeql.demo.save.shop import SavedShop

ACTOR = "demo"
RECEIVED, CORRECTED = "RECEIVED", "CORRECTED"

Owned = tuple[int, PlannedProduct, PlannedVariant]


def save_stock(bulk: Bulk, owned: Sequence[Owned], *, shop: SavedShop, now: int) -> None:
    """Adds a level per variant and warehouse; the sums of the movements equal the levels."""
    houses = tuple(shop.warehouses.values())
    levels: list[dict[str, Any]] = []
    movements: list[dict[str, Any]] = []
    for variant_id, product, variant in owned:
        random = Random(f"{variant.barcode}")
        for house, pieces in zip(houses, variant.on_hand, strict=True):
            place = {"variant_id": variant_id, "warehouse_id": house}
            levels.append({**place, "on_hand": pieces, "bin_location": _shelf(random)})
            movements += [
                {**place, **change} for change in _history(pieces, product, now=now, random=random)
            ]
    bulk.insert(stock_levels, levels)
    bulk.add(stock_movements, movements)


def _shelf(random: Random) -> str:
    """An aisle, a rack and a level, such as B-07-3."""
    return f"{random.choice('ABCDEF')}-{random.randint(1, 24):02d}-{random.randint(1, 5)}"


def _history(
    pieces: int, product: PlannedProduct, *, now: int, random: Random
) -> Iterable[dict[str, Any]]:
    missing = counted_missing(pieces, random)
    received_at = product.created_at + random.randrange(DAY)
    yield _movement(pieces + missing, RECEIVED, note="首批到货 First delivery", at=received_at)
    if missing:
        counted_at = random.randrange(received_at, now)
        yield _movement(-missing, CORRECTED, note="盘点差异 Stock count", at=counted_at)


def _movement(change: int, reason: str, *, note: str, at: int) -> dict[str, Any]:
    return {
        "on_hand_change": change,
        "reserved_change": 0,
        "reason": reason,
        "note": note,
        "actor": ACTOR,
        "at": at,
    }
