"""Member price (会员价): lower prices for member tiers and customer groups."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Annotated, Any

from msgspec import Struct

from storeql.hooks import hookimpl
from storeql.pricing import (
    BASIS_POINTS,
    Basket,
    Buyer,
    Lane,
    Missed,
    PromotionType,
    Proposal,
    Selection,
    Text,
    Texts,
    UnitLine,
    UnitPrice,
    UnitPrices,
    Units,
    round_half_up,
)
from storeql.promotions.rules.fields import (
    amount,
    customer_groups,
    entries,
    percent,
    products,
    text,
    variants,
)
from storeql.promotions.rules.goods import NOT_NAMED, GoodsTable, check_names, named_goods

MOST_LEVELS, MOST_TIERS, MOST_PRICES = 10, 20, 200


class MemberGoodsPrice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The goods named here cost `price_minor` a piece."""

    variants: Annotated[tuple[str, ...], variants("Variants", "商品规格", least=0)] = ()
    products: Annotated[tuple[str, ...], products("Products", "商品", least=0)] = ()
    price_minor: Annotated[int, amount("Member price", "会员价")]


class MemberLevel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """What members of any of these tiers or groups pay.

    Goods with a price of their own cost that; everything else in scope is
    `percent_off_basis_points` cheaper, rounded half up per piece.
    """

    tiers: Annotated[
        tuple[Annotated[str, text("Tiers", "会员等级", most=64)], ...],
        entries("Tiers", "会员等级", least=0, most=MOST_TIERS),
    ] = ()
    groups: Annotated[tuple[str, ...], customer_groups("Groups", "会员群组", least=0)] = ()
    percent_off_basis_points: Annotated[int, percent("Percent off", "优惠比例（%）")] | None = None
    prices: Annotated[
        tuple[MemberGoodsPrice, ...], entries("Prices", "会员价商品", least=0, most=MOST_PRICES)
    ] = ()

    def __post_init__(self) -> None:
        if not self.tiers and not self.groups:
            raise ValueError("A level names tiers or groups")
        if self.percent_off_basis_points is None and not self.prices:
            raise ValueError("A level gives a percentage or prices")
        check_names(self.prices)

    @cached_property
    def table(self) -> GoodsTable[MemberGoodsPrice]:
        """The prices by the goods they are for."""
        return GoodsTable(self.prices)

    def holds(self, buyer: Buyer) -> bool:
        """True for a member of one of the tiers or groups."""
        return buyer.tier in self.tiers or not set(self.groups).isdisjoint(buyer.group_ids)

    def price(self, entry: UnitLine) -> int | None:
        """What the level's members pay for a unit, None where the level is not about it."""
        named = self.table.of(entry.line) if self.prices else None
        if named is not None:
            return named.price_minor
        if self.percent_off_basis_points is None:
            return None
        kept = BASIS_POINTS - self.percent_off_basis_points
        return round_half_up(entry.unit_minor * kept, BASIS_POINTS)


class MemberPriceRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Levels of membership; who belongs to several pays the lowest of their prices."""

    levels: Annotated[tuple[MemberLevel, ...], entries("Levels", "会员级别", most=MOST_LEVELS)]


def propose(rule: MemberPriceRule, units: Units, basket: Basket) -> Proposal | Missed:
    """Each unit at the lowest price that the buyer's memberships give, where that is lower."""
    levels = [level for level in rule.levels if level.holds(basket.buyer)]
    if not levels:
        return _for_members(rule, basket.buyer)
    prices = [(entry, _lowest(levels, entry)) for entry in units]
    if all(lowest is None for _, lowest in prices):
        return NOT_NAMED
    return UnitPrices(
        tuple(
            UnitPrice(entry.line.id, entry.quantity, lowest)
            for entry, lowest in prices
            if lowest is not None and lowest < entry.unit_minor
        )
    )


def _lowest(levels: Sequence[MemberLevel], entry: UnitLine) -> int | None:
    prices = [price for level in levels if (price := level.price(entry)) is not None]
    return min(prices, default=None)


def _for_members(rule: MemberPriceRule, buyer: Buyer) -> Missed:
    tiers = tuple(dict.fromkeys(tier for level in rule.levels for tier in level.tiers))
    if tiers:
        return Missed(condition="buyer_tier", expected=tiers, found=buyer.tier)
    groups = tuple(dict.fromkeys(group for level in rule.levels for group in level.groups))
    return Missed(condition="buyer_group", expected=groups, found=buyer.group_ids)


def goods(rule: MemberPriceRule) -> Selection:
    """The goods with member prices; everything where a level has a percentage."""
    if any(level.percent_off_basis_points is not None for level in rule.levels):
        return Selection()
    return named_goods(price for level in rule.levels for price in level.prices)


MEMBER_PRICE = PromotionType(
    key="MEMBER_PRICE",
    lane=Lane.ITEM,
    Rule=MemberPriceRule,
    propose=propose,
    goods=goods,
    per_unit=True,
    texts=Texts(
        title=Text("Member price", "会员价"),
        what=Text(
            "Members pay less: a percentage by tier or group, or a price of their own.",
            "会员专享价：按等级或群组打折，或为指定商品设置会员价。",
        ),
        when=Text(
            "To make membership worth having and to bring members back, without cutting prices "
            "for everybody.",
            "适合体现会员权益、提高复购：只对会员降价，不影响普通顾客看到的价格。",
        ),
        how=Text(
            "Add a level for each tier or group: a percentage off everything in scope, prices for "
            "chosen goods, or both. Who belongs to several levels pays the lowest price.",
            "为每个会员等级或群组添加一个级别：填写整体优惠比例、为指定商品填写会员价，或两者都填。"
            "同时属于多个级别的会员按最低价计算。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [MEMBER_PRICE]
