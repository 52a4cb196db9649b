"""How much of each variant lies in which warehouse: mostly plenty, some low, some gone."""

from __future__ import annotations

from enum import Enum
from random import Random

SOLD_OUT = 0.04
RUNNING_LOW = 0.10
COUNTED = 0.15


class Supply(Enum):
    """How well a product is stocked."""

    PLENTY = "PLENTY"
    LOW = "LOW"
    OUT = "OUT"


def supply_of(random: Random) -> Supply:
    """One product in 25 is sold out, one in 16 is running low."""
    drawn = random.random()
    if drawn < SOLD_OUT:
        return Supply.OUT
    return Supply.LOW if drawn < RUNNING_LOW else Supply.PLENTY


def on_hand(supply: Supply, popularity: float, *, random: Random) -> tuple[int, int]:
    """Pieces of one variant in the first and in the second warehouse."""
    if supply is Supply.OUT:
        return 0, 0
    if supply is Supply.LOW:
        return random.randint(0, 4), random.randint(0, 1)
    pieces = round((60 + 25 * popularity) * random.uniform(0.6, 1.4))
    first = round(pieces * random.uniform(0.45, 0.75))
    return first, pieces - first


def counted_missing(pieces: int, random: Random) -> int:
    """How many pieces more were received than are there now: what stock-taking wrote off."""
    if pieces == 0:
        return random.randint(5, 40)
    return random.randint(1, 3) if random.random() < COUNTED else 0
