"""Pages with examples are held to the product: these run, commands exist, links lead on.

The convention of the examples: a ```graphql block is one operation, run on a new demo shop in the
order of the page. A word after `graphql` says who asks, `owner` or `shopper` and nobody by default,
or that it is a `subscription`, of which the first event counts.
A ```json variables block after it holds its variables, a ```json answer block what it answers:
of the data, or of the whole response where it begins with `data` or `errors`. "…" stands for
anything, and for all further entries at the end of a list.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest
import typer.main

from storeql.cli import app
from storeql.demo.accounts import PASSWORD, SHOPPER
from storeql.testing import a_shop
from tests.demo_door import open_demo, owner_token
from tests.scenarios.people_door import Door
from tests.scenarios.test_subscriptions import Watching

ROOT = Path(__file__).parents[1]
EXAMPLE_PAGES = ("README.md", "docs/api.md", "docs/prices.md", "docs/storefront.md")
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")),
)
BLOCK = re.compile(r"^```(?P<label>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?://|#)(?P<path>[^)#\s]+)")
COMMAND = re.compile(r"\b(?P<tool>make|storeql) (?P<words>[a-z]+(?: [a-z]+)?)")
ANYTHING = "…"


class Example(NamedTuple):
    """One operation of a page."""

    place: str
    query: str
    asker: str
    variables: dict[str, Any]
    answer: dict[str, Any] | None


def blocks(page: str) -> list[tuple[str, str, int]]:
    """Each code block's label, text and line."""
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        (found["label"].strip(), found["text"], text.count("\n", 0, found.start()) + 1)
        for found in BLOCK.finditer(text)
    ]


def examples(page: str) -> list[Example]:
    found: list[Example] = []
    for label, text, line in blocks(page):
        if label.startswith("graphql"):
            asker = label.removeprefix("graphql").strip()
            found.append(Example(f"{page}:{line}", text, asker, {}, None))
        elif label in ("json variables", "json answer"):
            field = label.removeprefix("json ")
            found[-1] = found[-1]._replace(**{field: json.loads(text)})
    return found


EXAMPLES = {page: examples(page) for page in EXAMPLE_PAGES}


def agrees(documented: Any, answered: Any) -> bool:
    if documented == ANYTHING:
        return True
    if isinstance(documented, list) and isinstance(answered, list):
        if documented[-1:] == [ANYTHING]:
            documented = documented[:-1]
            answered = answered[: len(documented)]
        return len(documented) == len(answered) and all(map(agrees, documented, answered))
    if isinstance(documented, dict) and isinstance(answered, dict):
        return documented.keys() == answered.keys() and all(
            agrees(value, answered[key]) for key, value in documented.items()
        )
    return bool(documented == answered)


@pytest.fixture
def door(migrated_file: Path, tmp_path: Path) -> Iterator[Door]:
    with open_demo(migrated_file, tmp_path, products=200) as opened:
        yield opened


@pytest.mark.parametrize("page", EXAMPLE_PAGES)
def test_every_example_answers_as_documented(door: Door, page: str) -> None:
    tokens = {"": "", "owner": owner_token(door), "shopper": shopper_token(door)}
    assert EXAMPLES[page]
    for example in EXAMPLES[page]:
        if example.asker == "subscription":
            with Watching(door, example.query, **example.variables) as watching:
                check(example, {"data": watching.next()})
        else:
            token = tokens[example.asker]
            check(example, door.answer(example.query, token, **example.variables))


def check(example: Example, answered: dict[str, Any]) -> None:
    documented = {"data": ANYTHING} if example.answer is None else example.answer
    if not documented.keys() & {"data", "errors"}:
        documented = {"data": documented}
    answered.pop("extensions", None)
    for error in answered.get("errors", ()):
        error.pop("locations", None)  # of the document's lines: nothing to read about
    shown = json.dumps(answered, ensure_ascii=False, indent=2)
    assert agrees(documented, answered), f"{example.place} answers {shown}"
    for payload in (answered["data"] or {}).values():
        if example.answer is None and isinstance(payload, dict):
            assert not payload.get("userErrors"), f"{example.place} answers {shown}"


def shopper_token(door: Door) -> str:
    sign_in = "mutation ($input: SignInInput!) { customerSignIn(input: $input) { token } }"
    credentials = {"email": SHOPPER.email, "password": PASSWORD}
    return str(door.ask(sign_in, input=credentials)["token"])


def test_the_promotion_of_the_readme_prices_a_cart(tmp_path: Path) -> None:
    [code] = [text for label, text, _ in blocks("README.md") if label == "python"]
    module = ModuleType("readme_promotion")
    sys.modules[module.__name__] = module
    exec(compile(code, "README.md", "exec", dont_inherit=True), vars(module))
    with a_shop(tmp_path, plugins=[module]) as shop:
        pot = shop.sell("Teapot", price_minor=80_00)
        shop.promote("Half price", {"dearestPiece": {"off": "50"}})
        lines = [{"variantId": pot.variant_id, "quantity": 2}]
        answered = shop.graphql(
            "mutation ($input: CartCreateInput!) "
            "{ cartCreate(input: $input) { cart { price { total { amount } } } } }",
            {"input": {"lines": lines}},
        )
    assert answered["cartCreate"]["cart"]["price"]["total"]["amount"] == "120.00"
    assert len(code.splitlines()) <= 35


def test_every_command_that_the_pages_name_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = [command for page in PAGES for command in commands(page)]
    assert ("make", "demo") in named
    for tool, words in named:
        known = targets if tool == "make" else subcommands()
        first = words.split()[0]
        assert words in known or first in known, f"{tool} {words}"


def commands(page: str) -> Iterator[tuple[str, str]]:
    """What the page's shell blocks and inline code run."""
    text = (ROOT / page).read_text(encoding="utf-8")
    shell = [block for label, block, _ in blocks(page) if label in ("", "sh")]
    inline = re.findall(r"`((?:make|storeql) [^`\n]+)`", BLOCK.sub("", text))
    for piece in [*shell, *inline]:
        for line in piece.splitlines():
            for found in COMMAND.finditer(line.partition("#")[0]):
                yield found["tool"], found["words"]


def subcommands() -> set[str]:
    """`serve`, `plugin list` and so on."""
    group = typer.main.get_command(app)
    names: set[str] = set()
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        names |= {f"{name} {sub}" for sub in inner} if inner else {name}
    return names


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_files_that_are_there(page: str) -> None:
    text = BLOCK.sub("", (ROOT / page).read_text(encoding="utf-8"))
    for found in LINK.finditer(text):
        assert ((ROOT / page).parent / found["path"]).exists(), found["path"]
