"""Add-on purchase (加价购): chosen goods at special prices for those who spend enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Any

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    Basket,
    Ceiling,
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
from storeql.promotions.rules.fields import amount, entries, gifts, whole

MOST_TIERS, MOST_ITEMS, MOST_VARIANTS, MOST_PICKS = 10, 50, 20, 100


class AddOnItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Each of these variants may be added at `price_minor` a piece."""

    variants: Annotated[tuple[str, ...], gifts("Add-ons", "加购商品", most=MOST_VARIANTS)]
    price_minor: Annotated[int, amount("Special price", "加购价", least=1)]


class AddOnTier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From `from_minor` spent these items may be added, `picks` pieces of all of them at most."""

    from_minor: Annotated[int, amount("From", "满", least=1)]
    items: Annotated[tuple[AddOnItem, ...], entries("Items", "加购商品", most=MOST_ITEMS)]
    picks: Annotated[int, whole("Pieces at most", "最多加购件数", least=1, most=MOST_PICKS)] = 1

    def __post_init__(self) -> None:
        named = [key for item in self.items for key in item.variants]
        if len(set(named)) != len(named):
            raise ValueError("A variant is named twice")


class AddOnPurchaseRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tiers ascending in what has to be spent and in picks.

    What a lower tier offers stays on offer in a higher one, at the lowest price of those reached.
    """

    tiers: Annotated[tuple[AddOnTier, ...], entries("Tiers", "阶梯", most=MOST_TIERS)]

    def __post_init__(self) -> None:
        for lower, higher in zip(self.tiers, self.tiers[1:], strict=False):
            if lower.from_minor >= higher.from_minor or lower.picks > higher.picks:
                raise ValueError("Each tier asks for more than the one before and allows as much")


def propose(rule: AddOnPurchaseRule, units: Units, basket: Basket) -> Proposal | Missed:
    """The chosen add-ons that may be had, those that save most first.

    Missed as `add_on_choice` when the buyer may choose some and has not.
    """
    spent, least = units.amount_minor, rule.tiers[0].from_minor
    if spent < least:
        return Missed(condition="spend_minor", expected=least, found=spent, shortfall=least - spent)
    reached = [tier for tier in rule.tiers if tier.from_minor <= spent]
    prices = _prices(reached, basket)
    if not prices:
        named = tuple(key for tier in reached for item in tier.items for key in item.variants)
        return Missed(condition="add_on", expected=tuple(dict.fromkeys(named)), found=())
    picks, chosen = reached[-1].picks, _chosen(prices, basket)
    if not chosen:
        return Missed(condition="add_on_choice", expected=tuple(prices), found=(), shortfall=picks)
    # What is out of stock is proposed all the same where nothing else is left: the engine says so.
    there = {key: min(count, _in_stock(key, count, basket)) for key, count in chosen.items()}
    return Gifts(tuple(_added(there if any(there.values()) else chosen, prices, picks, basket)))


def ceiling(rule: AddOnPurchaseRule, units: Units, basket: Basket) -> Ceiling:
    """No units save more than the best add-on of their tiers, as often as may be picked."""
    best = Fraction()
    for place, tier in enumerate(rule.tiers):
        savings = _savings(_prices(rule.tiers[: place + 1], basket), basket)
        most = max(savings.values(), default=0) * tier.picks
        best = max(best, Fraction(most, tier.from_minor))
    return Ceiling(
        rate_numerator=best.numerator,
        rate_denominator=best.denominator,
        needs_minor=rule.tiers[0].from_minor,
    )


def _prices(tiers: Sequence[AddOnTier], basket: Basket) -> dict[str, int]:
    """The lowest special price of each add-on that can be had here for less than its own price."""
    prices: dict[str, int] = {}
    for item in (item for tier in tiers for item in tier.items):
        for key in item.variants:
            if key in basket.gifts and item.price_minor < basket.gifts[key].price_minor:
                prices[key] = min(item.price_minor, prices.get(key, item.price_minor))
    return prices


def _savings(prices: Mapping[str, int], basket: Basket) -> dict[str, int]:
    return {key: basket.gifts[key].price_minor - price for key, price in prices.items()}


def _chosen(prices: Mapping[str, int], basket: Basket) -> dict[str, int]:
    """The pieces picked of what is on offer."""
    chosen: dict[str, int] = {}
    for picks in basket.add_on_choices.values():
        for key, count in picks.items():
            if key in prices and count > 0:
                chosen[key] = chosen.get(key, 0) + count
    return chosen


def _added(
    chosen: Mapping[str, int], prices: Mapping[str, int], picks: int, basket: Basket
) -> Iterator[GiftUnits]:
    """As many of the pieces as may be picked, those that save most first."""
    savings = _savings(prices, basket)
    for key in sorted(chosen, key=lambda key: (-savings[key], key)):
        pieces = min(chosen[key], picks)
        if pieces > 0:
            picks -= pieces
            yield GiftUnits(key, pieces, prices[key])


def _in_stock(variant_id: str, wanted: int, basket: Basket) -> int:
    stocks = [left.gift_stock.get(variant_id, wanted) for left in basket.remaining.values()]
    return min(stocks, default=wanted)


ADD_ON_PURCHASE = PromotionType(
    key="ADD_ON_PURCHASE",
    lane=Lane.ORDER,
    Rule=AddOnPurchaseRule,
    propose=propose,
    ceiling=ceiling,
    texts=Texts(
        title=Text("Add-on purchase", "加价购"),
        what=Text(
            "Who spends enough may add chosen goods at special prices.",
            "消费满一定金额，可加价以优惠价换购指定商品。",
        ),
        when=Text(
            "To raise what an order is worth and to sell small things along: a pillow case with "
            "the bed linen.",
            "适合提升客单价、带动小件商品销售：买床品加 9.9 元换购枕套。",
        ),
        how=Text(
            "For each tier enter from what amount it counts, which variants may be added at what "
            "price, and how many pieces at most. Shoppers choose in the cart; what they chose is "
            "taken back when the amount is not reached any more. Set a gift stock to sell only so "
            "many.",
            "逐档填写满金额、可换购的商品及加购价、最多换购件数。顾客在购物车中选择；"
            "金额不再满足时换购商品自动移除。可设置赠品库存限制换购总量。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [ADD_ON_PURCHASE]
