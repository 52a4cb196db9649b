"""The page about the life of an order draws the tables that the code goes by."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

from graphql import build_schema

from storeql.orders.states import TRANSITIONS, OrderState

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("order_docs", ROOT / "scripts/order_docs.py")
assert SPEC is not None and SPEC.loader is not None
docs = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(docs)
PAGE = (ROOT / "docs/orders.md").read_text(encoding="utf-8")


def test_the_page_is_what_make_docs_draws() -> None:
    assert docs.drawn(PAGE) == PAGE, "run `make docs`"


def test_every_step_of_an_order_is_drawn_and_no_other() -> None:
    drawing = PAGE.split("<!-- order-states -->")[1].split("<!-- end -->")[0]
    steps = set(re.findall(r"^    (\w+) --> (\w+)$", drawing, re.MULTILINE))

    assert steps == {(one.value, to.value) for one in OrderState for to in TRANSITIONS[one]}


def test_what_the_page_calls_mutations_are_mutations() -> None:
    schema = build_schema((ROOT / "src/storeql/schema/schema.graphql").read_text(encoding="utf-8"))
    assert schema.mutation_type is not None
    about = "orders?|fulfilments?|pickList|package|stock"
    named = set(re.findall(rf"`((?:{about})[A-Z]\w+)`", PAGE))
    fields = set(schema.mutation_type.fields) | {"fulfilmentStatus", "packageIds"}

    assert len(named) > 20
    assert named - fields == set()
