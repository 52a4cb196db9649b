"""Threshold percent (满折, N件N折): a percentage off from an amount spent or from so many."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    BASIS_POINTS,
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
    percent_of,
)
from storeql.promotions.rules.fields import amount, entries, label, percent, whole

MOST_TIERS = 10


class PercentTier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So much per cent off from `from_minor` spent, or from `from_quantity` pieces."""

    from_minor: Annotated[int, amount("From amount", "满金额", least=1)] | None = None
    from_quantity: Annotated[int, whole("From pieces", "满件数", least=1)] | None = None
    percent_off_basis_points: Annotated[int, percent("Percent off", "优惠比例（%）")]

    def __post_init__(self) -> None:
        if (self.from_minor is None) == (self.from_quantity is None):
            raise ValueError("Either an amount or a number of pieces has to be reached")

    @property
    def least(self) -> int:
        """What has to be reached, in minor units or pieces."""
        return self.from_minor or self.from_quantity or 0


class ThresholdPercentRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tiers that ascend, all by amount or all by pieces; the highest one reached counts.

    The percentage is of what the units cost when the lane begins, and takes off no more than
    `most_off_minor`. `on_list_prices` measures what is spent before earlier discounts.
    """

    tiers: Annotated[tuple[PercentTier, ...], entries("Tiers", "阶梯", most=MOST_TIERS)]
    most_off_minor: Annotated[int, amount("Most off", "最高优惠", least=1)] | None = None
    on_list_prices: Annotated[bool, label("Measure list prices", "按原价计算门槛")] = False

    def __post_init__(self) -> None:
        for lower, higher in zip(self.tiers, self.tiers[1:], strict=False):
            if (lower.from_minor is None) != (higher.from_minor is None):
                raise ValueError("Tiers are all by amount or all by pieces")
            if lower.least >= higher.least or _percent(lower) >= _percent(higher):
                raise ValueError("Each tier asks for more than the one before and gives more")
        if self.on_list_prices and self.by_pieces:
            raise ValueError("Pieces have no list price to measure")

    @property
    def by_pieces(self) -> bool:
        """True where pieces are counted, false where money is."""
        return self.tiers[0].from_minor is None


def propose(rule: ThresholdPercentRule, units: Units, basket: Basket) -> Proposal | Missed:
    """The percentage of the highest tier that the units reach, rounded once on their sum."""
    found = _measured(rule, units)
    reached = [tier for tier in rule.tiers if tier.least <= found]
    if not reached:
        least = rule.tiers[0].least
        condition = "quantity" if rule.by_pieces else "spend_minor"
        return Missed(condition=condition, expected=least, found=found, shortfall=least - found)
    off = percent_of(units.amount_minor, _percent(reached[-1]))
    return Discount(off if rule.most_off_minor is None else min(off, rule.most_off_minor))


def ceiling(rule: ThresholdPercentRule, units: Units, basket: Basket) -> Ceiling:
    """No units save more than the highest percentage that all of them reach."""
    found = _measured(rule, units)
    rate = max((_percent(tier) for tier in rule.tiers if tier.least <= found), default=0)
    least = rule.tiers[0].least
    return Ceiling(
        rate_numerator=rate,
        rate_denominator=BASIS_POINTS,
        needs_minor=0 if rule.by_pieces else least,
        needs_quantity=least if rule.by_pieces else 0,
        on_list_prices=rule.on_list_prices,
    )


def _measured(rule: ThresholdPercentRule, units: Units) -> int:
    if rule.by_pieces:
        return units.quantity
    return units.list_minor if rule.on_list_prices else units.amount_minor


def _percent(tier: PercentTier) -> int:
    return tier.percent_off_basis_points


THRESHOLD_PERCENT = PromotionType(
    key="THRESHOLD_PERCENT",
    lane=Lane.ORDER,
    Rule=ThresholdPercentRule,
    propose=propose,
    ceiling=ceiling,
    texts=Texts(
        title=Text("Threshold percent", "满折／N件N折"),
        what=Text(
            "A percentage off once enough is spent or enough pieces are bought, by tiers.",
            "消费满额或购买满件后按比例优惠，可设阶梯，例如满 2 件 9 折、满 3 件 8 折。",
        ),
        when=Text(
            "To have shoppers fill the basket: two pieces 10 % off, three pieces 20 %. It scales "
            "with what is bought, where an amount off does not.",
            "适合提升连带率和客单价：买得越多折扣越大，优惠随购买金额增长。",
        ),
        how=Text(
            "Enter each tier: from an amount or from so many pieces, and the percentage off: 20 "
            "means that 100.00 becomes 80.00. Set the most that may come off.",
            "逐档填写：满金额或满件数，以及优惠比例（填 20 表示 100.00 元变为 80.00 元，即八折）。"
            "可设置最高优惠金额。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [THRESHOLD_PERCENT]
