"""The best next step: priced by the engine, worth what it says, to the cent."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeql.pricing import (
    Basket,
    Delivery,
    Discount,
    GiftItem,
    NextStep,
    Outcome,
    Promotion,
    Units,
    next_step,
    price,
)
from storeql.promotions.builtin.gift_with_purchase import GIFT_WITH_PURCHASE, GiftWithPurchaseRule
from storeql.promotions.builtin.nth_piece import NTH_PIECE, NthPieceRule, NthPieceStep
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
from tests.pricing.builders import basket, line, promotion
from tests.work import calls_of


def spend(key: str, *tiers: tuple[int, int], repeating: bool = False, **more: Any) -> Promotion:
    rule = SpendThresholdRule(
        tiers=tuple(SpendTier(from_minor=a, off_minor=b) for a, b in tiers), repeating=repeating
    )
    return promotion(key, SPEND_THRESHOLD, rule, currency="CNY", **more)


def percent(key: str, basis_points: int, **more: Any) -> Promotion:
    return promotion(key, PERCENTAGE, PercentageRule(percent_off_basis_points=basis_points), **more)


def step(cart: Basket, *promotions: Promotion) -> NextStep | None:
    return next_step(cart, promotions, price(cart, promotions))


def told(cart: Basket, *promotions: Promotion) -> tuple[str, int, int] | None:
    found = step(cart, *promotions)
    return None if found is None else (found.promotion_id, found.spend_minor, found.gain_minor)


def test_spending_what_a_threshold_lacks_gains_its_discount() -> None:
    assert told(basket(line("1", 28_000)), spend("1", (30_000, 5_000))) == ("1", 2_000, 5_000)


def test_without_a_threshold_there_is_no_step() -> None:
    cart = basket(line("1", 28_000))

    assert told(cart, percent("1", 1_000)) is None
    assert told(cart) is None
    assert told(basket(), spend("1", (100, 10))) is None


def test_a_reached_threshold_offers_its_next_tier() -> None:
    tiers = spend("1", (30_000, 5_000), (60_000, 9_000))

    assert told(basket(line("1", 30_000)), tiers) == ("1", 30_000, 4_000)
    assert told(basket(line("1", 55_500)), tiers) == ("1", 4_500, 4_000)
    assert told(basket(line("1", 60_000)), tiers) is None


def test_a_repeating_threshold_offers_its_next_time() -> None:
    rule = spend("1", (10_000, 1_000), repeating=True)

    assert told(basket(line("1", 25_000)), rule) == ("1", 5_000, 1_000)


def test_the_amount_is_at_the_price_that_goods_cost_now() -> None:
    cart = basket(line("1", 30_000))
    half, threshold = percent("1", 5_000), spend("2", (20_000, 3_000))

    assert price(cart, [half, threshold]).totals.total_minor == 15_000
    assert told(cart, half, threshold) == ("2", 5_000, 3_000)


def test_the_step_that_gains_most_for_its_money_is_best() -> None:
    cart = basket(line("1", 20_000), line("2", 20_000))
    near = spend("1", (21_000, 500), on=["1"])
    worth_it = spend("2", (25_000, 4_000), on=["2"])

    assert told(cart, near, worth_it) == ("2", 5_000, 4_000)


def test_of_equal_rates_the_cheaper_step_and_then_the_priority_goes_first() -> None:
    cart = basket(line("1", 9_000), line("2", 8_000))
    cheap, dear = spend("1", (10_000, 500), on=["1"]), spend("2", (10_000, 1_000), on=["2"])
    twin = spend("3", (10_000, 500), on=["1"], priority=1)

    assert told(cart, dear, cheap) == ("1", 1_000, 500)
    assert told(cart, dear, cheap, twin) == ("3", 1_000, 500)


def test_what_the_step_takes_from_other_promotions_is_counted() -> None:
    """At 300 the 50 off replaces the 20 off that applies now: the gain is 30."""
    cart = basket(line("1", 28_000))

    assert told(cart, spend("1", (20_000, 2_000)), spend("2", (30_000, 5_000))) == (
        "2",
        2_000,
        3_000,
    )


def test_a_step_that_gains_nothing_is_none() -> None:
    cart = basket(line("1", 28_000))

    assert told(cart, spend("1", (20_000, 5_000)), spend("2", (30_000, 5_000))) is None


def test_missing_pieces_are_added_to_the_cheapest_line() -> None:
    gift = GiftItem(variant_id="g", product_id="g", name="G", price_minor=700)
    rule = GiftWithPurchaseRule(gifts=("g",), from_quantity=3)
    cart = basket(line("1", 5_000), line("2", 1_000), gifts={"g": gift})

    found = step(cart, promotion("1", GIFT_WITH_PURCHASE, rule))

    assert found == NextStep(
        promotion_id="1", name="1", spend_minor=1_000, gain_minor=700, pieces=1, line_id="2"
    )


def test_free_delivery_is_a_gain() -> None:
    rule = ShippingDiscountRule(from_minor=9_900)
    free = promotion("1", SHIPPING_DISCOUNT, rule, currency="CNY")
    cart = basket(line("1", 9_000), delivery=Delivery(method="post", price_minor=1_200))

    assert told(cart, free) == ("1", 900, 1_200)


def test_one_that_lost_or_is_excluded_is_no_step() -> None:
    cart = basket(line("1", 30_000))
    winner = spend("1", (30_000, 9_000), exclusion_group="g")
    loser = spend("2", (30_000, 5_000), (60_000, 30_000), exclusion_group="g")
    made = price(cart, [winner, loser])

    assert [entry.outcome for entry in made.trace] == [Outcome.APPLIED, Outcome.EXCLUDED]
    assert next_step(cart, [winner, loser], made) is None


@given(
    amount=st.integers(1, 40_000),
    tiers=st.lists(
        st.tuples(st.integers(1, 50_000), st.integers(1, 9_000)), min_size=1, max_size=3
    ),
    off=st.integers(1, 9_999),
)
def test_goods_of_that_price_really_cost_that_much_less(
    amount: int, tiers: list[tuple[int, int]], off: int
) -> None:
    """Buying something else for the amount costs it, less the gain: to the cent."""
    steps = [(start, saved) for start, saved in tiers if saved <= start]
    promotions = [spend(str(place), one) for place, one in enumerate(steps, start=1)]
    promotions.append(percent("9", off, on=["1"]))
    cart = basket(line("1", amount))
    now = price(cart, promotions)
    found = next_step(cart, promotions, now)
    if found is None:
        return
    bought = msgspec.structs.replace(cart, lines=(*cart.lines, line("2", found.spend_minor)))

    after = price(bought, promotions)

    expected = now.totals.total_minor + found.spend_minor - found.gain_minor
    assert after.totals.total_minor == expected


@pytest.mark.parametrize("offset", [-1, 0])
def test_a_cent_less_is_not_enough(offset: int) -> None:
    cart = basket(line("1", 17_345))
    tiers = spend("1", (10_000, 1_000), (23_456, 2_000))
    found = step(cart, tiers)
    assert found is not None
    extra = line("2", found.spend_minor + offset)

    after = price(msgspec.structs.replace(cart, lines=(*cart.lines, extra)), [tiers])

    assert after.totals.discount_minor == (2_000 if offset == 0 else 1_000)


def test_the_second_piece_at_half_price_is_a_step_of_one_piece() -> None:
    rule = NthPieceRule(steps=(NthPieceStep(nth=2, percent_off_basis_points=5_000),))
    cart = basket(line("1", 3_000), line("2", 2_000))

    one = step(basket(line("1", 3_000)), promotion("1", NTH_PIECE, rule))

    assert one == NextStep(
        promotion_id="1", name="1", spend_minor=3_000, gain_minor=1_500, pieces=1, line_id="1"
    )
    assert step(cart, promotion("1", NTH_PIECE, rule)) is None


def test_a_tier_by_pieces_is_a_step_of_pieces() -> None:
    tiers = (
        PercentTier(from_quantity=2, percent_off_basis_points=1_000),
        PercentTier(from_quantity=3, percent_off_basis_points=2_000),
    )
    rule = promotion("1", THRESHOLD_PERCENT, ThresholdPercentRule(tiers=tiers))

    found = step(basket(line("1", 10_000, 2)), rule)

    assert found == NextStep(
        promotion_id="1", name="1", spend_minor=10_000, gain_minor=4_000, pieces=1, line_id="1"
    )


def test_a_percentage_from_an_amount_is_a_step_and_the_same_rate_on_more_is_none() -> None:
    tiers = (
        PercentTier(from_minor=10_000, percent_off_basis_points=1_000),
        PercentTier(from_minor=20_000, percent_off_basis_points=1_500),
    )
    rule = promotion("1", THRESHOLD_PERCENT, ThresholdPercentRule(tiers=tiers), currency="CNY")

    assert told(basket(line("1", 8_000)), rule) == ("1", 2_000, 1_000)
    assert told(basket(line("1", 12_000)), rule) == ("1", 8_000, 1_800)
    assert told(basket(line("1", 20_000)), rule) is None


def test_a_large_cart_is_priced_a_bounded_number_of_times() -> None:
    cart = basket(*(line(str(key), 900 + key, 2) for key in range(1, 31)))
    promotions = [
        spend(str(key), (1_000 * key, 10 * key), (100_000 * key, 9_000 * key))
        for key in range(1, 16)
    ]
    made = price(cart, promotions)

    once = calls_of(lambda: price(cart, promotions))

    assert calls_of(lambda: next_step(cart, promotions, made)) < 20 * once


def test_a_kind_that_fails_on_more_is_no_step() -> None:
    def propose(rule: Any, units: Units, _: Basket) -> Discount:
        if units.quantity > 1:
            raise ValueError("too many")
        return Discount(100)

    broken = dataclasses.replace(SPEND_THRESHOLD, propose=propose, ceiling=None)
    rule = SpendThresholdRule(tiers=(SpendTier(from_minor=1, off_minor=1),))

    assert told(basket(line("1", 28_000)), promotion("1", broken, rule)) is None
