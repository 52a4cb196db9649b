"""Who an actor's key stands for today: for work that is done later in somebody's name."""

from __future__ import annotations

from sqlalchemy import bindparam, func, or_, select

from storeql.access import Actor, Permission
from storeql.customers.authenticate import permissions_of
from storeql.customers.tables import app_tokens, roles, staff_members, staff_roles
from storeql.db import Connection, statement

_member = staff_members.c
_STAFF = statement(
    select(func.coalesce(func.nullif(_member.name, ""), _member.email), roles.c.permissions)
    .select_from(staff_members)
    .outerjoin(staff_roles, staff_roles.c.staff_id == _member.id)
    .outerjoin(roles, roles.c.id == staff_roles.c.role_id)
    .where(_member.id == bindparam("id"), _member.is_active)
)
_APP = statement(
    select(app_tokens.c.name, app_tokens.c.permissions).where(
        app_tokens.c.id == bindparam("id"),
        app_tokens.c.revoked_at.is_(None),
        or_(app_tokens.c.expires_at.is_(None), app_tokens.c.expires_at > bindparam("now")),
    )
)
_EMAIL = statement(select(_member.email).where(_member.id == bindparam("id"), _member.is_active))
_MAKER = statement(select(app_tokens.c.created_by).where(app_tokens.c.id == bindparam("id")))


def staff_or_app(connection: Connection, key: str, *, now: int) -> Actor | None:
    """The member of staff or the app with this key, as an actor with the permissions of today.

    None once they may not sign in any more: inactive, revoked, expired, or gone.
    """
    kind, _, row = key.partition(":")
    if kind == "staff" and row.isdecimal():
        return _staff(connection, int(row))
    if kind == "app" and row.isdecimal():
        return _app(connection, int(row), now=now)
    return None


def staff_address(connection: Connection, key: str) -> str | None:
    """The e-mail address of a member of staff; for an app that of who made its token."""
    kind, _, row = key.partition(":")
    if kind == "app" and row.isdecimal():
        kind, _, row = (connection.scalar(_MAKER, id=int(row)) or "").partition(":")
    if kind != "staff" or not row.isdecimal():
        return None
    email: str | None = connection.scalar(_EMAIL, id=int(row))
    return email


def _staff(connection: Connection, row: int) -> Actor | None:
    rows = connection.rows(_STAFF, id=row)
    if not rows:
        return None
    granted = permissions_of(tuple(sorted(text for _, text in rows if text is not None)))
    return Actor("staff", row, rows[0][0], granted | {Permission.STAFF.value})


def _app(connection: Connection, row: int, *, now: int) -> Actor | None:
    found = connection.one(_APP, id=row, now=now)
    if found is None:
        return None
    name, permissions = found
    return Actor("app", row, name, permissions_of((permissions,)))
