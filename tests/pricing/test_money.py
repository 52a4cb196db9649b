"""Rounding and sharing out: tables of cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeql.pricing import allocate, allocate_within, percent_of, round_half_up


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(0, 3, 0), (1, 2, 1), (1, 3, 0), (2, 3, 1), (3, 2, 2), (5, 2, 3), (249, 100, 2), (7, 7, 1)],
)
def test_a_half_is_rounded_up(numerator: int, denominator: int, expected: int) -> None:
    assert round_half_up(numerator, denominator) == expected


@pytest.mark.parametrize(
    ("amount", "basis_points", "expected"),
    [(100_00, 1000, 10_00), (1, 5000, 1), (1, 4999, 0), (333, 3333, 111), (99, 10_000, 99)],
)
def test_a_percentage_is_exact_and_rounded_once(
    amount: int, basis_points: int, expected: int
) -> None:
    assert percent_of(amount, basis_points) == expected


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (40_00, [50_00, 25_00, 45_00], [16_67, 8_33, 15_00]),
        (810_00, [600_00, 400_00], [486_00, 324_00]),
        (1, [1, 1, 1], [1, 0, 0]),
        (2, [1, 1, 1], [1, 1, 0]),
        (100, [1, 1, 1], [34, 33, 33]),
        (10, [0, 5], [0, 10]),
        (5, [0, 0], [5, 0]),
        (0, [3, 4], [0, 0]),
        (7, [], []),
    ],
)
def test_parts_go_by_largest_remainder_and_ties_to_the_first(
    total: int, weights: list[int], parts: list[int]
) -> None:
    assert allocate(total, weights) == parts


@pytest.mark.parametrize(
    ("total", "weights", "rooms", "parts"),
    [
        (30, [100, 100], [10, 100], [10, 20]),
        (30, [100, 100, 100], [1, 2, 100], [1, 2, 27]),
        (300, [100, 100], [10, 20], [10, 20]),
        (50, [100, 0], [100, 0], [50, 0]),
        (9, [10, 10, 10], [0, 10, 10], [0, 5, 4]),
    ],
)
def test_what_does_not_fit_moves_to_the_others(
    total: int, weights: list[int], rooms: list[int], parts: list[int]
) -> None:
    assert allocate_within(total, weights, rooms) == parts


amounts = st.lists(st.integers(0, 10_000), min_size=1, max_size=8)


@given(amounts, st.integers(0, 50_000))
def test_parts_sum_to_the_whole_and_are_within_one_of_their_share(
    weights: list[int], total: int
) -> None:
    parts = allocate(total, weights)
    assert sum(parts) == total
    whole = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert not whole or abs(part * whole - total * weight) < whole


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=8), st.integers(0))
def test_nothing_goes_over_its_room_and_nothing_is_lost(
    lines: list[tuple[int, int]], total: int
) -> None:
    weights = [max(line) for line in lines]
    rooms = [min(line) for line in lines]
    parts = allocate_within(total, weights, rooms)
    assert all(0 <= part <= room for part, room in zip(parts, rooms, strict=True))
    assert sum(parts) == min(total, sum(rooms))
