"""Where every promotion can save its most at once, the answer comes without a search."""

from __future__ import annotations

import random

from storeql.pricing import Basket, Lane, Outcome, Promotion, price
from tests.pricing.brute_force import best_saving
from tests.pricing.builders import basket, line, outcome, promotion, traced
from tests.pricing.sample_kinds import THRESHOLD, Threshold


def searched(basket_: Basket, promotions: list[Promotion]) -> int:
    (summary,) = price(basket_, promotions).lanes
    return summary.nodes


def test_two_thresholds_over_one_large_cart_are_both_met() -> None:
    cart = basket(*[line(name, 100) for name in "abcdef"])
    everything = promotion("all", THRESHOLD, Threshold(300, 30))
    some = promotion("some", THRESHOLD, Threshold(200, 20), on="abc")
    priced = price(cart, [everything, some])
    assert priced.lanes[0].saving_minor == 50
    assert priced.lanes[0].gap_minor == 0
    assert searched(cart, [everything, some]) == 0


def test_every_line_goes_to_one_of_those_that_want_it() -> None:
    cart = basket(*[line(name, 100) for name in "abcdef"])
    everything = promotion("all", THRESHOLD, Threshold(200, 60))
    some = promotion("some", THRESHOLD, Threshold(100, 20), on="abc")
    priced = price(cart, [everything, some])
    assert all(len(one.allocations) == 1 for one in priced.lines)
    by = {one.line_id: one.allocations[0].promotion_id for one in priced.lines}
    assert [name for name in by if by[name] == "some"] == ["a"]


def test_a_promotion_that_needs_what_another_takes_is_searched_for() -> None:
    cart = basket(line("a", 100), line("b", 100), line("c", 100))
    one = promotion("one", THRESHOLD, Threshold(200, 20))
    two = promotion("two", THRESHOLD, Threshold(200, 30))
    assert outcome(price(cart, [one, two]), "one") is Outcome.LOST
    assert traced(price(cart, [one, two]), "one").lost_by_minor == 10


def test_promotions_of_one_exclusion_group_are_never_shared_out_together() -> None:
    cart = basket(*[line(name, 100) for name in "abcdef"])
    one = promotion("one", THRESHOLD, Threshold(100, 20), exclusion_group="only")
    two = promotion("two", THRESHOLD, Threshold(100, 30), exclusion_group="only")
    three = promotion("three", THRESHOLD, Threshold(100, 5))
    priced = price(cart, [one, two, three])
    assert outcome(priced, "one") is Outcome.EXCLUDED
    assert priced.lanes[0].saving_minor == 35


def test_random_carts_that_hold_enough_for_everyone_save_what_brute_force_finds() -> None:
    dice = random.Random(5)
    at_once = 0
    for _ in range(150):
        names = "abcde"[: dice.randint(2, 5)]
        cart = basket(*[line(name, dice.choice([60, 100, 250])) for name in names])
        promotions = [
            promotion(
                f"p{number}",
                THRESHOLD,
                Threshold(dice.choice([50, 100, 200]), dice.choice([10, 25, 40])),
                on=dice.sample(names, dice.randint(1, len(names))),
            )
            for number in range(dice.randint(2, 3))
        ]
        priced = price(cart, promotions)
        best = best_saving(cart, promotions, Lane.ORDER)
        assert sum(lane.saving_minor for lane in priced.lanes) == best
        at_once += sum(not lane.nodes for lane in priced.lanes)
    assert at_once > 50
