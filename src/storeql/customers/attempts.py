"""Counts attempts at a secret per subject, so that guessing stops after a few failures.

An attempt is counted before it is judged and given back when it succeeds: counted afterwards, a
burst of simultaneous guesses would all be judged before the first one counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, case, delete
from sqlalchemy.dialects.postgresql import insert

from storeql.customers.problems import TooManyAttempts
from storeql.customers.tables import attempts
from storeql.db import Connection, statement

WINDOW_MS = 15 * 60 * 1000


class Limit(Struct, frozen=True):
    """At most `most` failures of `subject` ("sign-in:a@b.cn", "coupon:cart:12") in 15 minutes."""

    subject: str
    most: int


def count_attempt(
    connection: Connection, limits: Sequence[Limit], *, now: int
) -> TooManyAttempts | None:
    """Counts one attempt against every limit; what to answer when one of them is exceeded.

    Run it in a transaction of its own, so that it counts even when the operation fails.
    """
    waits = [
        _count(connection, limit, now=now) for limit in sorted(limits, key=lambda x: x.subject)
    ]
    longest = max(waits, default=0)
    if not longest:
        return None
    seconds = -(-longest // 1000)
    message = f"Too many attempts: try again in {seconds} seconds."
    return TooManyAttempts(message=message, retry_after_seconds=seconds)


def forgive_attempt(connection: Connection, subjects: Sequence[str]) -> None:
    """Gives back one attempt to each subject: it was no failure."""
    for subject in sorted(subjects):
        connection.run(_GIVE_BACK, b_subject=subject)


def forget_attempts(connection: Connection, subject: str) -> None:
    """Forgets a subject's failures altogether."""
    connection.run(_FORGET, subject=subject)


def _count(connection: Connection, limit: Limit, *, now: int) -> int:
    """Milliseconds to wait; 0 while the limit holds."""
    row = connection.one(_COUNT, subject=limit.subject, now=now, horizon=now - WINDOW_MS)
    assert row is not None
    failures, window_started_at = row
    return 0 if failures <= limit.most else max(1, window_started_at + WINDOW_MS - now)


_is_over = attempts.c.window_started_at <= bindparam("horizon")
# The count stops growing past 100,000: nobody can make it overflow.
_counted = case((attempts.c.failures < 100_000, attempts.c.failures + 1), else_=100_000)

_COUNT = statement(
    insert(attempts)
    .values(subject=bindparam("subject"), window_started_at=bindparam("now"), failures=1)
    .on_conflict_do_update(
        index_elements=["subject"],
        set_={
            "failures": case((_is_over, 1), else_=_counted),
            "window_started_at": case(
                (_is_over, bindparam("now")), else_=attempts.c.window_started_at
            ),
        },
    )
    .returning(attempts.c.failures, attempts.c.window_started_at)
)
_GIVE_BACK = statement(
    attempts.update()
    .where(attempts.c.subject == bindparam("b_subject"), attempts.c.failures > 0)
    .values(failures=attempts.c.failures - 1)
)
_FORGET = statement(delete(attempts).where(attempts.c.subject == bindparam("subject")))
