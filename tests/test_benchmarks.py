"""The benchmark of the engine runs, and what it measures is what its bars speak of."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from benchmarks.pricing.bars import MEASURED
from benchmarks.pricing.index import ACTIVE
from benchmarks.pricing.report import measure_engine
from benchmarks.tables import measure_tables


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


def test_tables_are_measured_into_the_shop_and_out(tmp_path: Path) -> None:
    told = io.StringIO()
    url = f"sqlite:///{tmp_path}/tables.sqlite"
    figures = measure_tables(Console(file=told, width=200), "sqlite", url, 40)
    assert list(figures) == ["new", "unchanged", "repriced", "exported"]
    assert "Tables of 40 variants on sqlite" in told.getvalue()
    assert all(spent["cpu"] >= 0 for spent in figures.values())
    assert sum(spent["cpu"] for spent in figures.values()) > 0
