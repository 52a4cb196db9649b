"""The fuzz's own permission directive, and what a refusal by it says."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.schema_directive import Location

PERMISSIONS = ("READ", "WRITE", "OWN")


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION])
class Needs:
    """One of the permissions is needed, by the convention of the door."""

    any_of: list[str]

    @property
    def permission_names(self) -> tuple[str, ...]:
        return tuple(self.any_of)


@strawberry.schema_directive(locations=[Location.FIELD_DEFINITION])
class Noted:
    """A directive that asks for nothing."""

    text: str


class Asking:
    """A context with some permissions; `number` is a fact of the request."""

    def __init__(self, granted: frozenset[str], is_authenticated: bool, number: int) -> None:
        self.granted = granted
        self.is_authenticated = is_authenticated
        self.number = number

    def close(self, failed: bool) -> None: ...


def refusal_of(field: Any, asking: Asking) -> str | None:
    """Why the field is kept from who asks, None where it is not."""
    definition = field.extensions.get("strawberry-definition")
    for directive in definition.directives if definition else ():
        if isinstance(directive, Needs) and not set(directive.any_of) & asking.granted:
            if asking.is_authenticated:
                return "You do not have the permission to see this."
            return "Sign in to see this."
    return None
