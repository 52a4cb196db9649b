"""The built-in kinds, to the cent, through the one engine."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from storeql.pricing import (
    Basket,
    Delivery,
    GiftItem,
    Outcome,
    PricedCart,
    Promotion,
    PromotionType,
    Scope,
    Selection,
    price,
)
from storeql.promotions.builtin.gift_with_purchase import GIFT_WITH_PURCHASE, GiftWithPurchaseRule
from storeql.promotions.builtin.percentage import PERCENTAGE, PercentageRule
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
from storeql.promotions.builtin.voucher_discount import VOUCHER_DISCOUNT, VoucherDiscountRule
from tests.pricing.builders import basket, line, nets, promotion, traced

CUP = GiftItem(variant_id="cup", product_id="cup", name="Cup", price_minor=1_500)
PEN = GiftItem(variant_id="pen", product_id="pen", name="Pen", price_minor=800)
GIFTS = {"cup": CUP, "pen": PEN}
POST = Delivery(method="post", price_minor=1_200)


def percent(basis_points: int, **more: Any) -> Promotion:
    rule = PercentageRule(percent_off_basis_points=basis_points)
    return promotion("percent", PERCENTAGE, rule, **more)


def spend(*tiers: tuple[int, int], **rule: Any) -> Promotion:
    entries = tuple(SpendTier(from_minor=start, off_minor=off) for start, off in tiers)
    return promotion("spend", SPEND_THRESHOLD, SpendThresholdRule(tiers=entries, **rule))


def percent_from(*tiers: tuple[int, int], by: str = "quantity", **rule: Any) -> Promotion:
    entries = tuple(
        PercentTier(**{f"from_{by}": least}, percent_off_basis_points=off) for least, off in tiers
    )
    made = ThresholdPercentRule(tiers=entries, **rule)
    return promotion("percent", THRESHOLD_PERCENT, made)


def giving(*names: str, **rule: Any) -> Promotion:
    return promotion("gift", GIFT_WITH_PURCHASE, GiftWithPurchaseRule(gifts=names, **rule))


def voucher(**rule: Any) -> Promotion:
    return promotion("voucher", VOUCHER_DISCOUNT, VoucherDiscountRule(**rule))


def shipping(**rule: Any) -> Promotion:
    return promotion("shipping", SHIPPING_DISCOUNT, ShippingDiscountRule(**rule))


def given(cart: PricedCart) -> dict[str, int]:
    return {gift.variant_id: gift.quantity for gift in cart.gift_lines}


def cart_of(amount: int, quantity: int = 1, **more: Any) -> Basket:
    return basket(line("1", amount, quantity), gifts=GIFTS, **more)


def test_fifteen_percent_off_is_rounded_half_up_per_piece() -> None:
    cart = price(basket(line("1", 999, 3), line("2", 10_000)), [percent(1_500)])

    assert nets(cart) == {"1": 849 * 3, "2": 8_500}  # 9.99 × 0.85 = 8.4915


def test_half_a_cent_goes_up_for_the_price_that_is_kept() -> None:
    assert price(basket(line("1", 5)), [percent(1_000)]).totals.total_minor == 5  # 4.5
    assert price(basket(line("1", 1)), [percent(10_000)]).totals.total_minor == 0


def test_a_percentage_touches_only_its_scope() -> None:
    tea = line("1", 2_500, tag_ids=("7",))
    tagged = Scope(include=Selection(tag_ids=frozenset({"7"})))

    cart = price(basket(tea, line("2", 2_500)), [percent(2_000, scope=tagged)])

    assert nets(cart) == {"1": 2_000, "2": 2_500}


@pytest.mark.parametrize(("amount", "off"), [(9_899, 0), (9_900, 4_000), (30_000, 4_000)])
def test_forty_off_from_ninety_nine_once(amount: int, off: int) -> None:
    assert price(cart_of(amount), [spend((9_900, 4_000))]).totals.discount_minor == off


def test_forty_off_is_shared_by_largest_remainder() -> None:
    """5×10, 1×25, 3×15 yuan with 40 off from 99: 16.67 / 8.33 / 15.00."""
    lines = (line("1", 1_000, 5), line("2", 2_500), line("3", 1_500, 3))

    cart = price(basket(*lines), [spend((9_900, 4_000))])

    shares = [entry.allocations[0].amount_minor for entry in cart.lines]
    assert shares == [1_667, 833, 1_500]


@pytest.mark.parametrize(
    ("amount", "off"), [(19_999, 1_000), (20_000, 3_000), (50_000, 10_000), (90_000, 10_000)]
)
def test_the_highest_tier_reached_counts(amount: int, off: int) -> None:
    tiers = ((10_000, 1_000), (20_000, 3_000), (50_000, 10_000))

    assert price(cart_of(amount), [spend(*tiers)]).totals.discount_minor == off


@pytest.mark.parametrize(
    ("amount", "off"), [(29_999, 0), (30_000, 5_000), (65_000, 10_000), (200_000, 15_000)]
)
def test_every_three_hundred_takes_fifty_off_up_to_one_hundred_and_fifty(
    amount: int, off: int
) -> None:
    repeating = spend((30_000, 5_000), repeating=True, most_off_minor=15_000)

    assert price(cart_of(amount), [repeating]).totals.discount_minor == off


def test_a_threshold_says_how_much_is_missing() -> None:
    cart = price(cart_of(28_000), [spend((30_000, 5_000))])

    entry = traced(cart, "spend")
    assert (entry.condition, entry.expected, entry.found, entry.shortfall) == (
        "spend_minor",
        30_000,
        28_000,
        2_000,
    )


def test_a_threshold_can_be_measured_before_earlier_discounts() -> None:
    reduced, threshold = percent(5_000), spend((10_000, 1_000))
    on_list = spend((10_000, 1_000), on_list_prices=True)

    assert price(cart_of(10_000), [reduced, threshold]).totals.total_minor == 5_000
    assert price(cart_of(10_000), [reduced, on_list]).totals.total_minor == 4_000


@pytest.mark.parametrize(("pieces", "total"), [(1, 1_999), (2, 3_598), (3, 4_798), (5, 7_996)])
def test_two_pieces_ten_percent_off_and_three_pieces_twenty(pieces: int, total: int) -> None:
    """Rounded once on the sum: 39.98 less 4.00, 59.97 less 11.99, 99.95 less 19.99."""
    offer = percent_from((2, 1_000), (3, 2_000))

    assert price(cart_of(1_999, pieces), [offer]).totals.total_minor == total


def test_a_percentage_from_an_amount_takes_off_no_more_than_its_most() -> None:
    offer = percent_from((10_000, 1_000), (20_000, 2_000), by="minor", most_off_minor=5_000)

    offs = [
        price(cart_of(amount), [offer]).totals.discount_minor for amount in (9_999, 15_000, 30_000)
    ]
    assert offs == [0, 1_500, 5_000]
    entry = traced(price(cart_of(9_000), [offer]), "percent")
    assert (entry.condition, entry.shortfall) == ("spend_minor", 1_000)


@pytest.mark.parametrize(
    "raw",
    [
        {"tiers": [{"percent_off_basis_points": 1}]},
        {"tiers": [{"from_minor": 1, "from_quantity": 1, "percent_off_basis_points": 1}]},
        {
            "tiers": [
                {"from_minor": 1, "percent_off_basis_points": 1},
                {"from_quantity": 2, "percent_off_basis_points": 2},
            ]
        },
        {"tiers": [{"from_quantity": n, "percent_off_basis_points": 5} for n in (1, 2)]},
        {"tiers": [{"from_quantity": 1, "percent_off_basis_points": 5}], "on_list_prices": True},
    ],
)
def test_a_percentage_needs_one_measure_and_tiers_that_ascend(raw: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(raw, ThresholdPercentRule)


def test_a_gift_comes_with_enough_spent_and_costs_nothing() -> None:
    cart = price(cart_of(10_000), [giving("cup", from_minor=10_000)])

    assert given(cart) == {"cup": 1}
    assert (cart.totals.total_minor, cart.totals.gift_minor) == (10_000, 1_500)
    assert given(price(cart_of(9_999), [giving("cup", from_minor=10_000)])) == {}


@pytest.mark.parametrize(("bought", "got"), [(1, 0), (2, 1), (5, 2), (9, 3)])
def test_buy_two_get_one_three_times_at_most(bought: int, got: int) -> None:
    cart = price(cart_of(500, bought), [giving("cup", from_quantity=2, times=3)])

    assert sum(given(cart).values()) == got


def test_among_several_gifts_the_buyer_chooses() -> None:
    offer = giving("cup", "pen", from_minor=10_000, pieces=1)

    undecided = price(cart_of(10_000), [offer])
    decided = price(cart_of(10_000, gift_choices={"gift": ("pen",)}), [offer])

    entry = traced(undecided, "gift")
    assert (entry.outcome, entry.condition, entry.shortfall) == (Outcome.MISSED, "gift_choice", 1)
    assert entry.expected == ("cup", "pen")
    assert given(decided) == {"pen": 1}


def test_earned_pieces_are_dealt_round_over_the_choices() -> None:
    offer = giving("cup", "pen", from_minor=10_000, pieces=3)
    chosen = cart_of(10_000, gift_choices={"gift": ("pen", "cup")})

    assert given(price(chosen, [offer])) == {"cup": 2, "pen": 1}


def test_a_gift_that_cannot_be_had_here_is_not_given() -> None:
    cart = price(basket(line("1", 10_000)), [giving("cup", from_minor=10_000)])

    assert (given(cart), traced(cart, "gift").condition) == ({}, "gift")


def test_a_voucher_comes_after_all_other_discounts() -> None:
    """Item 200 at 180; 10 off from 100 spent; a voucher of 10 off from 150: 160 to pay."""
    promotions = [
        percent(1_000),
        spend((10_000, 1_000)),
        voucher(off_minor=1_000, from_minor=15_000),
    ]

    assert price(cart_of(20_000), promotions).totals.total_minor == 16_000


def test_a_voucher_never_takes_more_than_is_left() -> None:
    """Item 400; 50 off the order, then a voucher of 380 off: nothing to pay, never less."""
    promotions = [spend((40_000, 5_000)), voucher(off_minor=38_000)]

    assert price(cart_of(40_000), promotions).totals.total_minor == 0


def test_a_percentage_voucher_stops_at_its_most() -> None:
    offer = voucher(percent_off_basis_points=1_000, most_off_minor=2_500)

    assert price(cart_of(19_999), [offer]).totals.discount_minor == 2_000  # 19.999 rounded
    assert price(cart_of(90_000), [offer]).totals.discount_minor == 2_500


@pytest.mark.parametrize(
    ("rule", "amount", "shipping_minor"),
    [
        ({"from_minor": 9_900}, 9_900, 0),
        ({"from_minor": 9_900}, 9_899, 1_200),
        ({"off_minor": 500}, 100, 700),
        ({"off_minor": 5_000}, 100, 0),
    ],
)
def test_delivery_gets_free_or_cheaper(
    rule: dict[str, int], amount: int, shipping_minor: int
) -> None:
    cart = price(cart_of(amount, delivery=POST), [shipping(**rule)])

    assert cart.totals.shipping_minor == shipping_minor


def test_without_a_delivery_there_is_nothing_to_take_off() -> None:
    cart = price(cart_of(10_000), [shipping()])

    assert traced(cart, "shipping").condition == "delivery"


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (SPEND_THRESHOLD, {"tiers": []}),
        (SPEND_THRESHOLD, {"tiers": [{"from_minor": 100, "off_minor": 101}]}),
        (
            SPEND_THRESHOLD,
            {
                "tiers": [
                    {"from_minor": 200, "off_minor": 20},
                    {"from_minor": 100, "off_minor": 30},
                ]
            },
        ),
        (
            SPEND_THRESHOLD,
            {
                "tiers": [
                    {"from_minor": 100, "off_minor": 20},
                    {"from_minor": 200, "off_minor": 30},
                ],
                "repeating": True,
            },
        ),
        (
            SPEND_THRESHOLD,
            {"tiers": [{"from_minor": 100, "off_minor": 20}], "most_off_minor": 50},
        ),
        (PERCENTAGE, {"percent_off_basis_points": 0}),
        (PERCENTAGE, {"percent_off_basis_points": 10_001}),
        (PERCENTAGE, {"percent_off_basis_points": 1_000, "surprise": 1}),
        (GIFT_WITH_PURCHASE, {"gifts": ["cup"]}),
        (GIFT_WITH_PURCHASE, {"gifts": ["cup"], "from_minor": 1, "from_quantity": 1}),
        (GIFT_WITH_PURCHASE, {"gifts": ["cup", "cup"], "from_minor": 1}),
        (VOUCHER_DISCOUNT, {}),
        (VOUCHER_DISCOUNT, {"off_minor": 1, "percent_off_basis_points": 1}),
        (VOUCHER_DISCOUNT, {"off_minor": 1, "most_off_minor": 1}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(kind: PromotionType[Any], rule: object) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(rule, kind.Rule)
