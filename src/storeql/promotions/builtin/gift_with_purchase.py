"""Gift with purchase (满赠, 买赠): free units for spending enough or buying enough."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    Basket,
    Gifts,
    GiftUnits,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    Text,
    Texts,
    Units,
)
from storeql.promotions.rules.fields import amount, gifts, whole


class GiftWithPurchaseRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Gifts for every full `from_minor` spent, or every `from_quantity` pieces bought.

    Exactly one of the two is asked for. Each time, up to `times` times, the buyer gets `pieces`
    of the gifts in the list: of the one there is, or of those chosen.
    """

    gifts: Annotated[tuple[str, ...], gifts("Gifts", "赠品")]
    from_minor: Annotated[int, amount("From amount", "满金额", least=1)] | None = None
    from_quantity: Annotated[int, whole("From pieces", "满件数", least=1)] | None = None
    pieces: Annotated[int, whole("Gifts each time", "每次赠送件数", least=1, most=100)] = 1
    times: Annotated[int, whole("Most times", "最多赠送次数", least=1, most=1000)] = 1

    def __post_init__(self) -> None:
        if (self.from_minor is None) == (self.from_quantity is None):
            raise ValueError("Either an amount or a number of pieces has to be reached")
        if len(set(self.gifts)) != len(self.gifts):
            raise ValueError("A gift is named twice")


def propose(rule: GiftWithPurchaseRule, units: Units, basket: Basket) -> Proposal | Missed:
    """The gifts earned; missed as `gift_choice` when the buyer has earned some and picked none."""
    if rule.from_minor is not None:
        condition, least, found = "spend_minor", rule.from_minor, units.amount_minor
    else:
        condition, least, found = "quantity", rule.from_quantity or 1, units.quantity
    if found < least:
        return Missed(condition=condition, expected=least, found=found, shortfall=least - found)
    available = tuple(gift for gift in rule.gifts if gift in basket.gifts)
    if not available:
        return Missed(condition="gift", expected=rule.gifts, found=())
    earned = min(found // least, rule.times) * rule.pieces
    picked = available if len(rule.gifts) == 1 else _picked(available, basket)
    if not picked:
        return Missed(condition="gift_choice", expected=available, found=(), shortfall=earned)
    return Gifts(_given(picked, earned))


def _picked(available: Sequence[str], basket: Basket) -> list[str]:
    """What the buyer picked among the gifts that can be had here."""
    chosen = {pick for picks in basket.gift_choices.values() for pick in picks}
    return [gift for gift in available if gift in chosen]


def _given(picked: Sequence[str], earned: int) -> tuple[GiftUnits, ...]:
    """The earned pieces dealt round over the picks, in the order of the rule."""
    shares = [
        earned // len(picked) + (place < earned % len(picked)) for place in range(len(picked))
    ]
    return tuple(
        GiftUnits(variant_id, share)
        for variant_id, share in zip(picked, shares, strict=True)
        if share
    )


GIFT_WITH_PURCHASE = PromotionType(
    key="GIFT_WITH_PURCHASE",
    lane=Lane.ORDER,
    Rule=GiftWithPurchaseRule,
    propose=propose,
    texts=Texts(
        title=Text("Gift with purchase", "满赠／买赠"),
        what=Text(
            "Something free for an amount spent or a number of pieces bought.",
            "消费满额或购买满件即送赠品，可设多个赠品供选择。",
        ),
        when=Text(
            "To launch a product by giving samples away, or to reward an order without cutting "
            "prices.",
            "适合新品试用、回馈顾客，又不想直接降价的场景。",
        ),
        how=Text(
            "Name the gifts, what has to be spent or bought, how many gifts are given each time "
            "and how often. Set a gift stock so that no more is promised than there is.",
            "选择赠品，填写满金额或满件数、每次赠送件数和最多次数；并设置赠品库存，赠完即止。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [GIFT_WITH_PURCHASE]
