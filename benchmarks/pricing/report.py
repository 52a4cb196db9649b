"""Measures the engine, prints it and says which bars are reached."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.pricing.bars import LARGEST_INDEX_RATIO, LARGEST_MS, MEASURED, Measured
from benchmarks.pricing.index import measure_index
from benchmarks.pricing.measure import measure

SAMPLES = 40


def measure_engine(console: Console, samples: int = SAMPLES) -> dict[str, Any]:
    """The figures of every case, printed as they come, and of the index."""
    console.rule("the pricing engine alone")
    rows = [_row(one, measure(one.make, samples)) for one in MEASURED]
    _tell(console, rows)
    index = measure_index()
    index["reached"] = index["ratio"] <= LARGEST_INDEX_RATIO
    console.print(
        f"50 lines under {index['active']} active promotions: {index['under_all_ms']} ms, under "
        f"the {index['candidates']} that touch it {index['under_candidates_ms']} ms: "
        f"{index['ratio']}× (at most {LARGEST_INDEX_RATIO:g}×, {_mark(index['reached'])}).",
        highlight=False,
    )
    return {"cases": rows, "index": index}


def _row(one: Measured, figures: dict[str, Any]) -> dict[str, Any]:
    bars = {"most_ms": one.most_ms, "most_gap_percent": one.most_gap_percent}
    return {"title": one.title, **figures, **bars, "reached": _reached(one, figures)}


def _reached(one: Measured, figures: dict[str, Any]) -> bool:
    quick = one.most_ms is None or figures["median_ms"] <= one.most_ms
    most = LARGEST_MS if one.most_ms is None else max(LARGEST_MS, one.most_ms)
    gap = one.most_gap_percent
    near = gap is None or figures["gap_median_percent"] <= gap
    return quick and near and bool(figures["max_ms"] <= most)


def _tell(console: Console, rows: list[dict[str, Any]]) -> None:
    table = Table("CPU of one price", box=None)
    for name in ("median", "p90", "max", "bar ms", "exact", "gap med", "gap max", "bar %", "nodes"):
        table.add_column(name, justify="right")
    table.add_column("")
    for row in rows:
        table.add_row(
            row["title"],
            f"{row['median_ms']:.2f}",
            f"{row['p90_ms']:.2f}",
            f"{row['max_ms']:.2f}",
            _bar(row["most_ms"]),
            f"{row['exact']}/{row['carts']}",
            f"{row['gap_median_percent']:.2f}",
            f"{row['gap_max_percent']:.2f}",
            _bar(row["most_gap_percent"]),
            str(row["nodes_median"]),
            _mark(row["reached"]),
        )
    console.print(table, highlight=False)


def _bar(most: float | None) -> str:
    return "" if most is None else f"{most:g}"


def _mark(reached: bool) -> str:
    return "reached" if reached else "missed"
