"""Which variants a product comes in: a few values of each of its ware's axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product as combinations
from random import Random

from msgspec import Struct

from storeql.demo.content import Axis, OptionValue, Ware

HOW_MANY = (1, 2, 2, 3, 3, 3, 4, 4)


class Chosen(Struct, frozen=True):
    """An axis with the values one product has of it."""

    axis: Axis
    values: tuple[OptionValue, ...]


def choose_options(
    ware: Ware, axes: Mapping[str, Axis], *, random: Random, variants: int | None = None
) -> tuple[Chosen, ...]:
    """The product's axes with their values; their combinations are its variants.

    `variants` asks for exactly that many; raises ValueError when the ware cannot have them.
    """
    available = [len(values) for values in ware.axes.values()]
    shapes = _shapes(available, random.choice(HOW_MANY) if variants is None else variants)
    if not shapes:
        if variants is None:
            return choose_options(ware, axes, random=random, variants=1)
        raise ValueError(f"{ware.code} does not come in {variants} variants")
    shape = random.choice(shapes)
    return tuple(
        Chosen(axes[name], _some(axes[name], keys, count=count, random=random))
        for (name, keys), count in zip(ware.axes.items(), shape, strict=True)
    )


def combinations_of(chosen: Sequence[Chosen]) -> list[tuple[OptionValue, ...]]:
    """One entry per variant, the last axis changing fastest."""
    return list(combinations(*(one.values for one in chosen)))


def _shapes(available: Sequence[int], total: int) -> list[tuple[int, ...]]:
    """Every way to have `total` combinations out of so many values per axis."""
    ranges = [range(1, most + 1) for most in available]
    return [counts for counts in combinations(*ranges) if _times(counts) == total]


def _times(counts: Sequence[int]) -> int:
    result = 1
    for count in counts:
        result *= count
    return result


def _some(
    axis: Axis, keys: Sequence[str], *, count: int, random: Random
) -> tuple[OptionValue, ...]:
    """That many neighbouring values: sizes without gaps, colours from anywhere in the row."""
    if axis.values[keys[0]].hex:
        first = random.randrange(len(keys))
        keys = [*keys[first:], *keys[:first]]
        first = 0
    else:
        first = random.randrange(len(keys) - count + 1)
    return tuple(axis.values[key] for key in keys[first : first + count])
