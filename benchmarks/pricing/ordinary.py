"""An ordinary shop: 20 promotions of the built-in kinds at once, and a cart that meets them all."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from benchmarks.pricing.cases import Case, basket, category
from storeql.pricing import (
    Buyer,
    Conditions,
    Delivery,
    EnteredCode,
    GiftItem,
    Promotion,
    PromotionType,
    Remaining,
    Scope,
    Selection,
    Window,
)
from storeql.promotions.builtin.gift_with_purchase import GIFT_WITH_PURCHASE, GiftWithPurchaseRule
from storeql.promotions.builtin.member_price import MEMBER_PRICE, MemberLevel, MemberPriceRule
from storeql.promotions.builtin.n_for_fixed_price import N_FOR_FIXED_PRICE, NForFixedPriceRule
from storeql.promotions.builtin.nth_piece import NTH_PIECE, NthPieceRule, NthPieceStep
from storeql.promotions.builtin.percentage import PERCENTAGE, PercentageRule
from storeql.promotions.builtin.price_drop import PRICE_DROP, PriceDropRule
from storeql.promotions.builtin.shipping_discount import SHIPPING_DISCOUNT, ShippingDiscountRule
from storeql.promotions.builtin.spend_threshold import (
    SPEND_THRESHOLD,
    SpendThresholdRule,
    SpendTier,
)
from storeql.promotions.builtin.voucher_discount import VOUCHER_DISCOUNT, VoucherDiscountRule

SHOP = Scope()
LISTED = Scope(exclude=Selection(category_ids=frozenset({"category-7"})))
ANYBODY = Conditions()
MEMBERS = Conditions(tiers=("gold", "silver"), channels=("web", "app"))
NEW = Conditions(first_order_only=True)


class SetUp(NamedTuple):
    """What staff enter for one promotion."""

    kind: PromotionType[Any]
    rule: Struct
    scope: Scope = SHOP
    conditions: Conditions = ANYBODY


def ordinary(dice: random.Random) -> Case:
    """50 lines under price cuts, thresholds, gifts, vouchers and cheaper delivery."""
    plain = basket(dice, 50)
    week = Window(starts_at=plain.at - timedelta(days=1), ends_at=plain.at + timedelta(days=6))
    entered = [*_cuts(dice), *_thresholds(dice), *_gifts(), *_vouchers(), *_deliveries()]
    promotions = [_promotion(place, one, week) for place, one in enumerate(entered)]
    return (
        replace(
            plain,
            buyer=Buyer(id="1", group_ids=("club",), tier="gold"),
            codes=tuple(
                EnteredCode(code=one.id, promotion_id=one.id)
                for one in promotions
                if one.needs_code
            ),
            delivery=Delivery(method="post", price_minor=12_00, country="CN", region="上海市"),
            gifts={key: _gift(key) for key in ("mug", "pen")},
            remaining={one.id: Remaining(uses=500) for one in promotions[::3]},
        ),
        promotions,
    )


def _promotion(place: int, entered: SetUp, week: Window) -> Promotion:
    return Promotion(
        id=f"{place:02}",
        version=1,
        name="",
        type=entered.kind,
        rule=entered.rule,
        scope=entered.scope,
        conditions=replace(entered.conditions, window=week),
        needs_code=entered.kind is VOUCHER_DISCOUNT,
    )


def _cuts(dice: random.Random) -> list[SetUp]:
    off = [dice.choice([500, 1000, 1500, 2000]) for _ in range(3)]
    half = NthPieceRule(steps=(NthPieceStep(nth=2, percent_off_basis_points=5_000),))
    members = MemberPriceRule(
        levels=(MemberLevel(tiers=("gold", "silver"), percent_off_basis_points=800),)
    )
    branch = Scope(include=Selection(category_ids=frozenset({"branch-0"})))
    return [
        SetUp(PERCENTAGE, PercentageRule(percent_off_basis_points=off[0]), category(0)),
        SetUp(PERCENTAGE, PercentageRule(percent_off_basis_points=off[1]), category(1)),
        SetUp(PERCENTAGE, PercentageRule(percent_off_basis_points=off[2]), category(2)),
        SetUp(PRICE_DROP, PriceDropRule(off_minor=dice.randint(1_00, 5_00)), category(3)),
        SetUp(NTH_PIECE, half, category(4)),
        SetUp(N_FOR_FIXED_PRICE, NForFixedPriceRule(pieces=3, price_minor=199_00), category(5)),
        SetUp(MEMBER_PRICE, members, branch),
    ]


def _thresholds(dice: random.Random) -> list[SetUp]:
    def tiers(*pairs: tuple[int, int]) -> tuple[SpendTier, ...]:
        return tuple(SpendTier(from_minor=at, off_minor=off) for at, off in pairs)

    off = dice.randint(20, 60) * 100
    repeating = SpendThresholdRule(
        tiers=tiers((200_00, 15_00)), repeating=True, most_off_minor=60_00
    )
    return [
        SetUp(SPEND_THRESHOLD, SpendThresholdRule(tiers=tiers((300_00, off))), category(1)),
        SetUp(SPEND_THRESHOLD, SpendThresholdRule(tiers=tiers((500_00, 2 * off))), category(4)),
        SetUp(SPEND_THRESHOLD, repeating, category(6)),
        SetUp(
            SPEND_THRESHOLD,
            SpendThresholdRule(tiers=tiers((300_00, 20_00), (600_00, 50_00), (1000_00, 100_00))),
            LISTED,
        ),
        SetUp(SPEND_THRESHOLD, SpendThresholdRule(tiers=tiers((99_999_00, 9_999_00)))),
    ]


def _gifts() -> list[SetUp]:
    by_spend = GiftWithPurchaseRule(gifts=("mug",), from_minor=500_00)
    by_pieces = GiftWithPurchaseRule(gifts=("pen",), from_quantity=3, times=2)
    return [
        SetUp(GIFT_WITH_PURCHASE, by_spend, LISTED),
        SetUp(GIFT_WITH_PURCHASE, by_pieces, category(5)),
    ]


def _vouchers() -> list[SetUp]:
    amount = VoucherDiscountRule(off_minor=30_00, from_minor=200_00)
    share = VoucherDiscountRule(percent_off_basis_points=500, most_off_minor=50_00)
    return [
        SetUp(VOUCHER_DISCOUNT, amount, SHOP, MEMBERS),
        SetUp(VOUCHER_DISCOUNT, share, category(2)),
        SetUp(VOUCHER_DISCOUNT, share, SHOP, NEW),
    ]


def _deliveries() -> list[SetUp]:
    return [
        SetUp(SHIPPING_DISCOUNT, ShippingDiscountRule(from_minor=99_00), SHOP, MEMBERS),
        SetUp(SHIPPING_DISCOUNT, ShippingDiscountRule(off_minor=3_00)),
        SetUp(SHIPPING_DISCOUNT, ShippingDiscountRule(off_minor=6_00), SHOP, NEW),
    ]


def _gift(key: str) -> GiftItem:
    return GiftItem(variant_id=key, product_id=key, name=key, price_minor=35_00)
