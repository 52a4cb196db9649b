"""What 10,000 active promotions add to the price of a cart that few of them touch."""

from __future__ import annotations

import random
from typing import Any

from msgspec.structs import replace

from benchmarks.pricing.cases import basket, category, make
from benchmarks.pricing.kinds import THRESHOLD, Threshold
from benchmarks.pricing.measure import milliseconds
from storeql.pricing import Scope, Selection, price
from storeql.promotions.active import ActivePromotion, ActiveSet

ACTIVE = 10_000
PRODUCTS = 50_000
RUNS = 40


def crowd(dice: random.Random) -> ActiveSet:
    """Three promotions on categories; the others name five products each of a large catalogue."""
    found = []
    for name in range(ACTIVE):
        ids = frozenset(f"product-{dice.randrange(PRODUCTS)}" for _ in range(5))
        scope = Scope(include=Selection(product_ids=ids)) if name >= 3 else category(name)
        rule = Threshold(dice.choice([100_00, 300_00]), 10_00)
        found.append(
            ActivePromotion(
                promotion=replace(make(name, THRESHOLD, rule, scope), id=str(name)),
                starts_at=None,
                ends_at=None,
                has_limits=False,
                has_quotas=False,
                gift_variant_ids=(),
            )
        )
    return ActiveSet(1, found)


def measure_index() -> dict[str, Any]:
    """A cart of 50 lines priced under all of them, and under those alone that touch it."""
    dice = random.Random(1)
    cart, active = basket(dice, 50), crowd(dice)
    known = [entry.promotion for entry in active.candidates(cart.lines, now=0)]

    def under_all() -> object:
        return price(cart, [e.promotion for e in active.candidates(cart.lines, now=0)])

    alone = milliseconds(lambda: price(cart, known), RUNS)
    under = milliseconds(under_all, RUNS)
    return {
        "active": ACTIVE,
        "candidates": len(known),
        "under_all_ms": round(under, 3),
        "under_candidates_ms": round(alone, 3),
        "ratio": round(under / alone, 2),
    }
