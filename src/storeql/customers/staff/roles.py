"""Roles: named sets of permissions that staff members have."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from storeql.access import BUILT_IN_ROLES, STAFF_PERMISSIONS, Actor
from storeql.customers.authenticate import permissions_of
from storeql.customers.fields import PersonFields
from storeql.customers.groups import checked_slug
from storeql.customers.problems import RoleInUse
from storeql.customers.staff.grants import beyond_own, unknown_permissions
from storeql.customers.tables import roles, staff_roles
from storeql.customers.versions import missing, too_late
from storeql.db import Connection, statement
from storeql.errors import Problem, Rejected, refuse

OWNER = "owner"


class NewRole(Struct, frozen=True):
    """`slug` is what commands call the role; it never changes."""

    slug: str
    name: str
    permissions: Sequence[str]


class RoleUpdate(Struct, frozen=True, kw_only=True):
    """What to change of a role; None leaves it as it is. It takes effect at once."""

    id: int
    expected_version: int
    name: str | None = None
    permissions: Sequence[str] | None = None


def ensure_built_in_roles(connection: Connection) -> None:
    """Adds the roles every shop begins with; the owner's gets what this version can grant.

    Safe to run at each start: the other roles are left as staff have made them.
    """
    for slug, granted in BUILT_IN_ROLES.items():
        connection.run(_CREATE, slug=slug, name=slug.capitalize(), permissions=_text(granted))
    everything = _text(STAFF_PERMISSIONS)
    connection.run(_RENEW_OWNER, b_slug=OWNER, granted=everything)


def create_role(connection: Connection, typed: NewRole, *, actor: Actor) -> int:
    """The id of the new role; raises Rejected (TAKEN, GRANT_EXCEEDS_OWN among others)."""
    fields = PersonFields()
    slug = checked_slug(fields, typed.slug)
    name = fields.line("name", typed.name, most=255)
    fields.problems += _grant_problems(actor, typed.permissions)
    fields.refuse_problems()
    granted = _text(typed.permissions)
    role_id: int | None = connection.scalar(_CREATE, slug=slug, name=name, permissions=granted)
    if role_id is None:
        raise refuse("TAKEN", "There is a role with this slug.", "slug")
    return role_id


def update_role(connection: Connection, typed: RoleUpdate, *, actor: Actor) -> int:
    """The id of the changed role; the owner's cannot be changed."""
    fields = PersonFields()
    name = None if typed.name is None else fields.line("name", typed.name, most=255)
    fields.problems += _grant_problems(actor, typed.permissions or ())
    fields.refuse_problems()
    _check_may_change(connection, typed.id, actor=actor)
    changed = connection.run(
        _UPDATE,
        b_id=typed.id,
        expected=typed.expected_version,
        new_name=name,
        granted=None if typed.permissions is None else _text(typed.permissions),
    )
    if not changed:
        raise too_late(connection.scalar(_VERSION, id=typed.id))
    return typed.id


def delete_role(connection: Connection, role_id: int, *, actor: Actor) -> None:
    """Deletes a role nobody has; raises Rejected with RoleInUse otherwise."""
    _check_may_change(connection, role_id, actor=actor)
    members = connection.scalar(_MEMBERS, role_id=role_id)
    if members:
        message = f"{members} staff members have this role."
        raise Rejected([RoleInUse(message=message, field=["id"], members=members)])
    connection.run(_DELETE, id=role_id)


def hold_roles(connection: Connection) -> None:
    """Makes changes of staff and roles wait for each other until this transaction ends.

    Otherwise two owners could take each other's role away at the same moment, each still
    counting the other one.
    """
    connection.run(_HOLD, b_slug=OWNER)


def _check_may_change(connection: Connection, role_id: int, *, actor: Actor) -> None:
    hold_roles(connection)
    row = connection.one(_ROLE, id=role_id)
    if row is None:
        raise missing()
    if row[0] == OWNER:
        raise refuse("BUILT_IN_ROLE", "The owner's role always grants everything.", "id")
    problems = beyond_own(actor, permissions_of((row[1],)), "id")
    if problems:
        raise Rejected(problems)


def _grant_problems(actor: Actor, permissions: Sequence[str]) -> list[Problem]:
    unknown = unknown_permissions(permissions, "permissions")
    return [*unknown, *beyond_own(actor, permissions, "permissions")]


def _text(permissions: Sequence[str] | frozenset[str]) -> str:
    return msgspec.json.encode(sorted({*permissions})).decode()


_CREATE = statement(
    insert(roles).on_conflict_do_nothing(index_elements=["slug"]).returning(roles.c.id),
    "slug",
    "name",
    "permissions",
)
_RENEW_OWNER = statement(
    roles.update()
    .where(roles.c.slug == bindparam("b_slug"), roles.c.permissions != bindparam("granted"))
    .values(permissions=bindparam("granted"))
)
_UPDATE = statement(
    roles.update()
    .where(roles.c.id == bindparam("b_id"), roles.c.version == bindparam("expected"))
    .values(
        name=func.coalesce(bindparam("new_name", type_=roles.c.name.type), roles.c.name),
        permissions=func.coalesce(
            bindparam("granted", type_=roles.c.permissions.type), roles.c.permissions
        ),
        version=roles.c.version + 1,
    )
)
_ROLE = statement(select(roles.c.slug, roles.c.permissions).where(roles.c.id == bindparam("id")))
_VERSION = statement(select(roles.c.version).where(roles.c.id == bindparam("id")))
_MEMBERS = statement(select(func.count()).where(staff_roles.c.role_id == bindparam("role_id")))
_DELETE = statement(delete(roles).where(roles.c.id == bindparam("id")))
_HOLD = statement(
    roles.update().where(roles.c.slug == bindparam("b_slug")).values(version=roles.c.version)
)
