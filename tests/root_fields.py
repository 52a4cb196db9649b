"""The fields of the schema as its SDL shows them, and calls of root fields with few arguments."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)
from msgspec import Struct

from storeql.schema.export import schema_text

ROOTS = ("Query", "Mutation", "Subscription")
EXAMPLES: dict[str, Any] = {
    "String": "x",
    "Int": 1,
    "Float": 1.0,
    "Boolean": False,
    "Decimal": "1.00",
    "DateTime": "2030-01-01T00:00:00Z",
    "CurrencyCode": "CNY",
    "JSON": {},
}


class Field(Struct, frozen=True):
    """A field of an object type; any one of `needs` lets an actor through, none asks nothing."""

    type_name: str
    name: str
    needs: frozenset[str]
    is_nullable: bool

    def __str__(self) -> str:
        return f"{self.type_name}.{self.name}"


class Call(Struct, frozen=True):
    """An operation with one root field."""

    query: str
    variables: dict[str, Any]


@lru_cache(maxsize=1)
def sdl_schema() -> GraphQLSchema:
    """The schema that clients read."""
    return build_schema(schema_text(None))


def fields_of(*type_names: str) -> list[Field]:
    """All the fields of these types (of every object type without names)."""
    return [
        Field(kind.name, name, needs_of(field), not isinstance(field.type, GraphQLNonNull))
        for kind in sdl_schema().type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        if not type_names or kind.name in type_names
        for name, field in kind.fields.items()
    ]


def needs_of(field: GraphQLField) -> frozenset[str]:
    """The permissions in a field's @requires."""
    assert field.ast_node is not None
    return frozenset(
        value.value
        for directive in field.ast_node.directives or ()
        if directive.name.value == "requires"
        for value in directive.arguments[0].value.values  # type: ignore[attr-defined]
    )


def call_of(field: Field, given: Mapping[str, Any] | None = None) -> Call:
    """Calls a root field with its required arguments and as little as they can hold.

    `given` has values by path (`input.id`), or by name wherever it is (`*variantId`); other ids
    name nothing.
    """
    definition = sdl_schema().type_map[field.type_name].fields[field.name]  # type: ignore[attr-defined]
    chosen = {
        name: argument
        for name, argument in definition.args.items()
        if is_required_argument(argument) or any(_leads(name, path) for path in given or ())
    }
    variables = {
        name: _example(argument.type, name, given or {}) for name, argument in chosen.items()
    }
    heads = ", ".join(f"${name}: {argument.type}" for name, argument in chosen.items())
    passed = ", ".join(f"{name}: ${name}" for name in chosen)
    below = _selection(get_named_type(definition.type))
    operation = field.type_name.lower() + (f" ({heads})" if heads else "")
    query = f"{operation} {{ {field.name}{f'({passed})' if passed else ''}{below} }}"
    return Call(query, variables)


def _selection(kind: GraphQLNamedType) -> str:
    """As little as can be selected, and everything that a change was refused for."""
    if is_leaf_type(kind):
        return ""
    if "userErrors" in getattr(kind, "fields", ()):
        return " { __typename userErrors { __typename code message field index } }"
    return " { __typename }"


def leaf_paths(field: Field, type_name: str) -> list[str]:
    """Where a root field takes single values of a scalar: `id`, `input.id`."""
    definition = sdl_schema().type_map[field.type_name].fields[field.name]  # type: ignore[attr-defined]
    paths = []
    for name, argument in definition.args.items():
        named = get_named_type(argument.type)
        if isinstance(named, GraphQLInputObjectType):
            inner = named.fields.items()
            paths += [f"{name}.{below}" for below, one in inner if _is(one.type, type_name)]
        elif _is(argument.type, type_name):
            paths.append(name)
    return paths


def opaque(type_name: str, row: int) -> str:
    """An id as the shop makes them."""
    return base64.urlsafe_b64encode(f"{type_name}:{row}".encode()).decode()


def _example(kind: GraphQLInputType, path: str, given: Mapping[str, Any]) -> Any:
    if isinstance(kind, GraphQLNonNull):
        return _example(kind.of_type, path, given)
    if isinstance(kind, GraphQLList):
        return [_example(kind.of_type, path, given)]
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return _example_object(kind, path, given)
    known = given.get(path, given.get(f"*{path.rpartition('.')[2]}"))
    if known is not None:
        return known
    return opaque("Nothing", 999_999) if kind.name == "ID" else EXAMPLES[kind.name]


def _example_object(
    kind: GraphQLInputObjectType, path: str, given: Mapping[str, Any]
) -> dict[str, Any]:
    chosen = [
        name
        for name, field in kind.fields.items()
        if is_required_input_field(field) or f"{path}.{name}" in given
    ]
    if kind.is_one_of and not chosen:
        chosen = [next(iter(kind.fields))]
    return {name: _example(kind.fields[name].type, f"{path}.{name}", given) for name in chosen}


def _leads(name: str, path: str) -> bool:
    return path == name or path.startswith(f"{name}.")


def _is(kind: GraphQLInputType, type_name: str) -> bool:
    bare = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    return getattr(bare, "name", "") == type_name
