"""Spend threshold (满减): an amount off from an amount spent; single, tiered or repeating."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

from msgspec import Struct

from storeql.hooks import hookimpl
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
    Units,
)
from storeql.promotions.rules.fields import amount, entries, label


class SpendTier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`off_minor` off from `from_minor` spent, both in minor units."""

    from_minor: Annotated[int, amount("From", "满", least=1)]
    off_minor: Annotated[int, amount("Off", "减", least=1)]

    def __post_init__(self) -> None:
        if self.off_minor > self.from_minor:
            raise ValueError("A tier takes off no more than has to be spent for it")


class SpendThresholdRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tiers ascending in what is spent and in what comes off; the highest one reached counts.

    `repeating` grants a single tier once for every full `from_minor`, up to `most_off_minor`.
    `on_list_prices` measures what is spent before earlier discounts.
    """

    tiers: Annotated[tuple[SpendTier, ...], entries("Tiers", "阶梯", most=10)]
    repeating: Annotated[bool, label("Repeating", "每满减（上不封顶或设上限）")] = False
    most_off_minor: Annotated[int, amount("Most off", "最高优惠", least=1)] | None = None
    on_list_prices: Annotated[bool, label("Measure list prices", "按原价计算门槛")] = False

    def __post_init__(self) -> None:
        for lower, higher in zip(self.tiers, self.tiers[1:], strict=False):
            if lower.from_minor >= higher.from_minor or lower.off_minor >= higher.off_minor:
                raise ValueError("Each tier asks for more than the one before and gives more")
        if self.repeating and len(self.tiers) > 1:
            raise ValueError("Only a single tier can repeat")
        if self.most_off_minor is not None and not self.repeating:
            raise ValueError("Only a repeating discount has a most")


def propose(rule: SpendThresholdRule, units: Units, basket: Basket) -> Proposal | Missed:
    """The discount of the highest tier that the units reach."""
    spent = units.list_minor if rule.on_list_prices else units.amount_minor
    reached = [tier for tier in rule.tiers if tier.from_minor <= spent]
    if not reached:
        least = rule.tiers[0].from_minor
        return Missed(condition="spend_minor", expected=least, found=spent, shortfall=least - spent)
    if not rule.repeating:
        return Discount(reached[-1].off_minor)
    off = spent // reached[0].from_minor * reached[0].off_minor
    return Discount(off if rule.most_off_minor is None else min(off, rule.most_off_minor))


def ceiling(rule: SpendThresholdRule, units: Units, basket: Basket) -> Ceiling:
    """No units save more than the best tier's share of what they cost."""
    best = max(rule.tiers, key=lambda tier: Fraction(tier.off_minor, tier.from_minor))
    return Ceiling(
        rate_numerator=best.off_minor,
        rate_denominator=best.from_minor,
        needs_minor=rule.tiers[0].from_minor,
        on_list_prices=rule.on_list_prices,
    )


SPEND_THRESHOLD = PromotionType(
    key="SPEND_THRESHOLD",
    lane=Lane.ORDER,
    Rule=SpendThresholdRule,
    propose=propose,
    ceiling=ceiling,
    texts=Texts(
        title=Text("Spend threshold", "满减"),
        what=Text(
            "An amount off once enough is spent: once, by tiers, or for every full amount.",
            "消费满一定金额立减：可设单档、阶梯，或每满减并设上限。",
        ),
        when=Text(
            "To raise what an order is worth: set the threshold a little above what most "
            "shoppers spend today.",
            "适合提升客单价：门槛设为略高于目前的平均客单价。",
        ),
        how=Text(
            "Enter each tier: from 300.00, 50.00 off. For every full amount, enter one tier, "
            "switch on repeating and set the most that may come off.",
            "逐档填写：满 300.00 减 50.00。每满减只填一档，打开“每满减”，并填写最高优惠。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [SPEND_THRESHOLD]
