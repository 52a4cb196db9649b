"""LOST tells the optimum minus the best assignment in which the promotion is granted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product

import pytest

from storeql.pricing import Basket, Lane, Outcome, Promotion, price
from tests.pricing.brute_force import all_pieces, saving, value
from tests.pricing.test_best_assignment import (
    random_basket,
    unit_promotion,
    whole_line_promotion,
)


def best_with(
    basket: Basket, promotions: Sequence[Promotion], lane: Lane, forced: Promotion
) -> int:
    pieces = list(all_pieces(basket, lane))
    choices = [[None, *(p for p in promotions if p.scope.holds(one))] for one, _ in pieces]
    best = -1
    for assignment in product(*choices):
        mine = [piece for piece, to in zip(pieces, assignment, strict=True) if to is forced]
        if saving(basket, forced, mine):
            best = max(best, value(basket, promotions, pieces, assignment))
    return best


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("lane", [Lane.ORDER, Lane.ITEM])
def test_the_loss_is_the_distance_to_the_best_answer_with_the_promotion(
    seed: int, lane: Lane
) -> None:
    dice = random.Random(seed)
    told = 0
    for _ in range(60):
        item = lane is Lane.ITEM
        basket = random_basket(dice, 3 if item else 4, 2)
        make = unit_promotion if item else whole_line_promotion
        promotions = [make(dice, f"p{i}", basket) for i in range(3)]
        if any(one.exclusion_group for one in promotions):
            continue
        cart = price(basket, promotions, node_cap=100_000)
        best = cart.lanes[0].saving_minor if cart.lanes else 0
        for entry in cart.trace:
            if entry.outcome is not Outcome.LOST or entry.lost_by_minor is None:
                continue
            (loser,) = [one for one in promotions if one.id == entry.promotion_id]
            real = best - best_with(basket, promotions, lane, loser)
            assert entry.lost_by_at_least_minor is not None
            assert entry.lost_by_at_least_minor <= real <= entry.lost_by_minor
            told += entry.lost_by_at_least_minor == entry.lost_by_minor
    assert told
