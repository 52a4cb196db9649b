"""Cancels a job: at once for whoever looks, and at its next step for the worker that has it."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from storeql.db import Connection, any_of, one_of, statement
from storeql.errors import refuse
from storeql.jobs.changes import announce_job
from storeql.jobs.records import OPEN_STATES, JobState
from storeql.jobs.tables import jobs

_mine = (jobs.c.id == bindparam("b_id"), any_of(jobs.c.permission, "granted"))
_CANCEL = statement(
    update(jobs)
    .where(*_mine, one_of(jobs.c.state, *OPEN_STATES))
    .values(
        state=JobState.CANCELLED.value,
        holder="",
        updated_at=bindparam("now"),
        finished_at=bindparam("now"),
    )
)
_STATE = statement(select(jobs.c.state).where(*_mine))


def cancel_job(connection: Connection, job_id: int, *, granted: frozenset[str], now: int) -> None:
    """Cancels it; what its saved steps did stays done. Cancelled twice is cancelled.

    Raises Rejected for a job that is not there or has ended.
    """
    seen = sorted(granted)
    if connection.run(_CANCEL, b_id=job_id, granted=seen, now=now):
        announce_job(connection, job_id)
        return
    state = connection.scalar(_STATE, b_id=job_id, granted=seen)
    if state is None:
        raise refuse("NOT_FOUND", "There is no such job.", "id")
    if state != JobState.CANCELLED.value:
        raise refuse("WRONG_STATE", f"This job has {state.lower()} already.", "id")
