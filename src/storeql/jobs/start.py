"""Queues a job, in the transaction of whatever it is for."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import func, insert, select

from storeql.access import Permission
from storeql.db import Connection, one_of, statement
from storeql.errors import refuse
from storeql.jobs.records import OPEN_STATES, JobState
from storeql.jobs.tables import jobs

MOST_WAITING = 100

_WAITING = statement(
    select(func.count()).select_from(jobs).where(one_of(jobs.c.state, *OPEN_STATES))
)
_QUEUE = statement(
    insert(jobs).returning(jobs.c.id),
    "kind",
    "permission",
    "arguments",
    "state",
    "total",
    "due_at",
    "created_by",
    "created_at",
    "updated_at",
)


def start_job(
    connection: Connection,
    kind: str,
    arguments: Struct,
    *,
    permission: Permission,
    total: int = 0,
    actor: str,
    now: int,
) -> int:
    """The row number of a new job; a worker takes it once this transaction is committed.

    Raises Rejected (TOO_MANY_JOBS) while 100 others are not finished.
    """
    if connection.scalar(_WAITING) >= MOST_WAITING:
        raise refuse("TOO_MANY_JOBS", f"{MOST_WAITING} jobs are waiting: try again later.")
    row_id: int = connection.scalar(
        _QUEUE,
        kind=kind,
        permission=permission.value,
        arguments=msgspec.json.encode(arguments).decode(),
        state=JobState.QUEUED.value,
        total=total,
        due_at=now,
        created_by=actor,
        created_at=now,
        updated_at=now,
    )
    return row_id
