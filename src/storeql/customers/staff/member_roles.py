"""Which roles a staff member has, and the rule that the shop always keeps an active owner."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, func, insert, select

from storeql.access import Actor
from storeql.customers.authenticate import permissions_of
from storeql.customers.staff.grants import beyond_own
from storeql.customers.staff.roles import OWNER
from storeql.customers.tables import roles, staff_members, staff_roles
from storeql.db import Connection, any_of, statement
from storeql.errors import Problem, Rejected, refuse

MOST_ROLES = 50


def role_problems(
    connection: Connection, role_ids: Sequence[int], *, actor: Actor
) -> list[Problem]:
    """What keeps the actor from giving these roles: unknown ones, more than the actor holds."""
    if len(role_ids) > MOST_ROLES:
        message = f"At most {MOST_ROLES} roles for one person."
        return [Problem(code="TOO_MANY", message=message, field=["roles"])]
    known: dict[int, str] = dict(connection.rows(_PERMISSIONS, ids=role_ids)) if role_ids else {}
    unknown: list[Problem] = [
        Problem(
            code="NOT_FOUND",
            message="There is no such role.",
            field=["roles", str(place)],
            index=place,
        )
        for place, role_id in enumerate(role_ids)
        if role_id not in known
    ]
    return unknown + beyond_own(actor, permissions_of(tuple(known.values())), "roles")


def give_roles(connection: Connection, staff_id: int, *, role_ids: Sequence[int]) -> None:
    """Makes these the member's roles, and no others."""
    connection.run(_TAKE_ALL, staff_id=staff_id)
    given = [{"staff_id": staff_id, "role_id": role_id} for role_id in sorted({*role_ids})]
    connection.run_many(_GIVE, given)


def check_may_manage(connection: Connection, staff_id: int, *, actor: Actor) -> None:
    """Raises Rejected when the member may do more than the actor."""
    held = permissions_of(tuple(row[0] for row in connection.rows(_HELD, staff_id=staff_id)))
    problems = beyond_own(actor, held, "id")
    if problems:
        raise Rejected(problems)


def is_active_owner(connection: Connection, staff_id: int) -> bool:
    """True when the member is one of those who keep the shop in hand."""
    return bool(connection.scalar(_IS_OWNER, slug=OWNER, staff_id=staff_id))


def check_owner_left(connection: Connection) -> None:
    """Raises Rejected with LAST_OWNER when no active owner is left; roles must be held."""
    if not connection.scalar(_OWNERS, slug=OWNER):
        message = "The shop needs an active owner: make somebody else an owner first."
        raise refuse("LAST_OWNER", message, "id")


_owners = (
    select(func.count())
    .select_from(staff_roles)
    .join(roles, roles.c.id == staff_roles.c.role_id)
    .join(staff_members, staff_members.c.id == staff_roles.c.staff_id)
    .where(roles.c.slug == bindparam("slug"), staff_members.c.is_active)
)

_PERMISSIONS = statement(select(roles.c.id, roles.c.permissions).where(any_of(roles.c.id, "ids")))
_HELD = statement(
    select(roles.c.permissions)
    .join(staff_roles, staff_roles.c.role_id == roles.c.id)
    .where(staff_roles.c.staff_id == bindparam("staff_id"))
)
_TAKE_ALL = statement(delete(staff_roles).where(staff_roles.c.staff_id == bindparam("staff_id")))
_GIVE = statement(insert(staff_roles), "staff_id", "role_id")
_OWNERS = statement(_owners)
_IS_OWNER = statement(_owners.where(staff_members.c.id == bindparam("staff_id")))
