"""Writes a new plugin: a whole distribution that installs, is tested and prices a cart."""

from __future__ import annotations

from pathlib import Path
from string import Template

import storeql
from storeql.authoring.names import Names, names_of
from storeql.errors import BadInput
from storeql.hooks import HOOKS_VERSION, load_hooks

TEMPLATE = Path(__file__).parent / "template"

# By the name of the template: where its text goes in the distribution.
FILES = {
    "pyproject.toml.txt": "pyproject.toml",
    "plugin.py.txt": "{module}.py",
    "test_plugin.py.txt": "tests/test_{module}.py",
    "readme.md.txt": "README.md",
    "licence.txt": "LICENSE",
    "gitignore.txt": ".gitignore",
}


def write_distribution(name: str, *, into: Path) -> Path:
    """The folder of the new distribution in `into`.

    Raises BadInput for a name that is wrong or belongs to a plugin that is there already, and for
    a folder that exists: nothing is ever overwritten.
    """
    names = names_of(name)
    _must_be_free(names)
    folder = into / names.distribution
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise BadInput(f"{folder} cannot be made: {error.strerror}.") from None
    for template, target in FILES.items():
        path = folder / target.format(module=names.module)
        path.parent.mkdir(exist_ok=True)
        path.write_text(_filled(template, names), encoding="utf-8")
    return folder


def _must_be_free(names: Names) -> None:
    """A shop leaves out the second plugin with a name, a kind or a rule that it knows already."""
    hooks = load_hooks()
    kinds = {key for info in hooks.plugins() for key in info.promotion_types}
    rules = {kind.Rule.__name__ for kind in hooks.promotion_types}
    known = {info.name for info in hooks.plugins()}
    if names.entry_point in known or names.kind in kinds or names.rule in rules:
        raise BadInput(
            f"There is a plugin called {names.entry_point} already: choose another name."
        )


def _filled(template: str, names: Names) -> str:
    text = (TEMPLATE / template).read_text(encoding="utf-8")
    return Template(text).substitute(
        names._asdict(), version=storeql.__version__, hooks_version=HOOKS_VERSION
    )
