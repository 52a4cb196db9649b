"""Ends a session from a list of sessions: one's own, or with permission anybody's."""

from __future__ import annotations

from sqlalchemy import Boolean, and_, bindparam, or_

from storeql.access import Actor, Permission
from storeql.customers.tables import sessions
from storeql.customers.versions import missing
from storeql.db import Connection, statement


def revoke_session(connection: Connection, session_id: int, *, actor: Actor, now: int) -> int:
    """The id of the session, ended at once.

    MANAGE_STAFF reaches the sessions of all staff, MANAGE_CUSTOMERS those of all customers. A
    session out of reach is answered like an unknown one: NOT_FOUND.
    """
    ended = connection.run(
        _REVOKE,
        b_id=session_id,
        own_customer=actor.id if actor.kind == "customer" else None,
        own_staff=actor.id if actor.kind == "staff" else None,
        any_customer=Permission.MANAGE_CUSTOMERS.value in actor.permissions,
        any_staff=Permission.MANAGE_STAFF.value in actor.permissions,
        now=now,
    )
    if not ended:
        raise missing()
    return session_id


_row = sessions.c

_REVOKE = statement(
    sessions.update()
    .where(
        _row.id == bindparam("b_id"),
        _row.revoked_at.is_(None),
        _row.expires_at > bindparam("now"),
        or_(
            _row.customer_id == bindparam("own_customer", type_=_row.id.type),
            _row.staff_id == bindparam("own_staff", type_=_row.id.type),
            and_(_row.customer_id.is_not(None), bindparam("any_customer", type_=Boolean())),
            and_(_row.staff_id.is_not(None), bindparam("any_staff", type_=Boolean())),
        ),
    )
    .values(revoked_at=bindparam("now"))
)
