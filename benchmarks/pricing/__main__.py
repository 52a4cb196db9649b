"""`python -m benchmarks.pricing`: the pricing engine alone; writes results/pricing.json."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from rich.console import Console

from benchmarks.pricing.report import SAMPLES, measure_engine

RESULTS = Path(__file__).parents[1] / "results"


def main() -> None:
    """Measures, prints, and writes the same as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pricing", description=__doc__)
    parser.add_argument("--carts", type=int, default=SAMPLES, help="of each kind")
    figures = measure_engine(Console(width=140), parser.parse_args().carts)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "pricing.json").write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
