"""Whatever text is put into an argument, the answer is an answer: no value of any field is a bug.

Derived from the schema, so that a new field takes part by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
)

from storeql.db import Database
from tests.everybody import Everybody
from tests.root_fields import Field, fields_of, sdl_schema
from tests.scenarios.people_door import Door, open_door

HOSTILE = (
    "a\0b",
    "\u202e'; DROP TABLE products; -- %_\\" + "字" * 20_000,
    "-99999999999999999999e999",
)
MOST_INT = 2**31 - 1
PAGES = ("first", "after", "last", "before")
DEEPEST = 6
FIELDS = [field for field in fields_of("Query", "Mutation") if field.name != "staffSignOut"]


@pytest.fixture
def people(database: Database) -> Everybody:
    return Everybody(database)


@pytest.fixture
def door(people: Everybody, database_url: str, tmp_path: Path) -> Iterator[Door]:
    with open_door(database_url, str(tmp_path), sign_in_attempts=1000) as opened:
        yield opened


@pytest.mark.parametrize("text", HOSTILE, ids=["NUL", "long", "number"])
def test_no_value_of_an_argument_is_a_bug(door: Door, people: Everybody, text: str) -> None:
    bugs = []
    for field in FIELDS:
        query, variables = _call(field, text)
        answered = door.answer(query, people.token(_who_may(field)), **variables)
        codes = {error["extensions"]["code"] for error in answered.get("errors", ())}
        assert "GRAPHQL_VALIDATION_FAILED" not in codes, answered
        if "INTERNAL_SERVER_ERROR" in codes:
            bugs.append(f"{field}: {answered}")
    assert bugs == []


def _who_may(field: Field) -> str:
    if not field.needs:
        return "guest"
    return "customer" if "CUSTOMER" in field.needs else "owner"


def _call(field: Field, text: str) -> tuple[str, dict[str, Any]]:
    """A call with every argument but those of pages, and the text wherever it can be."""
    definition = sdl_schema().type_map[field.type_name].fields[field.name]  # type: ignore[attr-defined]
    given = {name: one for name, one in definition.args.items() if name not in PAGES}
    heads = ", ".join(f"${name}: {one.type}" for name, one in given.items())
    passed = ", ".join(f"{name}: ${name}" for name in given)
    kind = get_named_type(definition.type)
    below = " { __typename }" if hasattr(kind, "fields") or hasattr(kind, "types") else ""
    query = (
        f"({heads}) {{ {field.name}({passed}){below} }}" if given else f" {{ {field.name}{below} }}"
    )
    return field.type_name.lower() + query, {
        name: _filled(one.type, text) for name, one in given.items()
    }


def _filled(kind: GraphQLInputType, text: str, depth: int = 0) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return _filled(kind.of_type, text, depth)
    if isinstance(kind, GraphQLList):
        return [] if depth > DEEPEST else [_filled(kind.of_type, text, depth)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        fields = list(kind.fields.items())[: 1 if kind.is_one_of else None]
        return {name: _filled(one.type, text, depth + 1) for name, one in fields}
    plain: dict[str, Any] = {"Int": MOST_INT, "Float": 1.5, "Boolean": True}
    return plain.get(kind.name, text)
