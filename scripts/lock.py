"""Writes requirements/*.txt: every package, direct or not, at the version installed here.

Run it in an environment where `pip install -e '.[postgres,dev]'` has just been made fresh; the
files hold names and versions and nothing else.
"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = PROJECT["optional-dependencies"]
BUILD = ["setuptools"]


def main() -> None:
    """Writes the two locks: what a shop runs on, and what its developers need besides."""
    run = closure([*PROJECT["dependencies"], *EXTRAS["postgres"], *BUILD])
    dev = closure([*EXTRAS["dev"]])
    write("run.txt", run)
    write("dev.txt", {name: pin for name, pin in dev.items() if name not in run})


def closure(requirements: list[str]) -> dict[str, str]:
    """The pins of the requirements and of everything they need on this platform."""
    pins: dict[str, str] = {}
    waiting = [(Requirement(text), "") for text in requirements]
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        found = installed(wanted.name)
        if found is None:
            continue
        name = canonicalize_name(found.metadata["Name"])
        fresh = name not in pins
        pins[name] = found.version
        for text in found.requires or []:
            below = Requirement(text)
            for asked in (wanted.extras or {""}) if fresh or wanted.extras else ():
                if fresh or re.search(r"\bextra\b", str(below.marker or "")):
                    waiting.append((below, asked))
    return pins


def installed(name: str) -> Distribution | None:
    """The installed distribution of this name."""
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None


def write(file: str, pins: dict[str, str]) -> None:
    """One line per package, by name."""
    lines = [f"{name}=={pins[name]}" for name in sorted(pins)]
    (ROOT / "requirements" / file).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
