"""Forgets what has ended long ago, so that tables of attempts, sessions and messages stay small."""

from __future__ import annotations

from sqlalchemy import BindParameter, bindparam, delete

from storeql.customers.attempts import WINDOW_MS
from storeql.customers.sessions import DAY_MS
from storeql.customers.tables import attempts, messages, password_resets, sessions
from storeql.db import Connection, statement

KEPT_MS = 30 * DAY_MS


def forget_expired(connection: Connection, *, now: int) -> int:
    """How many rows went: attempts out of their window, what ended or was sent a month ago."""
    return sum(
        connection.run(forget, before=now - kept)
        for forget, kept in (
            (_ATTEMPTS, WINDOW_MS),
            (_SESSIONS, KEPT_MS),
            (_RESETS, KEPT_MS),
            (_MESSAGES, KEPT_MS),
        )
    )


_before: BindParameter[int] = bindparam("before")

_ATTEMPTS = statement(delete(attempts).where(attempts.c.window_started_at < _before))
_SESSIONS = statement(delete(sessions).where(sessions.c.expires_at < _before))
_RESETS = statement(delete(password_resets).where(password_resets.c.expires_at < _before))
_MESSAGES = statement(delete(messages).where(messages.c.sent_at < _before))
