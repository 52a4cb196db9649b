"""Kinds of promotion in their plainest form, so that the engine is measured and not a rule."""

from __future__ import annotations

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
    Missed,
    PromotionType,
    Proposal,
    SetPrice,
    SetPrices,
    Text,
    Texts,
    UnitPrice,
    UnitPrices,
    Units,
    percent_of,
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
