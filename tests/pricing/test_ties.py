"""Of equal answers the one whose sorted (priority, id) list comes first is taken."""

from __future__ import annotations

import random
from itertools import product

import pytest

from storeql.pricing import Basket, Lane, Promotion, price
from tests.pricing.brute_force import all_pieces, saving
from tests.pricing.builders import basket, line, promotion
from tests.pricing.sample_kinds import THRESHOLD, Threshold

Ranks = list[tuple[int, str]]


def first_of_the_best(basket_: Basket, promotions: list[Promotion]) -> Ranks:
    pieces = list(all_pieces(basket_, Lane.ORDER))
    choices = [[None, *(p for p in promotions if p.scope.holds(one))] for one, _ in pieces]
    found = []
    for assignment in product(*choices):
        savings = [
            saving(basket_, one, [p for p, to in zip(pieces, assignment, strict=True) if to is one])
            for one in promotions
        ]
        granted = [p for p, saved in zip(promotions, savings, strict=True) if saved]
        found.append((-sum(savings), sorted((one.priority, one.id) for one in granted)))
    return min(found)[1]


@pytest.mark.parametrize("seed", range(150))
def test_equal_savings_are_settled_by_the_sorted_list(seed: int) -> None:
    dice = random.Random(seed)
    names = "abcd"[: dice.randint(1, 4)]
    basket_ = basket(*[line(name, dice.choice([50, 100])) for name in names])
    promotions = [
        promotion(
            f"p{number}",
            THRESHOLD,
            Threshold(dice.choice([50, 100]), dice.choice([10, 20])),
            on=[name for name in names if dice.random() < 0.7] or [names[0]],
            priority=dice.choice([1, 2]),
        )
        for number in range(4)
    ]
    cart = price(basket_, promotions)
    priorities = {one.id: one.priority for one in promotions}
    granted = [e.promotion_id for e in cart.trace if e.amount_minor]
    ranks = sorted((priorities[promotion_id], promotion_id) for promotion_id in granted)
    assert ranks == first_of_the_best(basket_, promotions)
