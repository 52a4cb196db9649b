"""How long `price` takes, in CPU time, and how far from the best its answers can be."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.pricing.cases import Case
from storeql.pricing import PricedCart, price

RUNS = 5


def milliseconds(work: Callable[[], Any], runs: int = RUNS) -> float:
    """The least CPU time of several runs: what else the machine does only adds to it."""
    least = float("inf")
    for _ in range(runs):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least * 1000


def gap_percent(cart: PricedCart) -> float:
    """How much more could have been saved at most, as far as the engine has proven."""
    saved = sum(lane.saving_minor for lane in cart.lanes)
    gap = sum(lane.gap_minor or 0 for lane in cart.lanes)
    return 100 * gap / saved if saved else 0.0


def measure(make_case: Callable[[random.Random], Case], samples: int) -> dict[str, Any]:
    """The figures of a case over so many carts."""
    times, gaps, nodes = [], [], []
    for seed in range(samples):
        basket, promotions = make_case(random.Random(seed))
        cart = price(basket, promotions)
        times.append(milliseconds(partial(price, basket, promotions), min(RUNS, samples)))
        gaps.append(gap_percent(cart))
        nodes.append(sum(lane.nodes for lane in cart.lanes))
    times.sort()
    return {
        "median_ms": round(statistics.median(times), 3),
        "p90_ms": round(times[int(samples * 0.9)], 3),
        "max_ms": round(times[-1], 3),
        "exact": sum(not gap for gap in gaps),
        "carts": samples,
        "gap_median_percent": round(statistics.median(gaps), 2),
        "gap_max_percent": round(max(gaps), 2),
        "nodes_median": int(statistics.median(nodes)),
        "nodes_max": max(nodes),
    }
