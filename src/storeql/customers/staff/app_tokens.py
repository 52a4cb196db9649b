"""Tokens of apps: scoped to permissions, with an end if wanted, revoked at once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, insert, update

from storeql.access import Actor
from storeql.customers.fields import PersonFields
from storeql.customers.staff.grants import beyond_own, unknown_permissions
from storeql.customers.tables import app_tokens
from storeql.customers.tokens import APP, new_token, token_hash
from storeql.customers.versions import missing
from storeql.db import Connection, statement


class NewAppToken(Struct, frozen=True, kw_only=True):
    """What an app may do and until when; without `expires_at` (ms) until it is revoked."""

    name: str
    permissions: Sequence[str]
    expires_at: int | None = None


class CreatedAppToken(Struct, frozen=True):
    """The row's id and the token, which is shown this once and never kept."""

    id: int
    token: str


def create_app_token(
    connection: Connection, typed: NewAppToken, *, actor: Actor, secret: str, now: int
) -> CreatedAppToken:
    """A token that may do no more than its creator; raises Rejected with all problems at once."""
    fields = PersonFields()
    name = fields.line("name", typed.name, most=200)
    if not typed.permissions:
        fields.report("REQUIRED", "A token needs at least one permission.", "permissions")
    if typed.expires_at is not None and typed.expires_at <= now:
        fields.report("IN_THE_PAST", "The token would have ended already.", "expiresAt")
    fields.problems += unknown_permissions(typed.permissions, "permissions")
    fields.problems += beyond_own(actor, typed.permissions, "permissions")
    fields.refuse_problems()
    token = new_token(APP)
    token_id = connection.scalar(
        _CREATE,
        name=name,
        token_hash=token_hash(token, secret),
        permissions=msgspec.json.encode(sorted({*typed.permissions})).decode(),
        created_by=actor.key,
        created_at=now,
        expires_at=typed.expires_at,
    )
    return CreatedAppToken(token_id, token)


def revoke_app_token(connection: Connection, token_id: int, *, now: int) -> int:
    """The id of the token, which opens nothing from now on; NOT_FOUND when it is gone already."""
    if not connection.run(_REVOKE, b_id=token_id, now=now):
        raise missing()
    return token_id


_CREATE = statement(
    insert(app_tokens).returning(app_tokens.c.id),
    "name",
    "token_hash",
    "permissions",
    "created_by",
    "created_at",
    "expires_at",
)
_REVOKE = statement(
    update(app_tokens)
    .where(app_tokens.c.id == bindparam("b_id"), app_tokens.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
