"""`python -m benchmarks`: every workload on both engines, against the floor, in one run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import secrets
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from benchmarks.client import Request, graphql
from benchmarks.measure import Cost, cost_of, cost_of_stories, throughput
from benchmarks.pricing.report import measure_engine
from benchmarks.replay import measure_replay
from benchmarks.report import tell_costs, tell_figures, tell_promotions
from benchmarks.seed import SECRET, Seeded, seed, without_promotions
from benchmarks.server import running
from benchmarks.statements import counting
from benchmarks.tables import measure_tables
from benchmarks.workloads import (
    LISTING,
    Workload,
    floor_checkout,
    storeql_checkout,
    workloads,
)
from storeql.settings import Settings

RESULTS = Path(__file__).parent / "results"
POSTGRES = os.environ.get("STOREQL_TEST_POSTGRES_URL", "")
HELLO = graphql("{ __typename }")
TURNS, CROWD = 3, 16
console = Console(width=140)


def main() -> None:
    """Measures, prints, and writes the same as JSON."""
    given = _arguments()
    results: dict[str, Any] = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cpus": os.cpu_count(),
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    if not given.only or "pricing" in given.only:
        results["pricing"] = measure_engine(console)
    if not given.only or "replay" in given.only:
        results["replay"] = measure_replay(console)
    with tempfile.TemporaryDirectory() as folder:
        for engine in given.engines if not given.only or "tables" in given.only else ():
            with _database(engine, Path(folder), "tables") as url:
                results[f"tables_{engine}"] = measure_tables(console, engine, url)
        for engine in given.engines:
            with _database(engine, Path(folder)) as url:
                console.rule(f"storeql on {engine}")
                results[engine] = _engine(url, Path(folder) / engine, given)
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / "latest.json"
    file.write_text(json.dumps(results, indent=2) + "\n")
    console.print(f"\nWritten to {file.relative_to(Path.cwd())}.", highlight=False)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--engines", nargs="+", choices=["sqlite", "postgresql"])
    parser.add_argument(
        "--only", nargs="+", metavar="KEY", help="workloads, such as A E pricing replay tables"
    )
    parser.add_argument("--requests", type=int, default=200, help="measured one after another")
    parser.add_argument("--crowd", type=int, default=400, help="measured from 16 clients")
    given = parser.parse_args()
    if not given.engines:
        given.engines = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]
        if not POSTGRES:
            console.print("[yellow]SQLite only: set STOREQL_TEST_POSTGRES_URL for both.[/yellow]")
    return given


@contextmanager
def _database(engine: str, folder: Path, name: str = "shop") -> Iterator[str]:
    if engine == "sqlite":
        yield f"sqlite:///{folder}/{name}.sqlite"
        return
    name = f"storeql_bench_{secrets.token_hex(4)}"
    server = make_url(POSTGRES)
    admin = create_engine(server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield server.set(drivername="postgresql", database=name).render_as_string(False)
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        admin.dispose()


def _engine(url: str, media: Path, given: argparse.Namespace) -> dict[str, Any]:
    began = time.perf_counter()
    shop = seed(url, media)
    console.print(f"Seeded in {time.perf_counter() - began:.1f} s.", highlight=False)
    environment = {
        "STOREQL_DATABASE_URL": url,
        "STOREQL_MEDIA_DIR": str(media),
        "STOREQL_ENVIRONMENT": "production",
        "STOREQL_SECRET": SECRET,
    }
    chosen = [one for one in workloads(shop) if not given.only or one.key.split()[0] in given.only]
    measured = _workloads(environment, shop, chosen, given)
    tell_costs(console, measured)
    figures = _figures(environment, shop, url)
    tell_figures(console, figures)
    if any(one.key == "E" for one in chosen):
        figures["promotions"] = _with_and_without(environment, shop, url, given.requests)
        tell_promotions(console, figures["promotions"])
    return {"workloads": measured, **figures}


def _workloads(
    environment: Mapping[str, str],
    shop: Seeded,
    chosen: list[Workload],
    given: argparse.Namespace,
) -> list[dict[str, Any]]:
    settings = Settings(
        database_url=environment["STOREQL_DATABASE_URL"],
        media_dir=environment["STOREQL_MEDIA_DIR"],
        environment="production",
        secret=SECRET,
    )
    rows = []
    with _storeql(environment) as ours, _floor(environment) as floor:
        for one in chosen:
            mine = cost_of(ours, one.storeql, requests=given.requests, crowd=given.crowd)
            theirs = cost_of(floor, one.floor, requests=given.requests, crowd=given.crowd)
            again = cost_of(ours, one.storeql, requests=given.requests, crowd=given.crowd)
            statements = _statements(settings, one.storeql(1))
            rows.append(_row(one.key, one.title, min(mine, again, key=_cpu), theirs, statements))
        if not given.only or "F" in given.only:
            stories = max(given.requests // 2, 20)
            mine = cost_of_stories(ours, storeql_checkout(shop), stories=stories, crowd=given.crowd)
            theirs = cost_of_stories(
                floor, floor_checkout(shop), stories=stories, crowd=given.crowd
            )
            rows.append(_row("F", "whole checkout", mine, theirs, None))
    return rows


def _cpu(cost: Cost) -> float:
    return cost.cpu_ms


def _row(key: str, title: str, ours: Cost, floor: Cost, statements: int | None) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "statements": statements,
        "ratio": round(ours.cpu_ms / floor.cpu_ms, 2),
        "storeql": ours.as_json(),
        "floor": floor.as_json(),
    }


def _statements(settings: Settings, request: Request) -> int:
    with counting(settings) as ask:
        ask(request)
        status, body, statements = ask(request)
        assert status == 200, body
    return statements


def _figures(environment: Mapping[str, str], shop: Seeded, url: str) -> dict[str, Any]:
    """Start-up, memory and what a second worker brings."""
    figures: dict[str, Any] = {}
    listing = graphql(LISTING)
    with _storeql(environment, first=listing) as server:
        figures["first_answer_seconds"] = round(server.first_answer_seconds, 2)
        cost_of(server, lambda n: listing, requests=50, crowd=200)
        one = throughput(server, lambda n: listing, requests=1500)
        figures["resident_mb"] = round(server.resident_bytes() / 1e6, 1)
        figures["proportional_mb"] = round(server.proportional_bytes() / 1e6, 1)
    with _storeql({**environment, "STOREQL_WORKERS": "2"}) as server:
        two = throughput(server, lambda n: listing, requests=1500)
    figures |= {"one_worker": round(one), "two_workers": round(two), "scaling": round(two / one, 2)}
    return figures


def _with_and_without(
    environment: Mapping[str, str], shop: Seeded, url: str, requests: int
) -> dict[str, float]:
    """What a cart change costs with the shop's promotions and with none of them running.

    Both in turns, and the least of each: a ratio of two figures suffers twice from noise.
    """
    change = next(one.storeql for one in workloads(shop) if one.key == "E")
    under, without = [], []
    with _storeql(environment) as server:
        for _ in range(TURNS):
            under.append(cost_of(server, change, requests=requests, crowd=CROWD).cpu_ms)
            with without_promotions(url):
                without.append(cost_of(server, change, requests=requests, crowd=CROWD).cpu_ms)
    return {
        "cpu_ms": round(min(under), 2),
        "without_cpu_ms": round(min(without), 2),
        "ratio": round(min(under) / min(without), 2),
    }


def _storeql(environment: Mapping[str, str], first: Request = HELLO) -> Any:
    return running("storeql.cli", "serve", environment=environment, first=first)


def _floor(environment: Mapping[str, str]) -> Any:
    first = Request("/products/none")
    return running("benchmarks.floor.app", environment=environment, first=first)


if __name__ == "__main__":
    main()
