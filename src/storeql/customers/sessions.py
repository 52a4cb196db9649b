"""Sessions of customers and staff: how one begins and how it ends before its time."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, insert, update

from storeql.customers.tables import sessions
from storeql.customers.tokens import SESSION, new_token, token_hash
from storeql.db import Connection, statement
from storeql.inputs import has_controls

DAY_MS = 24 * 60 * 60 * 1000


class Client(Struct, frozen=True):
    """Where a request comes from, as far as the server can tell."""

    ip: str = ""
    user_agent: str = ""


class NewSession(Struct, frozen=True):
    """A session just begun; `token` is shown this once and never kept."""

    id: int
    token: str
    expires_at: int


def begin_session(
    connection: Connection,
    *,
    customer_id: int | None = None,
    staff_id: int | None = None,
    client: Client,
    secret: str,
    days: int,
    now: int,
) -> NewSession:
    """A session of exactly one customer or staff member that ends after so many days."""
    token = new_token(SESSION)
    expires_at = now + days * DAY_MS
    session_id = connection.scalar(
        _BEGIN,
        token_hash=token_hash(token, secret),
        customer_id=customer_id,
        staff_id=staff_id,
        user_agent=_printable(client.user_agent)[:300],
        client_ip=_printable(client.ip)[:64],
        created_at=now,
        last_seen_at=now,
        expires_at=expires_at,
    )
    return NewSession(session_id, token, expires_at)


def end_session(connection: Connection, session_id: int, *, now: int) -> bool:
    """Ends one session at once; False when it had ended before."""
    return connection.run(_END, b_id=session_id, now=now) == 1


def end_session_of(connection: Connection, token: str, *, secret: str, now: int) -> bool:
    """Ends the session of a token, for doors that hold nothing else; False without one."""
    return connection.run(_END_OF, b_hash=token_hash(token, secret), now=now) == 1


def end_customer_sessions(
    connection: Connection, customer_id: int, *, but: int | None = None, now: int
) -> None:
    """Ends all sessions of a customer but the one with the id `but`."""
    connection.run(_END_CUSTOMERS, b_customer_id=customer_id, but=but or 0, now=now)


def end_staff_sessions(
    connection: Connection, staff_id: int, *, but: int | None = None, now: int
) -> None:
    """Ends all sessions of a staff member but the one with the id `but`."""
    connection.run(_END_STAFFS, b_staff_id=staff_id, but=but or 0, now=now)


def _printable(text: str) -> str:
    return text if not has_controls(text) else "".join(c for c in text if not has_controls(c))


_end = update(sessions).where(sessions.c.revoked_at.is_(None)).values(revoked_at=bindparam("now"))

_BEGIN = statement(
    insert(sessions).returning(sessions.c.id),
    "token_hash",
    "customer_id",
    "staff_id",
    "user_agent",
    "client_ip",
    "created_at",
    "last_seen_at",
    "expires_at",
)
_END = statement(_end.where(sessions.c.id == bindparam("b_id")))
_END_OF = statement(_end.where(sessions.c.token_hash == bindparam("b_hash")))
_END_CUSTOMERS = statement(
    _end.where(
        sessions.c.customer_id == bindparam("b_customer_id"), sessions.c.id != bindparam("but")
    )
)
_END_STAFFS = statement(
    _end.where(sessions.c.staff_id == bindparam("b_staff_id"), sessions.c.id != bindparam("but"))
)
