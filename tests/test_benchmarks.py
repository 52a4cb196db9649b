"""The benchmark of the engine runs, and what it measures is what its bars speak of."""

from __future__ import annotations

import io

from rich.console import Console

from benchmarks.pricing.bars import MEASURED
from benchmarks.pricing.index import ACTIVE
from benchmarks.pricing.report import measure_engine


def test_every_cart_is_measured_against_its_bar() -> None:
    told = io.StringIO()
    figures = measure_engine(Console(file=told, width=140), samples=1)
    assert [row["title"] for row in figures["cases"]] == [one.title for one in MEASURED]
    for row in figures["cases"]:
        assert row["title"] in told.getvalue()
        assert 0 < row["median_ms"] <= row["max_ms"]
        assert 0 <= row["gap_median_percent"] <= row["gap_max_percent"]
    index = figures["index"]
    assert 3 <= index["candidates"] < index["active"] == ACTIVE
    assert index["ratio"] > 0
