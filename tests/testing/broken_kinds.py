"""Kinds of promotion with one fault each, the mistakes that a plugin's author really makes."""

from __future__ import annotations

from itertools import count
from typing import Annotated, Any

from msgspec import Struct

from storeql.pricing import (
    Basket,
    Ceiling,
    Discount,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    Text,
    Texts,
    UnitPrice,
    UnitPrices,
    Units,
)
from storeql.promotions import whole

TEXT = Text("Broken", "有缺陷")
TEXTS = Texts(title=TEXT, what=TEXT, when=TEXT, how=TEXT)


class OffRule(Struct, frozen=True, kw_only=True):
    """So many minor units off."""

    off: Annotated[int, whole("Off", "减")] = 100


def kind(propose: Any, *, lane: Lane = Lane.ORDER, **fields: Any) -> PromotionType[Any]:
    """A kind with this `propose` and nothing else of interest."""
    defaults = {"key": "BROKEN", "Rule": OffRule, "texts": TEXTS}
    return PromotionType(lane=lane, propose=propose, **{**defaults, **fields})


def sound(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    """Nothing wrong with it."""
    return Discount(rule.off)


def prices_a_piece_too_many(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    return UnitPrices(tuple(UnitPrice(e.line.id, e.quantity + 1, 0) for e in units))


def falls_below_zero(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    return UnitPrices(
        tuple(UnitPrice(e.line.id, e.quantity, e.unit_minor - rule.off) for e in units)
    )


_asked = count()


def counts_its_calls(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    return Discount(next(_asked))


def goes_by_the_first_line(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    return Discount(basket.lines[0].list_minor if basket.lines else 0)


def divides_by_quantity(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    average = units.amount_minor // units.quantity
    return Discount(rule.off if average >= 100 else 0)


def measures_the_whole_basket(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    spent = sum(line.list_minor * line.quantity for line in basket.lines)
    return Discount(rule.off if spent >= 50_00 else 0)


def rewards_small_orders(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    return Discount(rule.off if units.quantity < 3 else 0)


def every_second_piece(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    free = units.quantity >= 2
    return UnitPrices(
        tuple(UnitPrice(e.line.id, e.quantity, 0 if free else e.unit_minor) for e in units)
    )


def low_ceiling(rule: OffRule, units: Units, basket: Basket) -> Ceiling:
    return Ceiling(rate_numerator=1, rate_denominator=100)


def expects_a_delivery(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    return Discount(rule.off if basket.delivery.method == "express" else 1)  # type: ignore[union-attr]


def gives_half_a_cent(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    return Discount(rule.off * 0.125)  # type: ignore[arg-type]


def compares_all_pairs(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    pairs = 0
    for one in units:
        for other in units:
            pairs += one.line.id < other.line.id
    return Discount(rule.off if pairs >= 0 else 0)


def names_its_zone(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    zone = getattr(basket.at.tzinfo, "key", "unknown")
    return Discount(rule.off if zone != "unknown" else 0)


def never_applies(rule: OffRule, units: Units, basket: Basket) -> Proposal | Missed:
    return Missed(condition="moon", expected="full", found="new")


class PercentRule(Struct, kw_only=True):
    """Turned into basis points each time it is read."""

    off: Annotated[int, whole("Off", "减")] = 5

    def __post_init__(self) -> None:
        self.off *= 100


class RefusedRule(Struct, frozen=True, kw_only=True):
    """Accepts no value at all."""

    off: Annotated[int, whole("Off", "减")]

    def __post_init__(self) -> None:
        raise ValueError("No rule is good enough")
