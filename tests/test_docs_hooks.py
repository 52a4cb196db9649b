"""docs/hooks.md says what the hookspecs say, and every example of the plugin pages runs."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from storeql.hooks import SPECIFICATIONS
from storeql.hooks.markers import PROJECT

DOCS = Path(__file__).parents[1] / "docs"
SECTION = re.compile(r"^## (?P<name>.+)$", re.MULTILINE)
SIGNATURE = re.compile(r"\A\s*`(?P<signature>[^`\n]+)`\n")
EXAMPLE = re.compile(r"^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
PARTS = ("**Called**", "**Returns**", "**Order**", "**Failure**", "**Example**")


class Section(NamedTuple):
    """A second-level section of a page and the line it begins on."""

    name: str
    text: str
    line: int


def sections(page: str) -> list[Section]:
    text = (DOCS / page).read_text(encoding="utf-8")
    heads = list(SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        Section(head["name"], text[head.end() : end], text.count("\n", 0, head.end()) + 1)
        for head, end in zip(heads, ends, strict=True)
    ]


def hookspecs() -> dict[str, Callable[..., Any]]:
    return {
        name: function
        for module in SPECIFICATIONS
        for name, function in vars(module).items()
        if inspect.isfunction(function) and hasattr(function, f"{PROJECT}_spec")
    }


SPECS = hookspecs()
SECTIONS = {section.name: section for section in sections("hooks.md")}


def test_every_hook_has_a_section_and_every_section_a_hook() -> None:
    assert sorted(SECTIONS) == sorted(SPECS)
    assert len(SPECS) >= 7


@pytest.mark.parametrize("name", SPECS)
def test_documented_signature_is_the_hooks(name: str) -> None:
    documented = SIGNATURE.match(SECTIONS[name].text)
    assert documented is not None, f"the section {name} does not begin with its signature"
    assert documented["signature"] == f"{name}{inspect.signature(SPECS[name])}".replace("'", "")


@pytest.mark.parametrize("name", SPECS)
def test_section_says_when_what_in_which_order_and_what_if_it_fails(name: str) -> None:
    text = SECTIONS[name].text
    found = [text.find(part) for part in PARTS]
    assert -1 not in found, (
        f"{name} lacks {[p for p, at in zip(PARTS, found, strict=True) if at < 0]}"
    )
    assert found == sorted(found)


@pytest.mark.parametrize("name", SPECS)
def test_example_implements_the_hook_and_checks_what_comes_out(name: str) -> None:
    [example] = EXAMPLE.finditer(SECTIONS[name].text)
    assert re.search(rf"@hookimpl\n +def {name}\(|@hookimpl\ndef {name}\(", example["code"])
    assert "\nassert " in example["code"]


@pytest.mark.parametrize("name", SECTIONS)
def test_example_of_a_hook_runs(name: str) -> None:
    run([SECTIONS[name]], page="hooks.md")


def test_plugin_page_leads_to_a_priced_cart_and_a_kind_that_conforms(tmp_path: Path) -> None:
    module = run(sections("plugins.md"), page="plugins.md", tmp_path=tmp_path)
    kit = module.TestDearestPiece()
    for name in dir(kit):
        if name.startswith("test_"):
            getattr(kit, name)()


@pytest.mark.parametrize("section", sections("cookbook.md"), ids=lambda section: section.name)
def test_plugin_of_the_cookbook_is_taken_and_does_what_it_says(
    section: Section, tmp_path: Path
) -> None:
    plugin, use = [code for _, code in examples([section])]
    assert "@hookimpl" in plugin
    assert "\nassert " in use
    module = run([section], page="cookbook.md", tmp_path=tmp_path)
    for kit in [value for name, value in vars(module).items() if name.startswith("Test")]:
        test = type(kit.__name__, (kit,), {"examples": 10})()
        for name in dir(test):
            if name.startswith("test_"):
                getattr(test, name)()


def test_cookbook_has_five_plugins() -> None:
    assert len(sections("cookbook.md")) == 5


def run(parts: list[Section], *, page: str, **given: Any) -> Any:
    """Runs the examples of these sections in one module, so that later ones know earlier ones."""
    module = ModuleType(f"example_of_{page.removesuffix('.md')}")
    vars(module).update(given)
    sys.modules[module.__name__] = module
    try:
        for line, code in examples(parts):
            source = compile("\n" * line + code, str(DOCS / page), "exec", dont_inherit=True)
            exec(source, vars(module))
    finally:
        del sys.modules[module.__name__]
    return module


def examples(parts: list[Section]) -> Iterator[tuple[int, str]]:
    found = False
    for section in parts:
        for example in EXAMPLE.finditer(section.text):
            found = True
            yield (
                section.line + section.text.count("\n", 0, example.start("code")) - 1,
                example["code"],
            )
    assert found, "there is no example to run"
