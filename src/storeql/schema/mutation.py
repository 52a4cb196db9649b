"""How a mutation runs: one write transaction, its payload's read inside it, all errors at once."""

from collections.abc import Callable
from typing import Any, TypeVar

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.context import RequestContext
from storeql.db import Connection, Selection
from storeql.errors import Rejected
from storeql.schema.access import requires
from storeql.schema.problems import UserError
from storeql.schema.selection import selection_of

Payload = TypeVar("Payload")

USER_ERRORS = "What to mend in the input; empty when the change was made."


def mutation(description: str, *permissions: Permission) -> Callable[[Callable[..., Any]], Any]:
    """A mutation field with the permissions it needs."""

    def declare(resolver: Callable[..., Any]) -> Any:
        access = [requires(*permissions)] if permissions else []
        return strawberry.mutation(resolver, description=description, directives=access)

    return declare


def user_errors() -> Any:
    """The `user_errors` field of a payload."""
    return strawberry.field(description=USER_ERRORS, default_factory=list)


def context_of(info: Info[Any, Any]) -> RequestContext:
    """The request's context."""
    context: RequestContext = info.context
    return context


def run(
    info: Info[Any, Any],
    payload: type[Payload],
    work: Callable[[Connection, Selection], dict[str, Any]],
) -> Payload:
    """Runs `work` in a transaction; its dict fills the payload's fields.

    `work` writes and then reads what the payload's selection asks. When it raises Rejected,
    everything is rolled back and the payload carries the problems with every other field null.
    """
    context, selection = context_of(info), selection_of(info)
    try:
        values = context.write(lambda connection: work(connection, selection))
    except Rejected as rejected:
        return refused(payload, rejected)
    return payload(**values)


def refused(payload: type[Payload], rejected: Rejected) -> Payload:
    """The payload of a change that was not made."""
    names = [field.name for field in payload.__dataclass_fields__.values()]  # type: ignore[attr-defined]
    empty = {name: None for name in names if name != "user_errors"}
    return payload(**empty, user_errors=rejected.problems)  # type: ignore[call-arg]


__all__ = ["UserError", "context_of", "mutation", "refused", "run", "user_errors"]
