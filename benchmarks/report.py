"""Prints what was measured."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table


def tell_costs(console: Console, rows: list[dict[str, Any]]) -> None:
    """One line per workload: CPU a request of both, their ratio, latency, throughput."""
    table = Table(
        "",
        "Workload",
        "CPU ms",
        "floor",
        "ratio",
        "p50 ms",
        "p95 ms",
        "floor p50",
        "req/s",
        "floor",
        "SQL",
        "bytes",
        box=None,
    )
    for row in rows:
        ours, floor = row["storeql"], row["floor"]
        table.add_row(
            row["key"],
            row["title"],
            f"{ours['cpu_ms']:.2f}",
            f"{floor['cpu_ms']:.2f}",
            f"{row['ratio']:.2f}",
            f"{ours['p50_ms']:.1f}",
            f"{ours['p95_ms']:.1f}",
            f"{floor['p50_ms']:.1f}",
            f"{ours['per_second']:.0f}",
            f"{floor['per_second']:.0f}",
            "" if row["statements"] is None else str(row["statements"]),
            f"{ours['bytes']:.0f}",
        )
    console.print(table, highlight=False)


def tell_figures(console: Console, figures: dict[str, Any]) -> None:
    """Start-up, memory, workers."""
    console.print(
        f"First answer {figures['first_answer_seconds']} s after start; "
        f"{figures['resident_mb']} MB resident, {figures['proportional_mb']} MB with shared pages "
        f"counted once; listing {figures['one_worker']} req/s with one worker, "
        f"{figures['two_workers']} with two ({figures['scaling']}×).",
        highlight=False,
    )


def tell_promotions(console: Console, figures: dict[str, float]) -> None:
    """A cart change with the shop's promotions against the same with none."""
    console.print(
        f"Cart change {figures['cpu_ms']} ms CPU under the shop's promotions, "
        f"{figures['without_cpu_ms']} with none of them ({figures['ratio']}×).",
        highlight=False,
    )
