"""`python -m soak`: runs the load and kill proofs and ends with 1 when one of them fails."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from soak.engines import NO_POSTGRES, engines_of
from soak.findings import Findings
from soak.logs import faults_in, last_lines
from soak.proofs import PROOFS
from soak.shop import running_shop

STEADY_SECONDS = 60.0
SPARE_SECONDS = 240.0


def main() -> int:
    """Runs the proofs that were asked for; the exit status."""
    options = _options()
    engines = engines_of(options.engine)
    if options.engine != "sqlite" and "postgresql" not in engines:
        say(NO_POSTGRES)
    names = [options.only] if options.only else list(PROOFS)
    results = list(_run(engines, names, options.seconds))
    say(f"{sum(results)} passed, {results.count(False)} failed")
    return 0 if results and all(results) else 1


def say(line: str) -> None:
    """Writes a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--only", choices=list(PROOFS), help="run one proof")
    parser.add_argument("--engine", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument(
        "--seconds", type=float, default=STEADY_SECONDS, help="how long `steady` buys (60)"
    )
    return parser.parse_args()


def _run(engines: Sequence[str], names: Sequence[str], seconds: float) -> Iterator[bool]:
    with tempfile.TemporaryDirectory(prefix="storeql-soak-") as folder:
        for engine in engines:
            for name in names:
                place = Path(folder) / f"{engine}-{name}"
                place.mkdir()
                yield _prove(name, engine, place, seconds)


def _prove(name: str, engine: str, folder: Path, seconds: float) -> bool:
    """Runs one proof on a new shop and prints its line; shows the log when it fails."""
    findings, log, began = Findings(), folder / "servers.log", time.monotonic()
    try:
        asyncio.run(_proved(name, engine, folder, log, findings, seconds))
    except Exception as error:
        findings.complain([f"{type(error).__name__}: {error}"])
    findings.complain(faults_in(log))
    say(findings.line(name, engine, time.monotonic() - began))
    if findings.hold:
        return True
    for line in [*findings.details(), *last_lines(log)]:
        say(line)
    return False


async def _proved(
    name: str, engine: str, folder: Path, log: Path, findings: Findings, seconds: float
) -> None:
    async with asyncio.timeout(seconds + SPARE_SECONDS), running_shop(engine, folder, log) as shop:
        await PROOFS[name](shop, findings, seconds)


if __name__ == "__main__":
    sys.exit(main())
