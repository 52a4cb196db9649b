"""The rule that nobody hands out, or takes charge of, more than they hold themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storeql.access import STAFF_PERMISSIONS, Actor
from storeql.customers.problems import GrantExceedsOwn
from storeql.errors import Problem

# Who runs commands on the shop's machine: `storeql staff add`, `storeql token`.
OPERATOR = Actor("staff", name="operator", permissions=STAFF_PERMISSIONS)


def unknown_permissions(names: Sequence[str], *field: str) -> list[Problem]:
    """A problem for every name that is not a permission staff and apps can have."""
    return [
        Problem(
            code="UNKNOWN_PERMISSION",
            message="This cannot be granted.",
            field=(*field, str(place)),
            index=place,
        )
        for place, name in enumerate(names)
        if name not in STAFF_PERMISSIONS
    ]


def beyond_own(actor: Actor, permissions: Iterable[str], *field: str) -> list[Problem]:
    """A problem when some of the permissions are not the actor's own."""
    beyond = tuple(sorted({*permissions} & STAFF_PERMISSIONS - actor.permissions))
    if not beyond:
        return []
    message = f"This takes permissions you do not have: {', '.join(beyond)}."
    return [GrantExceedsOwn(message=message, field=field or None, permissions=beyond)]
