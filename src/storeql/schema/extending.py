"""What a plugin writes its own query fields with: the same pieces that storeql's fields are of.

A type is a `strawberry.type` over a record (`answers`), its fields are `attribute`, `pure` or
`field`; the fields of a query type are `query_field`s, which say who may ask them.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

import strawberry
from strawberry.types.base import StrawberryOptional, get_object_definition
from strawberry.types.field import StrawberryField

from storeql.access import Permission
from storeql.schema.access import Requires, requires
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import opaque_id, row_of
from storeql.schema.money import Money, money
from storeql.schema.mutation import context_of
from storeql.schema.people.context import own_customer_id
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of


class Everybody(Enum):
    """The one value that opens a field to guests and to everybody else."""

    EVERYBODY = "EVERYBODY"


EVERYBODY = Everybody.EVERYBODY
MARK = "storeql_everybody"


class UnfitQuery(Exception):
    """Why a plugin's query type cannot be a part of the schema, in one sentence."""


def query_field(
    description: str, *access: Permission | Everybody
) -> Callable[[Callable[..., Any]], Any]:
    """A field of Query, with the permissions of which one is needed, or EVERYBODY.

    With permissions its type must be nullable, since it answers null to everybody else.
    """
    permissions = [one for one in access if isinstance(one, Permission)]

    def declare(resolver: Callable[..., Any]) -> Any:
        return strawberry.field(
            resolver,
            description=description,
            directives=[requires(*permissions)] if permissions else [],
            metadata={MARK: EVERYBODY in access},
        )

    return declare


def checked_query(query: type, taken: dict[str, str], plugin: str) -> Iterator[tuple[str, str]]:
    """The names of a query type's fields, each with its plugin; raises UnfitQuery.

    `taken` has the names that other plugins, or storeql under an empty name, took already.
    """
    definition = get_object_definition(query)
    if definition is None or not definition.fields:
        raise UnfitQuery(f"{query.__name__} is no Strawberry type with fields.")
    for one in definition.fields:
        name = field_name(one)
        if name in taken:
            raise UnfitQuery(f"The query field {name} is taken by {taken[name] or 'storeql'}.")
        _check_access(name, one)
        yield name, plugin


def _check_access(name: str, one: StrawberryField) -> None:
    guarded = any(isinstance(directive, Requires) for directive in one.directives)
    if guarded == bool(one.metadata.get(MARK)):
        raise UnfitQuery(f"The query field {name} must name permissions, or EVERYBODY.")
    if guarded and not isinstance(one.type, StrawberryOptional):
        raise UnfitQuery(f"The query field {name} needs a permission, so it must be nullable.")
    if not one.description:
        raise UnfitQuery(f"The query field {name} has no description.")


def field_name(one: StrawberryField) -> str:
    """The field's name in GraphQL."""
    head, *rest = one.python_name.split("_")
    return one.graphql_name or head + "".join(part.capitalize() for part in rest)


__all__ = [
    "EVERYBODY",
    "DateTime",
    "Money",
    "Permission",
    "answers",
    "argument",
    "attribute",
    "context_of",
    "field",
    "money",
    "opaque_id",
    "own_customer_id",
    "pure",
    "query_field",
    "row_of",
    "selection_of",
]
