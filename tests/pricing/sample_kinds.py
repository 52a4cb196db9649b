"""Small promotion types that exercise the engine: one of each shape it has to handle."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from storeql.pricing import (
    Basket,
    Ceiling,
    Discount,
    Gifts,
    GiftUnits,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    SetPrice,
    SetPrices,
    ShippingDiscount,
    Text,
    Texts,
    UnitPrice,
    UnitPrices,
    Units,
    percent_of,
)

WORDS = Texts(
    title=Text("sample", "示例"),
    what=Text("sample", "示例"),
    when=Text("sample", "示例"),
    how=Text("sample", "示例"),
)


class Percent(Struct, frozen=True):
    """`basis_points` off every unit."""

    basis_points: int


class SpecialPrice(Struct, frozen=True):
    """Every unit at `price_minor` if it costs more."""

    price_minor: int


class Threshold(Struct, frozen=True):
    """`off_minor` off from `at_minor`, again for every multiple up to `times`."""

    at_minor: int
    off_minor: int
    times: int = 1
    on_list: bool = False


class SpendPercent(Struct, frozen=True):
    """`basis_points` off from `at_minor`."""

    at_minor: int
    basis_points: int


class Nth(Struct, frozen=True):
    """`basis_points` off every `every`-th unit, dearest first."""

    every: int
    basis_points: int


class Several(Struct, frozen=True):
    """Any `count` units for `price_minor`, dearest first, as often as it saves."""

    count: int
    price_minor: int


class Gift(Struct, frozen=True):
    """Units of a variant from `at_minor`, at `price_minor` each."""

    at_minor: int
    variant_id: str
    quantity: int = 1
    price_minor: int = 0


class Amount(Struct, frozen=True):
    """`off_minor` off the delivery from `at_minor`."""

    off_minor: int
    at_minor: int = 0


def short(expected: int, found: int) -> Missed:
    return Missed(
        condition="spend_minor", expected=expected, found=found, shortfall=expected - found
    )


def percent(rule: Percent, units: Units, basket: Basket) -> Proposal | Missed:
    return UnitPrices(
        tuple(
            UnitPrice(
                entry.line.id,
                entry.quantity,
                entry.unit_minor - percent_of(entry.unit_minor, rule.basis_points),
            )
            for entry in units
        )
    )


def special_price(rule: SpecialPrice, units: Units, basket: Basket) -> Proposal | Missed:
    prices = tuple(
        UnitPrice(entry.line.id, entry.quantity, rule.price_minor)
        for entry in units
        if entry.unit_minor > rule.price_minor
    )
    return UnitPrices(prices) if prices else Missed(condition="no_dearer_unit")


def threshold(rule: Threshold, units: Units, basket: Basket) -> Proposal | Missed:
    found = units.list_minor if rule.on_list else units.amount_minor
    if found < rule.at_minor:
        return short(rule.at_minor, found)
    times = min(rule.times, found // rule.at_minor) if rule.at_minor else rule.times
    return Discount(rule.off_minor * times)


def threshold_ceiling(rule: Threshold, units: Units, basket: Basket) -> Ceiling:
    return Ceiling(
        rate_numerator=rule.off_minor if rule.at_minor else 1 << 40,
        rate_denominator=rule.at_minor or 1,
        needs_minor=rule.at_minor,
        on_list_prices=rule.on_list,
    )


def spend_percent(rule: SpendPercent, units: Units, basket: Basket) -> Proposal | Missed:
    if units.amount_minor < rule.at_minor:
        return short(rule.at_minor, units.amount_minor)
    return Discount(percent_of(units.amount_minor, rule.basis_points))


def spend_percent_ceiling(rule: SpendPercent, units: Units, basket: Basket) -> Ceiling:
    return Ceiling(
        rate_numerator=rule.basis_points, rate_denominator=10_000, needs_minor=rule.at_minor
    )


def dearest_first(units: Units) -> list[tuple[int, str]]:
    single = [(entry.unit_minor, entry.line.id) for entry in units for _ in range(entry.quantity)]
    return sorted(single, key=lambda unit: (-unit[0], unit[1]))


def nth(rule: Nth, units: Units, basket: Basket) -> Proposal | Missed:
    chosen = dearest_first(units)[rule.every - 1 :: rule.every]
    if not chosen:
        found = units.quantity
        least = rule.every
        return Missed(condition="quantity", expected=least, found=found, shortfall=least - found)
    return UnitPrices(
        tuple(
            UnitPrice(line_id, 1, unit - percent_of(unit, rule.basis_points))
            for unit, line_id in chosen
        )
    )


def several(rule: Several, units: Units, basket: Basket) -> Proposal | Missed:
    single = dearest_first(units)
    sets = []
    for start in range(0, len(single) - rule.count + 1, rule.count):
        group = single[start : start + rule.count]
        if sum(unit for unit, _ in group) > rule.price_minor:
            ids = [line_id for _, line_id in group]
            counted = tuple((line_id, ids.count(line_id)) for line_id in sorted(set(ids)))
            sets.append(SetPrice(counted, rule.price_minor))
    return SetPrices(tuple(sets)) if sets else Missed(condition="quantity", expected=rule.count)


def gift(rule: Gift, units: Units, basket: Basket) -> Proposal | Missed:
    if units.amount_minor < rule.at_minor:
        return short(rule.at_minor, units.amount_minor)
    return Gifts((GiftUnits(rule.variant_id, rule.quantity, rule.price_minor),))


def off_delivery(rule: Amount, units: Units, basket: Basket) -> Proposal | Missed:
    if units.amount_minor < rule.at_minor:
        return short(rule.at_minor, units.amount_minor)
    return ShippingDiscount(rule.off_minor)


def kind(
    key: str,
    lane: Lane,
    rule: type[Any],
    propose: Callable[[Any, Units, Basket], Any],
    **more: Any,
) -> PromotionType[Any]:
    return PromotionType(key=key, lane=lane, Rule=rule, propose=propose, texts=WORDS, **more)


PERCENT = kind("percent", Lane.ITEM, Percent, percent, per_unit=True)
SPECIAL_PRICE = kind("special_price", Lane.ITEM, SpecialPrice, special_price, per_unit=True)
NTH = kind("nth", Lane.ITEM, Nth, nth)
SEVERAL = kind("several", Lane.ITEM, Several, several)
ITEM_GIFT = kind("item_gift", Lane.ITEM, Gift, gift)
THRESHOLD = kind("threshold", Lane.ORDER, Threshold, threshold, ceiling=threshold_ceiling)
PLAIN_THRESHOLD = kind("plain_threshold", Lane.ORDER, Threshold, threshold)
SPEND_PERCENT = kind(
    "spend_percent", Lane.ORDER, SpendPercent, spend_percent, ceiling=spend_percent_ceiling
)
GIFT = kind("gift", Lane.ORDER, Gift, gift)
VOUCHER = kind("voucher", Lane.VOUCHER, Threshold, threshold, ceiling=threshold_ceiling)
DELIVERY = kind("delivery", Lane.SHIPPING, Amount, off_delivery)
