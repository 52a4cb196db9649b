"""Kinds that set the price of pieces and of sets, to the cent, through the one engine."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from storeql.pricing import Basket, Buyer, Outcome, Promotion, price
from storeql.promotions.builtin.bundle import BUNDLE, BundleItem, BundleRule
from storeql.promotions.builtin.flash_sale import FLASH_SALE, FlashItem, FlashSaleRule
from storeql.promotions.builtin.member_price import (
    MEMBER_PRICE,
    MemberGoodsPrice,
    MemberLevel,
    MemberPriceRule,
)
from storeql.promotions.builtin.n_for_fixed_price import N_FOR_FIXED_PRICE, NForFixedPriceRule
from storeql.promotions.builtin.nth_piece import NTH_PIECE, NthPieceRule, NthPieceStep
from storeql.promotions.builtin.price_drop import PRICE_DROP, DropPrice, PriceDropRule
from tests.pricing.builders import basket, line, nets, promotion, traced

GOLD = MemberLevel(tiers=("gold",), percent_off_basis_points=1_000)
STAFF = MemberLevel(
    groups=("7",), prices=(MemberGoodsPrice(variants=("variant-pot",), price_minor=60_00),)
)


def drop(*prices: DropPrice, **rule: Any) -> Promotion:
    return promotion("drop", PRICE_DROP, PriceDropRule(prices=prices, **rule))


def members(*levels: MemberLevel) -> Promotion:
    return promotion("member", MEMBER_PRICE, MemberPriceRule(levels=levels))


def nth(*steps: tuple[int, int], **rule: Any) -> Promotion:
    entries = tuple(NthPieceStep(nth=n, percent_off_basis_points=off) for n, off in steps)
    return promotion("nth", NTH_PIECE, NthPieceRule(steps=entries, **rule))


def several(pieces: int, price_minor: int, **rule: Any) -> Promotion:
    made = NForFixedPriceRule(pieces=pieces, price_minor=price_minor, **rule)
    return promotion("several", N_FOR_FIXED_PRICE, made)


def total(basket_: Basket, offer: Promotion) -> int:
    return price(basket_, [offer]).totals.total_minor


def test_goods_at_a_special_price_cost_that_and_no_more_than_before() -> None:
    offer = drop(
        DropPrice(variants=("variant-pot", "variant-cup"), price_minor=50_00),
        DropPrice(products=("product-tea",), off_minor=3_00),
    )

    cart = price(
        basket(line("pot", 80_00, 2), line("cup", 20_00), line("tea", 2_00), line("tin", 9_00)),
        [offer],
    )

    assert nets(cart) == {"pot": 100_00, "cup": 20_00, "tea": 0, "tin": 9_00}


def test_a_variants_price_goes_before_its_products() -> None:
    offer = drop(
        DropPrice(products=("product-pot",), price_minor=70_00),
        DropPrice(variants=("variant-pot",), price_minor=75_00),
    )

    assert total(basket(line("pot", 80_00)), offer) == 75_00


def test_everything_else_in_scope_is_an_amount_cheaper() -> None:
    offer = drop(DropPrice(variants=("variant-pot",), price_minor=50_00), off_minor=5_00)

    assert total(basket(line("pot", 80_00), line("cup", 20_00, 2)), offer) == 50_00 + 30_00


def test_a_drop_about_other_goods_says_so() -> None:
    offer = drop(DropPrice(variants=("variant-pot",), price_minor=50_00))

    entry = traced(price(basket(line("cup", 20_00)), [offer]), "drop")

    assert (entry.outcome, entry.condition) == (Outcome.MISSED, "scope")


@pytest.mark.parametrize(
    ("buyer", "pot", "tea"),
    [
        (Buyer(), 80_00, 9_99),
        (Buyer(id="1", tier="gold"), 72_00, 8_99),  # 8.991
        (Buyer(id="1", group_ids=("7",)), 60_00, 9_99),
        (Buyer(id="1", tier="gold", group_ids=("7",)), 60_00, 8_99),
    ],
)
def test_a_member_pays_the_lowest_price_of_all_memberships(
    buyer: Buyer, pot: int, tea: int
) -> None:
    lines = (line("pot", 80_00), line("tea", 9_99))

    cart = price(basket(*lines, buyer=buyer), [members(GOLD, STAFF)])

    assert nets(cart) == {"pot": pot, "tea": tea}


def test_who_is_no_member_is_told_which_tier_is() -> None:
    entry = traced(price(basket(line("pot", 80_00)), [members(GOLD, STAFF)]), "member")

    assert (entry.condition, entry.expected, entry.found) == ("buyer_tier", ("gold",), None)


@pytest.mark.parametrize(
    ("pieces", "expected"), [(1, 10_00), (2, 15_00), (3, 25_00), (4, 30_00), (7, 55_00)]
)
def test_every_second_piece_at_half_price(pieces: int, expected: int) -> None:
    assert total(basket(line("tea", 10_00, pieces)), nth((2, 5_000))) == expected


def test_only_once_where_the_rule_says_so() -> None:
    assert total(basket(line("tea", 10_00, 4)), nth((2, 5_000), most_sets=1)) == 35_00


def test_of_a_set_the_cheapest_piece_is_reduced() -> None:
    cart = price(
        basket(line("tea", 30_00), line("tin", 8_00), line("pot", 80_00)), [nth((2, 5_000))]
    )

    # Dearest first: 80 with 30, then 8 alone.
    assert nets(cart) == {"pot": 80_00, "tea": 15_00, "tin": 8_00}


def test_by_product_the_pieces_of_each_product_are_counted_apart() -> None:
    lines = (line("tea", 30_00), line("tin", 8_00, 3))

    assert nets(price(basket(*lines), [nth((2, 5_000), together="PRODUCT")])) == {
        "tea": 30_00,
        "tin": 20_00,
    }


def test_second_piece_at_thirty_off_and_third_for_nothing() -> None:
    offer = nth((2, 3_000), (3, 10_000))

    assert [total(basket(line("tea", 10_00, n)), offer) for n in (2, 3, 5)] == [
        17_00,
        17_00,
        34_00,
    ]


def test_half_a_fen_is_rounded_up_per_piece() -> None:
    assert total(basket(line("tea", 9_99, 2)), nth((2, 5_000))) == 9_99 + 5_00  # 4.995


@pytest.mark.parametrize(
    ("pieces", "expected"), [(2, 80_00), (3, 99_00), (4, 139_00), (6, 198_00), (7, 238_00)]
)
def test_any_three_for_ninety_nine_and_the_rest_at_list_price(pieces: int, expected: int) -> None:
    assert total(basket(line("tea", 40_00, pieces)), several(3, 99_00)) == expected


def test_the_dearest_pieces_go_into_sets_and_sets_never_cost_more() -> None:
    cart = price(
        basket(line("a", 60_00, 2), line("b", 40_00), line("c", 10_00, 3)), [several(3, 99_00)]
    )

    # 160 becomes 99, spread by price: 61 off as 22.88 + 22.87 + 15.25; three at 10 stay.
    assert nets(cart) == {"a": 120_00 - 45_75, "b": 40_00 - 15_25, "c": 30_00}


def test_two_offers_of_several_pieces_share_the_cart_out_at_best() -> None:
    three = promotion("3", N_FOR_FIXED_PRICE, NForFixedPriceRule(pieces=3, price_minor=99_00))
    five = promotion("5", N_FOR_FIXED_PRICE, NForFixedPriceRule(pieces=5, price_minor=149_00))

    cart = price(basket(line("tea", 40_00, 8)), [three, five])

    assert cart.totals.total_minor == 248_00


def test_sets_are_limited_where_the_rule_says_so() -> None:
    assert total(basket(line("tea", 40_00, 9)), several(3, 99_00, most_sets=2)) == 198_00 + 120_00


def test_too_few_pieces_tell_how_many_more() -> None:
    for offer, name, short in ((nth((2, 5_000)), "nth", 1), (several(3, 9_00), "several", 2)):
        entry = traced(price(basket(line("tea", 10_00)), [offer]), name)
        assert (entry.condition, entry.shortfall) == ("quantity", short)


def test_pieces_above_the_limit_of_a_flash_sale_cost_their_own_price() -> None:
    items = (
        FlashItem(products=("product-tea",), price_minor=9_90, most_per_order=2),
        FlashItem(variants=("variant-pot",), price_minor=90_00),
    )
    offer = promotion("flash", FLASH_SALE, FlashSaleRule(items=items))

    cart = price(basket(line("tea", 30_00, 5), line("pot", 80_00)), [offer])

    assert nets(cart) == {"tea": 19_80 + 90_00, "pot": 80_00}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"price_minor": 120_00}, {"pot": 160_00, "cup": 80_00 + 25_00}),
        ({"off_minor": 30_00}, {"pot": 160_00, "cup": 80_00 + 25_00}),
        ({"price_minor": 120_00, "most_sets": 1}, {"pot": 180_00, "cup": 40_00 + 75_00}),
        ({"price_minor": 150_00}, {"pot": 200_00, "cup": 125_00}),
        ({"off_minor": 999_00}, {"pot": 0, "cup": 25_00}),
    ],
)
def test_a_pot_with_two_cups_is_a_bundle(rule: dict[str, Any], expected: dict[str, int]) -> None:
    items = (
        BundleItem(variants=("variant-pot",)),
        BundleItem(products=("product-cup",), quantity=2),
    )
    offer = promotion("bundle", BUNDLE, BundleRule(items=items, **rule))

    assert nets(price(basket(line("pot", 100_00, 2), line("cup", 25_00, 5)), [offer])) == expected


def test_a_bundle_takes_the_dearest_variants_and_says_what_is_missing() -> None:
    items = (BundleItem(products=("tea",), quantity=2), BundleItem(variants=("variant-pot",)))
    offer = promotion("bundle", BUNDLE, BundleRule(items=items, off_minor=12_00))
    teas = (line("green", 9_00, 2, product_id="tea"), line("black", 12_00, product_id="tea"))

    whole = price(basket(*teas, line("pot", 80_00)), [offer])
    short = price(basket(*teas), [offer])

    # 12 + 9 + 80 becomes 12.00 less, spread by price: 1.43 + 1.07 + 9.50
    assert nets(whole) == {"green": 18_00 - 1_07, "black": 12_00 - 1_43, "pot": 80_00 - 9_50}
    assert (traced(short, "bundle").expected, traced(short, "bundle").shortfall) == (3, 1)


@pytest.mark.parametrize(
    ("rule", "raw", "reason"),
    [
        (PriceDropRule, {}, "have to be given"),
        (PriceDropRule, {"prices": [{"variants": ["1"]}]}, "Either a price or an amount"),
        (PriceDropRule, {"prices": [{"price_minor": 1}]}, "have to be named"),
        (
            PriceDropRule,
            {"prices": [{"variants": ["1"], "price_minor": price} for price in (1, 2)]},
            "named twice",
        ),
        (MemberPriceRule, {"levels": [{"percent_off_basis_points": 1}]}, "tiers or groups"),
        (MemberPriceRule, {"levels": [{"tiers": ["gold"]}]}, "a percentage or prices"),
        (
            NthPieceRule,
            {"steps": [{"nth": 2, "percent_off_basis_points": off} for off in (1, 2)]},
            "later piece",
        ),
        (NthPieceRule, {"steps": [{"nth": 1, "percent_off_basis_points": 1}]}, ">= 2"),
        (FlashSaleRule, {"items": []}, ">= 1"),
        (BundleRule, {"items": [{"variants": ["1"]}], "price_minor": 1}, "two pieces"),
        (BundleRule, {"items": [{"variants": ["1"], "quantity": 2}]}, "a price or an amount"),
        (NForFixedPriceRule, {"pieces": 1, "price_minor": 1}, ">= 2"),
    ],
)
def test_an_impossible_rule_is_refused(rule: Any, raw: dict[str, Any], reason: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=reason):
        msgspec.convert(raw, rule)


def test_many_steps_over_odd_prices_have_a_ceiling_of_few_digits() -> None:
    steps = [(n, 1_111 * (n - 1)) for n in range(2, 10)]
    prices = [199_99 + 1_37 * place for place in range(9)]
    lines = [line(str(place), price_minor) for place, price_minor in enumerate(prices)]
    rival = promotion("rival", PRICE_DROP, PriceDropRule(off_minor=1))

    cart = price(basket(*lines), [nth(*steps), rival])

    assert traced(cart, "nth").outcome is Outcome.APPLIED
