"""How long `price` takes, in CPU time: run `python benchmarks/pricing_engine.py`."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from storeql.pricing import (
    Basket,
    Ceiling,
    Discount,
    GiftItem,
    Gifts,
    GiftUnits,
    Lane,
    Line,
    Missed,
    PricedCart,
    Promotion,
    PromotionType,
    Proposal,
    Scope,
    Selection,
    SetPrice,
    SetPrices,
    Text,
    Texts,
    UnitPrice,
    UnitPrices,
    Units,
    percent_of,
    price,
)

NO_WORDS = Texts(title=Text("", ""), what=Text("", ""), when=Text("", ""), how=Text("", ""))
MUG = GiftItem(variant_id="mug", product_id="mug", name="Mug", price_minor=35_00)


class Percent(Struct, frozen=True):
    basis_points: int


class Threshold(Struct, frozen=True):
    at_minor: int
    off_minor: int


class SpendPercent(Struct, frozen=True):
    at_minor: int
    basis_points: int


class Several(Struct, frozen=True):
    count: int
    price_minor: int


def percent(rule: Percent, units: Units, basket: Basket) -> Proposal | Missed:
    prices = [
        UnitPrice(
            line.id, quantity, line.list_minor - percent_of(line.list_minor, rule.basis_points)
        )
        for line, quantity, _ in units.lines
    ]
    return UnitPrices(tuple(prices))


def missed(expected: int, found: int) -> Missed:
    return Missed(
        condition="spend_minor", expected=expected, found=found, shortfall=expected - found
    )


def threshold(rule: Threshold, units: Units, basket: Basket) -> Proposal | Missed:
    if units.amount_minor < rule.at_minor:
        return missed(rule.at_minor, units.amount_minor)
    return Discount(rule.off_minor)


def threshold_ceiling(rule: Threshold, units: Units, basket: Basket) -> Ceiling:
    return Ceiling(
        rate_numerator=rule.off_minor, rate_denominator=rule.at_minor, needs_minor=rule.at_minor
    )


def spend_percent(rule: SpendPercent, units: Units, basket: Basket) -> Proposal | Missed:
    if units.amount_minor < rule.at_minor:
        return missed(rule.at_minor, units.amount_minor)
    return Discount(percent_of(units.amount_minor, rule.basis_points))


def spend_percent_ceiling(rule: SpendPercent, units: Units, basket: Basket) -> Ceiling:
    return Ceiling(
        rate_numerator=rule.basis_points, rate_denominator=10_000, needs_minor=rule.at_minor
    )


def gift(rule: Threshold, units: Units, basket: Basket) -> Proposal | Missed:
    if units.amount_minor < rule.at_minor:
        return missed(rule.at_minor, units.amount_minor)
    return Gifts((GiftUnits("mug"),))


def gift_ceiling(rule: Threshold, units: Units, basket: Basket) -> Ceiling:
    return Ceiling(rate_numerator=35_00, rate_denominator=rule.at_minor, needs_minor=rule.at_minor)


def several(rule: Several, units: Units, basket: Basket) -> Proposal | Missed:
    single = [(line.list_minor, line.id) for line, count, _ in units.lines for _ in range(count)]
    single.sort(key=lambda unit: (-unit[0], unit[1]))
    sets = []
    for start in range(0, len(single) - rule.count + 1, rule.count):
        group = single[start : start + rule.count]
        if sum(unit for unit, _ in group) > rule.price_minor:
            counts: dict[str, int] = {}
            for _, line_id in group:
                counts[line_id] = counts.get(line_id, 0) + 1
            sets.append(SetPrice(tuple(counts.items()), rule.price_minor))
    return SetPrices(tuple(sets)) if sets else Missed(condition="quantity", expected=rule.count)


def kind(key: str, lane: Lane, rule: type[Any], propose: Any, **more: Any) -> PromotionType[Any]:
    return PromotionType(key=key, lane=lane, Rule=rule, propose=propose, texts=NO_WORDS, **more)


PERCENT = kind("percent", Lane.ITEM, Percent, percent, per_unit=True)
SEVERAL = kind("several", Lane.ITEM, Several, several)
THRESHOLD = kind("threshold", Lane.ORDER, Threshold, threshold, ceiling=threshold_ceiling)
PLAIN = kind("plain", Lane.ORDER, Threshold, threshold)
SPEND = kind("spend", Lane.ORDER, SpendPercent, spend_percent, ceiling=spend_percent_ceiling)
GIFT = kind("gift", Lane.ORDER, Threshold, gift, ceiling=gift_ceiling)
VOUCHER = kind("voucher", Lane.VOUCHER, Threshold, threshold, ceiling=threshold_ceiling)

Case = tuple[Basket, Sequence[Promotion]]


def basket(dice: random.Random, count: int) -> Basket:
    lines = tuple(
        Line(
            id=f"line-{place:03}",
            product_id=f"product-{place}",
            variant_id=f"variant-{place}",
            quantity=dice.randint(1, 3),
            list_minor=dice.randint(5_00, 300_00),
            category_ids=(f"category-{place % 8}", f"branch-{place % 3}"),
            tax_basis_points=1300,
        )
        for place in range(count)
    )
    now = datetime(2026, 6, 1, tzinfo=UTC)
    return Basket(lines=lines, channel="web", currency="CNY", at=now, gifts={"mug": MUG})


def make(name: int, type_: PromotionType[Any], rule: Struct, scope: Scope) -> Promotion:
    return Promotion(id=f"p{name:03}", version=1, name="", type=type_, rule=rule, scope=scope)


def some(dice: random.Random, basket_: Basket, share: float) -> Scope:
    ids = [line.variant_id for line in basket_.lines if dice.random() < share]
    return Scope(include=Selection(variant_ids=frozenset(ids or [basket_.lines[0].variant_id])))


def category(number: int) -> Scope:
    return Scope(include=Selection(category_ids=frozenset([f"category-{number}"])))


def simple(dice: random.Random) -> Case:
    """50 lines, 3 promotions that do not overlap."""
    basket_ = basket(dice, 50)
    return basket_, [
        make(1, PERCENT, Percent(1000), category(1)),
        make(2, THRESHOLD, Threshold(200_00, 20_00), category(2)),
        make(3, VOUCHER, Threshold(500_00, 30_00), Scope()),
    ]


def mixed(dice: random.Random) -> Case:
    """50 lines, 20 promotions of mixed kinds on categories, branches and the whole shop."""
    basket_ = basket(dice, 50)
    promotions = []
    for name in range(20):
        scope = category(name % 8) if name % 5 else Scope()
        type_, rule = dice.choice(
            [
                (PERCENT, Percent(dice.choice([500, 1000, 2000]))),
                (SPEND, SpendPercent(100_00, dice.choice([500, 800]))),
                (THRESHOLD, Threshold(300_00, dice.randint(10_00, 60_00))),
                (GIFT, Threshold(200_00, 0)),
                (VOUCHER, Threshold(400_00, dice.randint(10_00, 40_00))),
            ]
        )
        promotions.append(make(name, type_, rule, scope))
    return basket_, promotions


def usual(dice: random.Random, lines: int, count: int, share: float) -> Case:
    """Thresholds of 100 to 1000 yuan and percentages as shops set them, each on many lines."""
    basket_ = basket(dice, lines)
    promotions = []
    for name in range(count):
        at = dice.choice([100_00, 200_00, 300_00, 500_00, 1000_00])
        type_, rule = THRESHOLD, Threshold(at, at * dice.randint(5, 25) // 100)
        if dice.random() < 0.3:
            type_, rule = SPEND, SpendPercent(at, dice.randint(3, 15) * 100)
        promotions.append(make(name, type_, rule, some(dice, basket_, share)))
    return basket_, promotions


def overlapping(
    dice: random.Random, lines: int, count: int, share: float, *, plain: bool = False
) -> Case:
    """Thresholds so high that together they want more than the cart holds: the hard case."""
    basket_ = basket(dice, lines)
    total = sum(line.list_minor * line.quantity for line in basket_.lines)
    promotions = []
    for name in range(count):
        at = dice.randint(total // 20, total * 2 // count + total // 20)
        off = at * dice.randint(5, 25) // 100
        type_, rule = (PLAIN if plain else THRESHOLD), Threshold(at, off)
        if dice.random() < 0.3:
            type_, rule = SPEND, SpendPercent(at // 2, dice.randint(3, 20) * 100)
        promotions.append(make(name, type_, rule, some(dice, basket_, share)))
    return basket_, promotions


def bundles(dice: random.Random, lines: int, count: int) -> Case:
    """Several for a price, over a percentage on everything."""
    basket_ = basket(dice, lines)
    promotions = [make(0, PERCENT, Percent(1000), Scope())]
    for name in range(1, count):
        rule = Several(dice.choice([2, 3]), dice.randint(100_00, 300_00))
        promotions.append(make(name, SEVERAL, rule, some(dice, basket_, 0.3)))
    return basket_, promotions


CASES: dict[str, Callable[[random.Random], Case]] = {
    "50 lines, 3 promotions apart": simple,
    "50 lines, 20 of mixed kinds": mixed,
    "20 lines x 8 overlapping": lambda dice: usual(dice, 20, 8, 0.4),
    "20 lines x 8, all on all": lambda dice: usual(dice, 20, 8, 1.0),
    "50 lines x 20 overlapping": lambda dice: usual(dice, 50, 20, 0.3),
    "20 lines x 8 scarce": lambda dice: overlapping(dice, 20, 8, 0.4),
    "20 lines x 8 scarce, shop-wide": lambda dice: overlapping(dice, 20, 8, 1.0),
    "20 lines x 8 scarce, no ceiling": lambda dice: overlapping(dice, 20, 8, 0.4, plain=True),
    "50 lines x 20 scarce": lambda dice: overlapping(dice, 50, 20, 0.3),
    "50 lines x 20 scarce, shop-wide": lambda dice: overlapping(dice, 50, 20, 1.0),
    "20 lines, 4 bundles, percent": lambda dice: bundles(dice, 20, 5),
    "200 lines x 200 scarce": lambda dice: overlapping(dice, 200, 200, 0.1),
}


def milliseconds(case: Case, runs: int = 5) -> tuple[float, PricedCart]:
    """The least CPU time of several runs: what others do on the machine only adds to it."""
    basket_, promotions = case
    least = float("inf")
    for _ in range(runs):
        start = time.process_time()
        cart = price(basket_, promotions)
        least = min(least, time.process_time() - start)
    return least * 1000, cart


def gap_percent(cart: PricedCart) -> float:
    saved = sum(lane.saving_minor for lane in cart.lanes)
    gap = sum(lane.gap_minor or 0 for lane in cart.lanes)
    return 100 * gap / saved if saved else 0.0


def measure(make_case: Callable[[random.Random], Case], samples: int) -> str:
    times, gaps, nodes = [], [], []
    for seed in range(samples):
        spent, cart = milliseconds(make_case(random.Random(seed)))
        times.append(spent)
        gaps.append(gap_percent(cart))
        nodes.append(sum(lane.nodes for lane in cart.lanes))
    times.sort()
    exact = sum(not gap for gap in gaps)
    return (
        f"{statistics.median(times):8.2f} {times[int(samples * 0.9)]:8.2f} {times[-1]:8.2f}"
        f"   {exact:3}/{samples}   {statistics.median(gaps):6.2f} {max(gaps):6.2f}"
        f"   {int(statistics.median(nodes)):6} {max(nodes):6}"
    )


def main(samples: int = 40) -> None:
    head = "ms: median      p90      max   exact   gap %: med    max   nodes: med    max"
    print(f"{'':32}{head}")  # noqa: T201
    for name, make_case in CASES.items():
        print(f"{name:32}{measure(make_case, samples)}")  # noqa: T201


if __name__ == "__main__":
    main()
