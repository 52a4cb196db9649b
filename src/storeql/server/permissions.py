"""Which permissions a schema's fields ask for, read once from their schema directives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLField, GraphQLInterfaceType, GraphQLObjectType
from graphql import GraphQLSchema as Schema

STRAWBERRY = "strawberry-definition"

Guard: TypeAlias = tuple[frozenset[str], ...]


class Guards:
    """The guards of a schema's fields: sets of permissions, of each of which one is needed."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema  # keeps the fields, whose ids are the keys below
        self._guards: dict[int, Guard] = {}
        self._names: dict[str, frozenset[str]] = {}
        for named in schema.type_map.values():
            if isinstance(named, GraphQLObjectType | GraphQLInterfaceType):
                for name, field in named.fields.items():
                    self._note(name, field)

    def _note(self, name: str, field: GraphQLField) -> None:
        guard = _declared(field)
        if guard:
            self._guards[id(field)] = guard
            self._names[name] = self._names.get(name, frozenset()).union(*guard)

    def names_at(self, field_names: Iterable[str]) -> frozenset[str]:
        """Every permission that a field of one of these names asks for, in whatever type."""
        return frozenset().union(*(self._names.get(name, ()) for name in field_names))

    def needed(self, field: GraphQLField) -> frozenset[str]:
        """The permissions that the field asks for, of which one may be enough."""
        return frozenset().union(*self._guards.get(id(field), ()))

    def allow(self, field: GraphQLField, granted: frozenset[str]) -> bool:
        """Whether `granted` lets the field through."""
        guard = self._guards.get(id(field))
        return guard is None or all(not names.isdisjoint(granted) for names in guard)


def denial(context: Any) -> GraphQLError:
    """The error of a field refused to the context's actor."""
    signed_in = getattr(context, "actor", context) is not None
    if signed_in and getattr(context, "is_authenticated", True):
        code, message = "FORBIDDEN", "You do not have the permission to see this."
    else:
        code, message = "UNAUTHENTICATED", "Sign in to see this."
    return GraphQLError(message, extensions={"code": code})


def _declared(field: GraphQLField) -> Guard:
    definition = field.extensions.get(STRAWBERRY)
    return tuple(
        frozenset(str(name) for name in directive.permission_names)
        for directive in getattr(definition, "directives", ())
        if hasattr(directive, "permission_names")
    )
