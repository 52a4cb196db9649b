"""How fields are written: plain attributes with a description, and pure ones computed from them."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import strawberry

from storeql.access import Permission
from storeql.schema.access import requires

Type = TypeVar("Type", bound=type)

# The object type that each record class stands for, as `answers` declares it.
TYPE_NAMES: dict[type, str] = {}


def attribute(description: str, *permissions: Permission, deprecated: str | None = None) -> Any:
    """A field that answers the record's attribute of the same name.

    With permissions the field must be nullable, since it answers null to everybody else.
    """
    return strawberry.field(
        description=description,
        directives=_access(permissions),
        deprecation_reason=deprecated,
    )


def pure(description: str, *permissions: Permission) -> Callable[[Callable[..., Any]], Any]:
    """A field computed from nothing but its record: it must not read the database or the clock."""

    def declare(resolver: Callable[..., Any]) -> Any:
        resolver.pure_attribute = True  # type: ignore[attr-defined]
        return strawberry.field(resolver, description=description, directives=_access(permissions))

    return declare


def field(description: str, *permissions: Permission) -> Callable[[Callable[..., Any]], Any]:
    """A field with a resolver of its own: a query, or a read below one."""

    def declare(resolver: Callable[..., Any]) -> Any:
        return strawberry.field(resolver, description=description, directives=_access(permissions))

    return declare


def subscription(description: str, *permissions: Permission) -> Callable[[Callable[..., Any]], Any]:
    """A subscription: an async generator that waits, and yields events."""

    def declare(resolver: Callable[..., Any]) -> Any:
        access = _access(permissions)
        return strawberry.subscription(resolver, description=description, directives=access)

    return declare


def answers(*records: type) -> Callable[[Type], Type]:
    """Says which record classes an object type stands for; goes below `@strawberry.type`."""

    def mark(graphql_type: Type) -> Type:
        def is_type_of(value: object, info: object) -> bool:
            return isinstance(value, records)

        # Compiled code checks the classes itself, once for a list of one class.
        is_type_of.record_classes = records  # type: ignore[attr-defined]
        TYPE_NAMES.update(dict.fromkeys(records, graphql_type.__name__))
        graphql_type.is_type_of = staticmethod(is_type_of)  # type: ignore[attr-defined]
        return graphql_type

    return mark


def argument(description: str, name: str | None = None) -> Any:
    """The description (and another name) of an argument, for `Annotated`."""
    return strawberry.argument(description=description, name=name)


def _access(permissions: Sequence[Permission]) -> list[object]:
    return [requires(*permissions)] if permissions else []
