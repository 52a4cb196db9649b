"""Every kind of promotion that storeql brings itself passes the kit that plugins pass."""

from __future__ import annotations

from hypothesis import strategies as st

from storeql.hooks import load_hooks
from storeql.promotions.builtin.add_on_purchase import (
    ADD_ON_PURCHASE,
    AddOnItem,
    AddOnPurchaseRule,
    AddOnTier,
)
from storeql.promotions.builtin.bundle import BUNDLE, BundleItem, BundleRule
from storeql.promotions.builtin.flash_sale import FLASH_SALE, FlashItem, FlashSaleRule
from storeql.promotions.builtin.gift_with_purchase import GIFT_WITH_PURCHASE, GiftWithPurchaseRule
from storeql.promotions.builtin.member_price import (
    MEMBER_PRICE,
    MemberGoodsPrice,
    MemberLevel,
    MemberPriceRule,
)
from storeql.promotions.builtin.n_for_fixed_price import N_FOR_FIXED_PRICE, NForFixedPriceRule
from storeql.promotions.builtin.nth_piece import NTH_PIECE, NthPieceRule, NthPieceStep
from storeql.promotions.builtin.percentage import PERCENTAGE, PercentageRule
from storeql.promotions.builtin.price_drop import PRICE_DROP, DropPrice, PriceDropRule
from storeql.promotions.builtin.shipping_discount import SHIPPING_DISCOUNT, ShippingDiscountRule
from storeql.promotions.builtin.spend_threshold import (
    SPEND_THRESHOLD,
    SpendThresholdRule,
    SpendTier,
)
from storeql.promotions.builtin.threshold_percent import (
    THRESHOLD_PERCENT,
    PercentTier,
    ThresholdPercentRule,
)
from storeql.promotions.builtin.voucher_after_purchase import (
    VOUCHER_AFTER_PURCHASE,
    VoucherAfterPurchaseRule,
)
from storeql.promotions.builtin.voucher_discount import VOUCHER_DISCOUNT, VoucherDiscountRule
from storeql.testing import PromotionConformance, rules_of


class TestPriceDrop(PromotionConformance):
    type = PRICE_DROP
    rules = st.sampled_from(
        (
            PriceDropRule(off_minor=5_00),
            PriceDropRule(
                prices=(
                    DropPrice(variants=("1", "2"), price_minor=9_90),
                    DropPrice(products=("2",), off_minor=1_00),
                )
            ),
            PriceDropRule(prices=(DropPrice(products=("1",), price_minor=0),), off_minor=1),
        )
    ) | rules_of(PriceDropRule)


GOLD = MemberLevel(tiers=("gold",), percent_off_basis_points=1234)
FOUR = MemberLevel(groups=("4",), prices=(MemberGoodsPrice(variants=("1",), price_minor=8_88),))


class TestMemberPrice(PromotionConformance):
    type = MEMBER_PRICE
    rules = st.sampled_from(
        (
            MemberPriceRule(levels=(GOLD,)),
            MemberPriceRule(levels=(FOUR,)),
            MemberPriceRule(levels=(GOLD, FOUR)),
        )
    ) | rules_of(MemberPriceRule)


HALF = NthPieceStep(nth=2, percent_off_basis_points=5000)


class TestNthPiece(PromotionConformance):
    type = NTH_PIECE
    rules = st.sampled_from(
        (
            NthPieceRule(steps=(HALF,)),
            NthPieceRule(steps=(HALF,), together="PRODUCT", most_sets=1),
            NthPieceRule(steps=(HALF, NthPieceStep(nth=3, percent_off_basis_points=10_000))),
        )
    ) | rules_of(NthPieceRule)


class TestNForFixedPrice(PromotionConformance):
    type = N_FOR_FIXED_PRICE
    rules = st.sampled_from(
        (
            NForFixedPriceRule(pieces=3, price_minor=99_00),
            NForFixedPriceRule(pieces=2, price_minor=1, most_sets=2),
        )
    ) | rules_of(NForFixedPriceRule)


class TestFlashSale(PromotionConformance):
    type = FLASH_SALE
    rules = st.sampled_from(
        (
            FlashSaleRule(items=(FlashItem(variants=("1", "2"), price_minor=9_90),)),
            FlashSaleRule(
                items=(
                    FlashItem(products=("1",), price_minor=0, most_per_order=2),
                    FlashItem(variants=("3",), price_minor=1_00, most_per_order=1),
                )
            ),
        )
    ) | rules_of(FlashSaleRule)


PAIR = (BundleItem(variants=("1",)), BundleItem(variants=("2", "3"), quantity=2))


class TestBundle(PromotionConformance):
    type = BUNDLE
    rules = st.sampled_from(
        (
            BundleRule(items=PAIR, price_minor=10_00),
            BundleRule(items=PAIR, off_minor=30_00, most_sets=2),
            BundleRule(items=(BundleItem(products=("1",), quantity=3),), price_minor=1),
        )
    ) | rules_of(BundleRule)


class TestPercentage(PromotionConformance):
    type = PERCENTAGE
    rules = tuple(PercentageRule(percent_off_basis_points=off) for off in (1, 1234, 5000, 10_000))


class TestSpendThreshold(PromotionConformance):
    type = SPEND_THRESHOLD
    rules = (
        SpendThresholdRule(tiers=(SpendTier(from_minor=300_00, off_minor=50_00),)),
        SpendThresholdRule(
            tiers=(
                SpendTier(from_minor=100_00, off_minor=10_00),
                SpendTier(from_minor=200_00, off_minor=25_00),
            ),
            on_list_prices=True,
        ),
        SpendThresholdRule(
            tiers=(SpendTier(from_minor=1_00, off_minor=1_00),),
            repeating=True,
            most_off_minor=33_33,
        ),
        SpendThresholdRule(tiers=(SpendTier(from_minor=7, off_minor=3),), repeating=True),
    )


class TestGiftWithPurchase(PromotionConformance):
    type = GIFT_WITH_PURCHASE
    rules = (
        GiftWithPurchaseRule(gifts=("7",), from_minor=100_00, pieces=2, times=3),
        GiftWithPurchaseRule(gifts=("7", "8", "1"), from_quantity=2, pieces=2, times=5),
        GiftWithPurchaseRule(gifts=("8",), from_quantity=1),
    )


class TestThresholdPercent(PromotionConformance):
    type = THRESHOLD_PERCENT
    rules = st.sampled_from(
        (
            ThresholdPercentRule(
                tiers=(
                    PercentTier(from_quantity=2, percent_off_basis_points=1000),
                    PercentTier(from_quantity=3, percent_off_basis_points=2000),
                )
            ),
            ThresholdPercentRule(
                tiers=(PercentTier(from_minor=100_00, percent_off_basis_points=1234),),
                most_off_minor=33_33,
                on_list_prices=True,
            ),
        )
    ) | rules_of(ThresholdPercentRule)


TEA_AND_CUP = (
    AddOnItem(variants=("7", "8"), price_minor=1_00),
    AddOnItem(variants=("1",), price_minor=9_90),
)


class TestAddOnPurchase(PromotionConformance):
    type = ADD_ON_PURCHASE
    rules = st.sampled_from(
        (
            AddOnPurchaseRule(tiers=(AddOnTier(from_minor=1, items=TEA_AND_CUP, picks=2),)),
            AddOnPurchaseRule(
                tiers=(
                    AddOnTier(from_minor=10_00, items=TEA_AND_CUP),
                    AddOnTier(from_minor=99_00, items=TEA_AND_CUP[1:], picks=3),
                )
            ),
        )
    ) | rules_of(AddOnPurchaseRule)


class TestVoucherDiscount(PromotionConformance):
    type = VOUCHER_DISCOUNT
    rules = (
        VoucherDiscountRule(off_minor=20_00),
        VoucherDiscountRule(off_minor=20_00, from_minor=100_00, on_list_prices=True),
        VoucherDiscountRule(off_minor=50_00, from_minor=10_00),
        VoucherDiscountRule(percent_off_basis_points=1234, most_off_minor=15_00),
        VoucherDiscountRule(percent_off_basis_points=5000, from_minor=99),
    )


class TestShippingDiscount(PromotionConformance):
    type = SHIPPING_DISCOUNT
    rules = (
        ShippingDiscountRule(),
        ShippingDiscountRule(from_minor=99_00, off_minor=5_00),
        ShippingDiscountRule(off_minor=20_00),
    )


class TestVoucherAfterPurchase(PromotionConformance):
    type = VOUCHER_AFTER_PURCHASE
    rules = (
        VoucherAfterPurchaseRule(voucher="7"),
        VoucherAfterPurchaseRule(voucher="7", from_minor=100_00, quantity=3, valid_days=30),
    )


def test_no_kind_of_storeql_is_left_out_here() -> None:
    own = {kind.key for kind in load_hooks().promotion_types if kind.plugin in BUILT_IN}
    assert own == {kit.type.key for kit in PromotionConformance.__subclasses__() if _here(kit)}


BUILT_IN = {info.name for info in load_hooks().plugins() if info.source == "built-in"}


def _here(kit: type) -> bool:
    return kit.__module__ == __name__
