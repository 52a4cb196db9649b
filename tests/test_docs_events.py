"""docs/events.md lists every kind of event as the code has it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_type_hints

from storeql.events import EventKind
from storeql.shop import EVENT_KINDS

PAGE = (Path(__file__).parents[1] / "docs" / "events.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*) \|$", re.MULTILINE)


def camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def row(kind: EventKind) -> str:
    names = get_type_hints(kind.Facts) if kind.Facts else ()
    facts = ", ".join(f"`{camel(name)}`" for name in names)
    return " | ".join((kind.subject, kind.permission.value, kind.description, facts))


def test_the_page_lists_every_kind_with_what_it_says_of_itself() -> None:
    listed = dict(ROW.findall(PAGE))
    assert listed == {kind.name: row(kind) for kind in EVENT_KINDS}


def test_every_kind_has_a_description_and_facts_that_say_what_they_are() -> None:
    for kind in EVENT_KINDS:
        assert kind.description.endswith("."), kind.name
        hints = get_type_hints(kind.Facts, include_extras=True) if kind.Facts else {}
        assert all(hint.__metadata__[0].description for hint in hints.values()), kind.name
