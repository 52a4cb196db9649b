"""Carts and promotions to price: an ordinary shop, and those that are hard to solve."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from benchmarks.pricing.kinds import (
    GIFT,
    MUG,
    PERCENT,
    PLAIN,
    SEVERAL,
    SPEND,
    THRESHOLD,
    VOUCHER,
    Percent,
    Several,
    SpendPercent,
    Threshold,
)
from storeql.pricing import Basket, Line, Promotion, PromotionType, Scope, Selection

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
