"""Good prices for the rows of a component: those under which little is wanted twice.

Lagrangian relaxation of "a row is given once" (Fisher 1981): whoever takes a row pays its price.
Whatever the prices are, no choice saves more than the sum of all prices and of what each promotion
alone can save beyond what it pays. Prices at which each row is wanted once make that bound tight.
"""

from __future__ import annotations

from collections.abc import Sequence

from storeql.pricing.promise import FRACTION, ONE, Supply
from storeql.pricing.table import Table

MOST_STEPS = 8
FEW_STEPS = 3
"""Where each step takes long."""


def good_prices(table: Table, goal: int, steps: int) -> list[int]:
    """Prices by row, with binary places, after at most so many steps or once the bound is at goal.

    Subgradient steps of Polyak's length, halved when they stop helping: rows that several want
    become dearer, rows that no one wants cheaper, never below their floors.
    """
    prices = _first_prices(table)
    best, taken = _bound(table, prices)
    kept, length, failed = (prices, taken), ONE, 0
    bound = best
    for _ in range(steps):
        if best - goal < ONE or not (moved := _moved(table, prices, taken, bound - goal, length)):
            break
        prices = moved
        bound, taken = _bound(table, prices)
        failed += 1
        if bound < best:
            best, kept, failed = bound, (prices, taken), 0
        elif failed == 2:
            (prices, taken), bound, length, failed = kept, best, length // 2, 0
    return kept[0]


def supplies(table: Table, seat: int, prices: Sequence[int]) -> list[Supply]:
    """The rows that a promotion may take from, cheapest for its measure first."""
    return sorted(
        [
            ((prices[depth] * share >> FRACTION) // measure, measure, depth)
            for depth, measure, share in table.terms[seat]
        ]
    )


def _bound(table: Table, prices: Sequence[int]) -> tuple[int, list[int]]:
    """The bound of these prices, and how much of each row is taken in all, with binary places."""
    total, taken = sum(prices), [0] * len(prices)
    for seat in table.open[0]:
        offers = supplies(table, seat, prices)
        surplus, wanted = table.promises[seat].best(table.start[seat], offers)
        total += surplus
        shares = table.shares[seat] if wanted else {}
        for depth, part in wanted:
            measure, share = shares[depth]
            taken[depth] += share * part // measure
    return total, taken


def _first_prices(table: Table) -> list[int]:
    """Rows at their fallbacks, or if that is more at the rate of the promotion with which the money
    runs out when the best rates are served first."""
    amounts = table.amounts()
    pool, rate = sum(amounts), 0
    for promise in sorted((table.promises[s] for s in table.open[0]), key=lambda p: -p.rate):
        pool -= promise.full_at
        if pool <= 0:
            rate = promise.rate
            break
    return [max(known, rate * a) for known, a in zip(table.fallbacks, amounts, strict=True)]


def _moved(
    table: Table, prices: Sequence[int], taken: Sequence[int], excess: int, length: int
) -> list[int] | None:
    """The prices after one step; None if no price would move."""
    spare = [
        0 if part < ONE and price == floor else ONE - part
        for part, price, floor in zip(taken, prices, table.floors, strict=True)
    ]
    norm = sum(part * part for part in spare) >> FRACTION
    if not norm:
        return None
    step = excess * length >> FRACTION
    return [
        max(floor, price - step * part // norm)
        for floor, price, part in zip(table.floors, prices, spare, strict=True)
    ]
