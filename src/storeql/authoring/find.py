"""Finds the plugins that an author names: a distribution's folder, a module, an installed one."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from storeql.errors import BadInput
from storeql.hooks.discovery import GROUP, candidates
from storeql.hooks.plugin import Candidate


class Found(NamedTuple):
    """Plugins to check, not loaded yet, and the test modules that may hold rules for them."""

    plugins: list[Candidate]
    tests: Sequence[Path] = ()


def find_plugins(target: str) -> Found:
    """What `target` names; raises BadInput with one sentence when it is no plugin.

    A folder is a distribution with a pyproject.toml, a file a module; anything else is the name of
    an installed plugin or of its distribution.
    """
    path = Path(target)
    if path.is_dir():
        return _of_distribution(path.resolve())
    if path.is_file():
        return Found([_of_module(path.resolve())])
    known = [one for one in candidates() if target in (one.name, one.source)]
    if not known:
        raise BadInput(
            f"{target} is no plugin: there is no such folder or module, and no installed plugin "
            "of that name."
        )
    return Found(known)


def _of_distribution(folder: Path) -> Found:
    project = _project(folder)
    points = project.get("entry-points", {}).get(GROUP, {})
    if not isinstance(points, dict) or not points:
        raise BadInput(
            f"{folder} is no plugin: its pyproject.toml has no [project.entry-points.{GROUP}]."
        )
    for source in (folder / "src", folder):
        if source.is_dir() and str(source) not in sys.path:
            sys.path.insert(0, str(source))
    version, name = str(project.get("version", "")), str(project.get("name", folder.name))
    plugins = [
        Candidate(
            name=point, version=version, source=name, load=EntryPoint(point, str(value), GROUP).load
        )
        for point, value in sorted(points.items())
    ]
    return Found(plugins, sorted((folder / "tests").rglob("test_*.py")))


def _project(folder: Path) -> dict[str, Any]:
    try:
        text = (folder / "pyproject.toml").read_text(encoding="utf-8")
        project = tomllib.loads(text).get("project", {})
    except FileNotFoundError:
        raise BadInput(f"{folder} is no plugin: it has no pyproject.toml.") from None
    except (OSError, ValueError) as error:
        raise BadInput(f"{folder}/pyproject.toml cannot be read: {error}") from None
    return project if isinstance(project, dict) else {}


def _of_module(path: Path) -> Candidate:
    if path.suffix != ".py":
        raise BadInput(f"{path} is no plugin: a module's name ends in .py.")
    return Candidate(
        name=path.stem, version="", source=str(path), load=lambda: module_at(path.stem, path)
    )


def module_at(name: str, path: Path) -> ModuleType:
    """The module in this file, imported under this name; raises what its code raises."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
