"""Promotions of one campaign share its budget, also inside one cart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storeql.pricing import Outcome, PricedCart, Remaining, price
from tests.pricing.builders import basket, line, promotion
from tests.pricing.sample_kinds import PERCENT, THRESHOLD, Percent, Threshold

LEFT = "campaign_budget_minor"


def priced(left: int, *, last: int = 3) -> PricedCart:
    """10 % off (30), then 50 off the order, then 20 off what is left: all of campaign 7."""
    remaining = {key: Remaining(campaign_id="7", campaign_minor=left) for key in "abc"}
    promotions = [
        promotion("a", PERCENT, Percent(1000), priority=1),
        promotion(
            "b", THRESHOLD, Threshold(0, 50), priority=2, stacking_group="s", stackable_with=("s",)
        ),
        promotion(
            "c",
            THRESHOLD,
            Threshold(0, 20),
            priority=last,
            stacking_group="s",
            stackable_with=("s",),
        ),
    ]
    return price(basket(line("x", 300), remaining=remaining), promotions)


def granted(cart: PricedCart) -> dict[str, int]:
    return {entry.promotion_id: entry.amount_minor for entry in cart.trace if entry.amount_minor}


def test_all_apply_while_the_budget_holds_them_together() -> None:
    assert granted(priced(100)) == {"a": 30, "b": 50, "c": 20}


def test_the_last_by_priority_goes_first_and_says_how_much_was_missing() -> None:
    cart = priced(99)

    assert granted(cart) == {"a": 30, "b": 50}
    entry = next(one for one in cart.trace if one.promotion_id == "c")
    assert (entry.outcome, entry.condition) == (Outcome.EXHAUSTED, LEFT)
    assert (entry.expected, entry.found, entry.shortfall) == (100, 99, 1)
    assert granted(priced(99, last=1)) == {"a": 30, "c": 20}


def test_a_promotion_that_the_budget_alone_does_not_hold_leaves_it_to_the_others() -> None:
    assert granted(priced(49)) == {"a": 30}
    assert granted(priced(30)) == {"a": 30}
    assert granted(priced(29)) == {"c": 20}
    assert granted(priced(0)) == {}


@given(st.integers(0, 120))
def test_a_cart_never_exceeds_the_budget(left: int) -> None:
    assert sum(granted(priced(left)).values()) <= left
