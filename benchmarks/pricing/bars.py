"""What is priced, and what each has to reach."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.pricing.cases import Case, bundles, mixed, overlapping, simple, usual
from benchmarks.pricing.ordinary import ordinary


class Measured(NamedTuple):
    """A kind of cart, with the most its price may take and the largest gap it may leave, both at
    the median; None where there is no bar."""

    title: str
    make: Callable[[random.Random], Case]
    most_ms: float | None = None
    most_gap_percent: float | None = None


LARGEST_MS = 20.0
"""No cart of up to 50 lines takes longer, whatever its promotions."""
LARGEST_INDEX_RATIO = 2.0

MEASURED = (
    Measured("50 lines, 3 promotions apart", simple, 1),
    Measured("50 lines, 20 of the built-in kinds", ordinary, 1),
    Measured("50 lines, 20 of mixed kinds, overlapping", mixed, 10, 2),
    Measured("20 lines x 8 overlapping", lambda dice: usual(dice, 20, 8, 0.4), 2, 0),
    Measured("20 lines x 8, all on all", lambda dice: usual(dice, 20, 8, 1.0), 20, 2),
    Measured("50 lines x 20 overlapping", lambda dice: usual(dice, 50, 20, 0.3), 10, 2),
    Measured("20 lines x 8 scarce", lambda dice: overlapping(dice, 20, 8, 0.4), 20),
    Measured("20 lines x 8 scarce, shop-wide", lambda dice: overlapping(dice, 20, 8, 1.0), 20),
    Measured(
        "20 lines x 8 scarce, no ceiling",
        lambda dice: overlapping(dice, 20, 8, 0.4, plain=True),
        20,
    ),
    Measured("50 lines x 20 scarce", lambda dice: overlapping(dice, 50, 20, 0.3), 10, 2),
    Measured("50 lines x 20 scarce, shop-wide", lambda dice: overlapping(dice, 50, 20, 1.0), 10, 2),
    Measured("20 lines, 4 bundles, percent", lambda dice: bundles(dice, 20, 5), 20),
    Measured("200 lines x 200 scarce", lambda dice: overlapping(dice, 200, 200, 0.1), 100),
)
