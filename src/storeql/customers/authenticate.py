"""Whose token a request carries: read with one statement, for every request asks it."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec
from msgspec import Struct
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from storeql.access import STAFF_PERMISSIONS, Actor, Permission
from storeql.customers.group_ids import group_ids_in, group_ids_of
from storeql.customers.tables import (
    app_tokens,
    customers,
    roles,
    sessions,
    staff_members,
    staff_roles,
)
from storeql.customers.tokens import APP, SESSION, is_token, token_hash
from storeql.db import Connection, statement
from storeql.errors import NotSignedIn

USE_NOTED_EVERY_MS = 60_000
CUSTOMER_PERMISSIONS = frozenset({Permission.CUSTOMER.value})


class Identity(Struct, frozen=True):
    """The actor behind a token; `is_use_due` says that its last use should be noted now."""

    actor: Actor
    token_kind: Literal["session", "app"]
    token_id: int
    is_use_due: bool


def authenticate(connection: Connection, token: str, *, secret: str, now: int) -> Actor:
    """The actor behind the token; raises NotSignedIn when it does not (or no longer) hold."""
    return identify(connection, token, secret=secret, now=now).actor


def identify(connection: Connection, token: str, *, secret: str, now: int) -> Identity:
    """Like `authenticate`, with what `note_use` needs."""
    identity = None
    if is_token(token, SESSION):
        identity = _session(connection, token_hash(token, secret), now=now)
    elif is_token(token, APP):
        identity = _app(connection, token_hash(token, secret), now=now)
    if identity is None:
        raise NotSignedIn("The token is not valid or has ended: sign in again.")
    return identity


def note_use(connection: Connection, identity: Identity, *, now: int) -> None:
    """Keeps when the token was last used, once a minute; for a small write after the request."""
    statement = _NOTE_SESSION if identity.token_kind == "session" else _NOTE_APP
    connection.run(statement, b_id=identity.token_id, now=now, before=now - USE_NOTED_EVERY_MS)


def _session(connection: Connection, hashed: str, *, now: int) -> Identity | None:
    rows = connection.rows(_SESSION, token_hash=hashed, now=now)
    if not rows:
        return None
    session_id, seen_at, customer_id, customer, staff_id, member, _, group_ids = rows[0]
    is_due = seen_at <= now - USE_NOTED_EVERY_MS
    if customer_id is not None:
        groups = group_ids_in(group_ids)
        actor = Actor("customer", customer_id, customer, CUSTOMER_PERMISSIONS, session_id, groups)
    elif staff_id is not None:
        granted = _staff_permissions(tuple(row[6] for row in rows if row[6] is not None))
        actor = Actor("staff", staff_id, member, granted, session_id)
    else:
        return None
    return Identity(actor, "session", session_id, is_due)


def _app(connection: Connection, hashed: str, *, now: int) -> Identity | None:
    row = connection.one(_APP, token_hash=hashed, now=now)
    if row is None:
        return None
    app_id, name, permissions, used_at = row
    is_due = used_at is None or used_at <= now - USE_NOTED_EVERY_MS
    return Identity(
        Actor("app", app_id, name, permissions_of((permissions,))), "app", app_id, is_due
    )


@lru_cache(maxsize=1024)
def permissions_of(lists: tuple[str, ...]) -> frozenset[str]:
    """The union of JSON lists of permissions; names this version does not know grant nothing."""
    names = {name for text in lists for name in msgspec.json.decode(text, type=list[str])}
    return STAFF_PERMISSIONS & names


@lru_cache(maxsize=1024)
def _staff_permissions(lists: tuple[str, ...]) -> frozenset[str]:
    return permissions_of(lists) | {Permission.STAFF.value}


def _called(people: Table) -> ColumnElement[str]:
    """The person's name, the e-mail address of those who gave none."""
    return func.coalesce(func.nullif(people.c.name, ""), people.c.email)


_now: BindParameter[int] = bindparam("now")

_SESSION = statement(
    select(
        sessions.c.id,
        sessions.c.last_seen_at,
        customers.c.id,
        _called(customers),
        staff_members.c.id,
        _called(staff_members),
        roles.c.permissions,
        group_ids_of("customers.id"),
    )
    .select_from(sessions)
    .outerjoin(customers, and_(customers.c.id == sessions.c.customer_id, customers.c.is_active))
    .outerjoin(
        staff_members, and_(staff_members.c.id == sessions.c.staff_id, staff_members.c.is_active)
    )
    .outerjoin(staff_roles, staff_roles.c.staff_id == staff_members.c.id)
    .outerjoin(roles, roles.c.id == staff_roles.c.role_id)
    .where(
        sessions.c.token_hash == bindparam("token_hash"),
        sessions.c.revoked_at.is_(None),
        sessions.c.expires_at > _now,
    )
)
_APP = statement(
    select(
        app_tokens.c.id, app_tokens.c.name, app_tokens.c.permissions, app_tokens.c.last_used_at
    ).where(
        app_tokens.c.token_hash == bindparam("token_hash"),
        app_tokens.c.revoked_at.is_(None),
        or_(app_tokens.c.expires_at.is_(None), app_tokens.c.expires_at > _now),
    )
)
_NOTE_SESSION = statement(
    sessions.update()
    .where(sessions.c.id == bindparam("b_id"), sessions.c.last_seen_at <= bindparam("before"))
    .values(last_seen_at=_now)
)
_NOTE_APP = statement(
    app_tokens.update()
    .where(
        app_tokens.c.id == bindparam("b_id"),
        or_(
            app_tokens.c.last_used_at.is_(None),
            app_tokens.c.last_used_at <= bindparam("before"),
        ),
    )
    .values(last_used_at=_now)
)
