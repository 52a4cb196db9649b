"""What 10,000 active promotions add to one price: run `python benchmarks/pricing_index.py`."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from msgspec.structs import replace
from pricing_engine import THRESHOLD, Threshold, basket, category, make

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
                gift_variant_ids=(),
            )
        )
    return ActiveSet(1, found)


def milliseconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def main() -> None:
    dice = random.Random(1)
    cart, active = basket(dice, 50), crowd(dice)
    known = [entry.promotion for entry in active.candidates(cart.lines, now=0)]

    def under_all() -> object:
        return price(cart, [e.promotion for e in active.candidates(cart.lines, now=0)])

    alone, under = float("inf"), float("inf")
    for _ in range(RUNS):
        alone = min(alone, milliseconds(lambda: price(cart, known)))
        under = min(under, milliseconds(under_all))
    print(f"50 lines under {ACTIVE} active promotions: {under:.2f} ms")  # noqa: T201
    print(f"under the {len(known)} that touch it: {alone:.2f} ms")  # noqa: T201
    print(f"ratio: {under / alone:.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
