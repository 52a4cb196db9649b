"""The pages about kinds of promotion are what the kinds and the case book make of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("promotion_docs", ROOT / "scripts/promotion_docs.py")
assert SPEC is not None and SPEC.loader is not None
docs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(docs)
PAGES: dict[str, str] = dict(docs.pages())


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_make_docs_writes(name: str) -> None:
    written = (ROOT / "docs/promotions" / name).read_text(encoding="utf-8")

    assert written == PAGES[name], "run `make docs`"


def test_there_are_no_other_pages() -> None:
    assert {path.name for path in (ROOT / "docs/promotions").iterdir()} == set(PAGES)


def test_the_rule_of_every_page_is_one_that_the_schema_takes() -> None:
    """Parsed and validated as GraphQL against the committed schema."""
    schema = build_schema((ROOT / "src/storeql/schema/schema.graphql").read_text(encoding="utf-8"))
    for name, text in PAGES.items():
        if name != "README.md":
            mutation = text.split("```\n")[1]
            assert validate(schema, parse(mutation)) == [], name
