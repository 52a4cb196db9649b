"""Arithmetic on minor units: exact ratios, one way to round, parts that sum to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from operator import gt

BASIS_POINTS = 10_000


def round_half_up(numerator: int, denominator: int) -> int:
    """The ratio rounded to the nearest integer, a half away from zero; for amounts from 0 up."""
    return (2 * numerator + denominator) // (2 * denominator)


def percent_of(amount_minor: int, basis_points: int) -> int:
    """That share of an amount, rounded half up; 1000 basis points are 10 %."""
    return (2 * amount_minor * basis_points + BASIS_POINTS) // (2 * BASIS_POINTS)


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in parts proportional to `weights`: same order, same sum.

    Largest remainder (Hamilton): each part is its exact share rounded down, then the units left
    over go to the largest remainders, of equal ones to the first. Weights that are all 0 get
    nothing unless they have to: then the first takes all.
    """
    if not weights:
        return []
    whole = sum(weights)
    if whole == 0:
        return [total] + [0] * (len(weights) - 1)
    shares = [total * weight for weight in weights]
    parts = [share // whole for share in shares]
    left = total - sum(parts)
    if left:
        remainders = [share % whole for share in shares]
        by_remainder = sorted(range(len(weights)), key=remainders.__getitem__, reverse=True)
        for index in by_remainder[:left]:
            parts[index] += 1
    return parts


def allocate_within(total: int, weights: Sequence[int], rooms: Sequence[int]) -> list[int]:
    """`total` in parts proportional to `weights`, none above its room: same order.

    What does not fit into a part moves to the others, again in proportion. The sum is `total`, or
    the sum of the rooms if that is less. No room may exceed its weight.
    """
    parts = allocate(total, weights)
    if not any(map(gt, parts, rooms)):
        return parts
    if total >= sum(rooms):
        return list(rooms)
    return _fill(total, weights, rooms)


def _fill(total: int, weights: Sequence[int], rooms: Sequence[int]) -> list[int]:
    parts = [0] * len(weights)
    open_ = list(range(len(weights)))
    while True:
        shares = allocate(total, [weights[i] for i in open_])
        full = [i for i, share in zip(open_, shares, strict=True) if share > rooms[i]]
        if not full:
            for i, share in zip(open_, shares, strict=True):
                parts[i] = share
            return parts
        for i in full:
            parts[i] = rooms[i]
            total -= rooms[i]
        open_ = [i for i in open_ if i not in full]
