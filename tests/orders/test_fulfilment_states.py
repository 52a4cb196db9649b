"""What fulfilments make of their order: every combination, and every step between them."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import pytest

from storeql.orders.fulfilment.states import (
    FULFILMENT_STEPS,
    ORDERS_OF,
    FulfilmentState,
    FulfilmentStatus,
    derived_state,
    derived_status,
)
from storeql.orders.states import OrderState, may_become

F, O = FulfilmentState, OrderState  # noqa: E741 - as short as the tables they fill
ALLOWED = {
    (F.OPEN, F.PICKING),
    (F.OPEN, F.PACKED),
    (F.OPEN, F.CANCELLED),
    (F.PICKING, F.OPEN),
    (F.PICKING, F.PACKED),
    (F.PICKING, F.CANCELLED),
    (F.PACKED, F.OPEN),
    (F.PACKED, F.PICKING),
    (F.PACKED, F.SHIPPED),
    (F.PACKED, F.CANCELLED),
    (F.SHIPPED, F.DELIVERED),
}
GONE = {F.SHIPPED, F.DELIVERED}


# All that up to three fulfilments of an order can be together, one of them not cancelled.
COMBINATIONS = [
    states
    for size in (1, 2, 3)
    for states in combinations_with_replacement(F, size)
    if set(states) != {F.CANCELLED}
]


@pytest.mark.parametrize(("state", "target"), list(product(F, F)))
def test_only_the_allowed_steps_are_allowed(state: F, target: F) -> None:
    assert (target in FULFILMENT_STEPS[state]) is ((state, target) in ALLOWED)


@pytest.mark.parametrize("states", COMBINATIONS, ids=" ".join)
def test_an_order_is_where_the_part_is_that_is_behind(states: tuple[F, ...]) -> None:
    living = set(states) - {F.CANCELLED}
    if living == {F.DELIVERED}:
        expected = O.DELIVERED
    elif living <= GONE:
        expected = O.SHIPPED
    elif living == {F.OPEN}:
        expected = O.AWAITING_FULFILMENT
    elif living - GONE == {F.PACKED}:
        expected = O.PACKED
    else:
        expected = O.PICKING

    assert derived_state(states, is_held=False) is expected
    assert derived_state(states, is_held=True) is O.ON_HOLD


@pytest.mark.parametrize("states", COMBINATIONS, ids=" ".join)
def test_the_status_says_how_much_has_left(states: tuple[F, ...]) -> None:
    living = set(states) - {F.CANCELLED}
    if not living & GONE:
        expected = FulfilmentStatus.UNFULFILLED
    elif living - GONE:
        expected = FulfilmentStatus.PARTIALLY_SHIPPED
    elif living == {F.DELIVERED}:
        expected = FulfilmentStatus.DELIVERED
    else:
        expected = FulfilmentStatus.SHIPPED

    assert derived_status(states, is_held=False) is expected
    free = derived_status(states, is_held=False)
    assert derived_state(states, is_held=False) in ORDERS_OF[free]
    # What is held has something that did not leave, if only a piece that no warehouse has.
    held = derived_status(states, is_held=True)
    assert held in (FulfilmentStatus.UNFULFILLED, FulfilmentStatus.PARTIALLY_SHIPPED)
    assert O.ON_HOLD in ORDERS_OF[held]


@pytest.mark.parametrize("states", COMBINATIONS, ids=" ".join)
def test_whatever_a_part_does_its_order_can_follow(states: tuple[F, ...]) -> None:
    """Also by way of a hold: put there before the step, or ended after it."""
    before = derived_state(states, is_held=False)
    for place, state in enumerate(states):
        for target in FULFILMENT_STEPS[state] - {F.CANCELLED}:
            after = [*states[:place], target, *states[place + 1 :]]
            following = derived_state(after, is_held=False)
            assert following is before or may_become(before, following), (states, after)


@pytest.mark.parametrize("states", COMBINATIONS, ids=" ".join)
def test_an_order_with_something_in_the_house_can_be_held_and_go_on(states: tuple[F, ...]) -> None:
    if set(states) - {F.CANCELLED} - GONE:
        free = derived_state(states, is_held=False)
        assert may_become(free, O.ON_HOLD)
        assert may_become(O.ON_HOLD, free)
