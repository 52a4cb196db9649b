"""What every part of the schema keeps to, and the committed copy that shows each change of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
)
from graphql.utilities import build_schema as read_sdl
from graphql.utilities import find_breaking_changes

import storeql.schema
from storeql.schema.export import schema_text

COMMITTED = Path(storeql.schema.__file__).parent / "schema.graphql"


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """The schema as its own SDL says it."""
    return read_sdl(schema_text(None))


def own_types(schema: GraphQLSchema) -> Iterator[Any]:
    return (one for name, one in schema.type_map.items() if not name.startswith("__"))


def fields(schema: GraphQLSchema) -> Iterator[tuple[str, GraphQLField]]:
    for one in own_types(schema):
        if isinstance(one, (GraphQLObjectType, GraphQLInterfaceType)):
            for name, field in one.fields.items():
                yield f"{one.name}.{name}", field


def requires(field: GraphQLField) -> bool:
    node = field.ast_node
    return node is not None and any(one.name.value == "requires" for one in node.directives or ())


def test_the_committed_copy_is_the_schema() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(None), "run `make schema`"


def test_nothing_disappears_without_having_been_deprecated(schema: GraphQLSchema) -> None:
    committed = read_sdl(COMMITTED.read_text(encoding="utf-8"))
    broken = find_breaking_changes(committed, schema)
    assert [change.description for change in broken] == []


def test_everything_is_described(schema: GraphQLSchema) -> None:
    silent = []
    for one in own_types(schema):
        root = one in (schema.query_type, schema.mutation_type, schema.subscription_type)
        if not one.description and not root:
            silent.append(one.name)
        if isinstance(one, GraphQLEnumType):
            continue
        for name, field in getattr(one, "fields", {}).items():
            if not field.description:
                silent.append(f"{one.name}.{name}")
            arguments = getattr(field, "args", {})
            silent += [
                f"{one.name}.{name}({argument})"
                for argument, given in arguments.items()
                if not given.description
            ]
    assert [name for name in silent if not name.startswith(BUILT_IN)] == []


BUILT_IN = ("String", "Int", "Float", "Boolean", "ID")


def test_a_field_behind_a_permission_can_be_null(schema: GraphQLSchema) -> None:
    guarded = [(name, field) for name, field in fields(schema) if requires(field)]
    assert len(guarded) > 20
    assert [name for name, field in guarded if isinstance(field.type, GraphQLNonNull)] == []


def test_a_mutation_takes_one_input_and_answers_user_errors(schema: GraphQLSchema) -> None:
    assert schema.mutation_type is not None
    for name, field in schema.mutation_type.fields.items():
        assert list(field.args) in ([], ["input"]), name
        payload = get_nullable_type(field.type)
        assert isinstance(payload, GraphQLObjectType), name
        assert "userErrors" in payload.fields, name


# Bounded by what is installed, by the ids that were given, by the texts of one content.
PLAIN_LISTS = {"promotionTypes", "plugins", "nodes", "contentDifference"}


def test_a_list_at_the_root_is_a_connection(schema: GraphQLSchema) -> None:
    assert schema.query_type is not None
    plain = {
        name
        for name, field in schema.query_type.fields.items()
        if isinstance(get_nullable_type(field.type), GraphQLList)
    }
    assert plain == PLAIN_LISTS


def test_a_connection_bounds_its_pages_and_offers_nodes(schema: GraphQLSchema) -> None:
    for name, field in fields(schema):
        answer = get_named_type(field.type)
        if answer.name.endswith("Connection"):
            assert {"first", "after"} <= set(field.args), name
            assert {"nodes", "edges", "pageInfo"} <= set(answer.fields), name  # type: ignore[union-attr]


def test_alternatives_are_one_of_inputs_and_lists_hold_no_nulls(schema: GraphQLSchema) -> None:
    for one in own_types(schema):
        if not isinstance(one, GraphQLInputObjectType):
            continue
        for name, field in one.fields.items():
            inner = get_nullable_type(field.type)
            if isinstance(inner, GraphQLList):
                assert isinstance(inner.of_type, GraphQLNonNull), f"{one.name}.{name}"
