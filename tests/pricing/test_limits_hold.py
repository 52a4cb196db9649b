"""No cart takes more of a quota or a campaign than is left, whatever promotions meet in it."""

from __future__ import annotations

import random
from collections import Counter

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from storeql.pricing import Basket, Delivery, Outcome, Promotion, Remaining, price
from tests.pricing.builders import basket, line, promotion
from tests.pricing.sample_kinds import DELIVERY, Amount
from tests.pricing.test_properties import quick, random_case

LEFT = 60


def limited_case(seed: int) -> tuple[Basket, list[Promotion]]:
    """A random cart in which some promotions have quotas, and half of them share a campaign."""
    dice = random.Random(seed)
    plain, promotions = random_case(seed)
    remaining = dict(plain.remaining)
    for one in promotions:
        left = remaining.get(one.id, Remaining())
        if dice.random() < 0.6:
            quota = {each.variant_id: dice.randint(0, 3) for each in plain.lines}
            left = msgspec.structs.replace(left, quota=quota)
        if dice.random() < 0.5:
            left = msgspec.structs.replace(left, campaign_id="7", campaign_minor=LEFT)
        remaining[one.id] = left
    return msgspec.structs.replace(plain, remaining=remaining), promotions


cases = st.integers(0, 10**9).map(limited_case)


@quick
@given(cases)
def test_units_that_became_cheaper_keep_to_the_quotas(
    case: tuple[Basket, list[Promotion]],
) -> None:
    basket_, promotions = case
    cart = price(basket_, promotions)
    sold: Counter[tuple[str, str]] = Counter()
    for priced in cart.lines:
        for one in priced.allocations:
            assert 0 < one.quantity <= priced.quantity
            sold[one.promotion_id, priced.variant_id] += one.quantity
    for (key, variant), units in sold.items():
        assert units <= basket_.remaining[key].quota.get(variant, units)


@quick
@given(cases)
def test_promotions_of_a_campaign_keep_to_its_budget_and_say_so_when_they_do_not_fit(
    case: tuple[Basket, list[Promotion]],
) -> None:
    basket_, promotions = case
    cart = price(basket_, promotions)
    members = {key for key, left in basket_.remaining.items() if left.campaign_id}
    granted = sum(one.amount_minor for one in cart.trace if one.promotion_id in members)
    assert granted <= LEFT
    for one in cart.trace:
        if one.condition == "campaign_budget_minor":
            assert one.outcome is Outcome.EXHAUSTED and one.promotion_id in members
            assert one.shortfall is not None and one.shortfall > 0


def test_a_discount_above_the_delivery_price_needs_no_more_budget_than_that_price() -> None:
    post = Delivery(method="post", price_minor=100)
    free = promotion("free", DELIVERY, Amount(500))
    for budget, discount in ((100, 100), (99, 0)):
        left = {"free": Remaining(budget_minor=budget)}
        cart = price(basket(line("a", 80), delivery=post, remaining=left), [free])
        assert cart.totals.shipping_discount_minor == discount


@quick
@given(cases)
def test_a_stored_cart_with_limits_prices_again_to_the_same(
    case: tuple[Basket, list[Promotion]],
) -> None:
    basket_, promotions = case
    stored = msgspec.json.decode(msgspec.json.encode(basket_), type=Basket)
    assert price(stored, promotions) == price(basket_, promotions[::-1])
