"""docs/payments.md says what the code does: its tables are drawn from it, its example is valid."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from graphql import build_schema, parse, validate

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/payments.md"
SPEC = importlib.util.spec_from_file_location("payment_docs", ROOT / "scripts/payment_docs.py")
assert SPEC is not None and SPEC.loader is not None
docs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(docs)


def test_the_tables_are_what_make_docs_writes() -> None:
    written = PAGE.read_text(encoding="utf-8")

    assert written == docs.filled(written), "run `make docs`"


def test_the_tables_name_every_state_and_every_answer() -> None:
    attempts = docs.tables()["attempts"].splitlines()

    assert len(attempts) == 2 + len(docs.ANSWERS)
    assert attempts[0].count("|") == 2 + len(docs.PaymentStatus)


def test_the_examples_are_ones_that_the_schema_takes() -> None:
    schema = build_schema((ROOT / "src/storeql/schema/schema.graphql").read_text(encoding="utf-8"))
    found = re.findall(r"^```graphql\n(.*?)^```$", PAGE.read_text("utf-8"), re.M | re.S)

    assert found
    for text in found:
        assert validate(schema, parse(text)) == []
