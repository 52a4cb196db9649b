"""`storeql plugin new` writes a distribution that is finished: it installs, passes, and sells."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from storeql.authoring.names import names_of
from storeql.authoring.scaffold import write_distribution
from storeql.errors import BadInput

ROOT = Path(__file__).parents[2]
PYTHON = (sys.executable, "-m")


def test_one_name_gives_all_the_others() -> None:
    assert names_of("storeql-late-hour") == names_of("late-hour")
    assert names_of("late-hour")._asdict() == {
        "entry_point": "late-hour",
        "distribution": "storeql-late-hour",
        "module": "storeql_late_hour",
        "kind": "LATE_HOUR",
        "rule": "LateHourRule",
        "member": "lateHour",
        "title": "Late hour",
    }


@pytest.mark.parametrize(
    "name",
    ["", "Late", "late_hour", "2-for-1", "late--hour", "late-", "../late", "a/b", "晚", "a" * 31],
)
def test_impossible_name_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is no name for a plugin"):
        write_distribution(name, into=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["percentage", "cash-on-delivery", "happy-hour"])
def test_name_of_a_plugin_that_is_there_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is a plugin called"):
        write_distribution(name, into=tmp_path)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = write_distribution("late-hour", into=tmp_path)
    module = folder / "storeql_late_hour.py"
    module.write_text("# mine", encoding="utf-8")

    with pytest.raises(BadInput, match="cannot be made: File exists"):
        write_distribution("late-hour", into=tmp_path)

    assert module.read_text(encoding="utf-8") == "# mine"


def test_what_is_written_is_in_style_whatever_the_length_of_its_name(tmp_path: Path) -> None:
    for name in ("z", "abcdefgh-abcdefgh-abcdefgh-abc"):
        folder = write_distribution(name, into=tmp_path)
        run(folder, *PYTHON, "ruff", "check", ".")
        run(folder, *PYTHON, "ruff", "format", "--check", ".")


def test_new_plugin_installs_and_passes_its_tests_and_strict_types(tmp_path: Path) -> None:
    made = run(tmp_path, *PYTHON, "storeql.cli", "plugin", "new", "late-hour")
    folder = tmp_path / "storeql-late-hour"
    assert "storeql plugin check storeql-late-hour" in made

    pip = (*PYTHON, "pip", "install", "--quiet", "--no-deps", "--no-build-isolation")
    run(tmp_path, *pip, "--target", str(tmp_path / "site"), str(folder))
    listed = run(tmp_path, *PYTHON, "storeql.cli", "plugin", "list")
    assert [line.split()[3:5] for line in listed.splitlines() if "late-hour " in line] == [
        ["ACTIVE", "LATE_HOUR"]
    ]
    assert "20 passed" in run(folder, *PYTHON, "pytest", "-q")
    cache = ("--cache-dir", str(ROOT / ".mypy_cache"))
    assert "no issues found in 2 source files" in run(folder, *PYTHON, "mypy", *cache)


def run(folder: Path, *command: str) -> str:
    """What the command prints, with what was installed into `site` at hand; it must succeed."""
    site = folder / "site" if (folder / "site").exists() else folder.parent / "site"
    environment = {**os.environ, "PYTHONPATH": str(site)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
