"""Who works on a job: taken for a while, kept with every saved step, given back or lost.

The lease decides nothing by its clock alone: whoever takes a job over writes a holder of its own,
and a step is saved only under the holder that took it. A worker that was thought dead finds its
step refused.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, func, select, update

from storeql.db import Connection, any_of, one_of, statement
from storeql.jobs.changes import announce_job
from storeql.jobs.kinds import JobKinds, Step
from storeql.jobs.records import OPEN_STATES, JobState
from storeql.jobs.tables import jobs

LEASE_MS = 30_000

_job = jobs.c
_is_due = (
    one_of(_job.state, *OPEN_STATES),
    _job.due_at <= bindparam("due"),
    any_of(_job.kind, "kinds"),
)
_IS_ANY_DUE = statement(select(_job.id).where(*_is_due).limit(1))
_oldest = (
    select(_job.id)
    .where(*_is_due)
    .order_by(_job.due_at, _job.id)
    .limit(1)
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
_TAKE = statement(
    update(jobs)
    .where(_job.id == _oldest)
    .values(
        state=JobState.RUNNING.value,
        holder=bindparam("new_holder"),
        attempts=_job.attempts + 1,
        due_at=bindparam("until"),
        started_at=func.coalesce(_job.started_at, bindparam("now")),
        updated_at=bindparam("now"),
    )
    .returning(_job.id, _job.kind, _job.arguments, _job.cursor, _job.attempts)
)
_held = (
    _job.id == bindparam("b_id"),
    _job.holder == bindparam("b_holder"),
    _job.state == JobState.RUNNING.value,
)
_KEEP = statement(
    update(jobs)
    .where(*_held)
    .values(
        cursor=bindparam("new_cursor"),
        done=bindparam("new_done"),
        total=bindparam("new_total"),
        attempts=0,
        due_at=bindparam("until"),
        updated_at=bindparam("now"),
    )
)
_GIVE_BACK = statement(
    update(jobs)
    .where(*_held)
    .values(state=JobState.QUEUED.value, holder="", due_at=bindparam("due"))
)
_FINISH = statement(
    update(jobs)
    .where(*_held)
    .values(
        state=bindparam("new_state"),
        holder="",
        result=bindparam("new_result"),
        error=bindparam("new_error"),
        updated_at=bindparam("now"),
        finished_at=bindparam("now"),
    )
)


class Lease(Struct, frozen=True, kw_only=True):
    """A job in a worker's hands; arguments and cursor are JSON, as they are stored."""

    job_id: int
    holder: str
    kind: str
    arguments: str
    cursor: str
    attempts: int


def is_any_due(connection: Connection, kinds: JobKinds, *, now: int) -> bool:
    """Whether a job waits; a read, so that an idle worker never takes the writers' lock."""
    return connection.one(_IS_ANY_DUE, due=now, kinds=kinds.keys) is not None


def take_job(connection: Connection, kinds: JobKinds, *, holder: str, now: int) -> Lease | None:
    """The job that waits longest, one whose worker fell silent included; None without any."""
    row = connection.one(
        _TAKE, due=now, kinds=kinds.keys, new_holder=holder, until=now + LEASE_MS, now=now
    )
    if row is None:
        return None
    job_id, kind, arguments, cursor, attempts = row
    announce_job(connection, job_id)
    return Lease(
        job_id=job_id,
        holder=holder,
        kind=kind,
        arguments=arguments,
        cursor=cursor,
        attempts=attempts,
    )


def keep_step(connection: Connection, lease: Lease, step: Step, *, now: int) -> Lease | None:
    """The lease for the next step, once everything of this one is saved; None when it is lost."""
    cursor = msgspec.json.encode(step.cursor).decode()
    kept = connection.run(
        _KEEP,
        b_id=lease.job_id,
        b_holder=lease.holder,
        new_cursor=cursor,
        new_done=step.done,
        new_total=step.total,
        until=now + LEASE_MS,
        now=now,
    )
    if not kept:
        return None
    if step.save is not None:
        step.save(connection)
    announce_job(connection, lease.job_id)
    if step.result is not None:
        result = msgspec.json.encode(step.result).decode()
        _finish(connection, lease, JobState.SUCCEEDED, result=result, now=now)
    return msgspec.structs.replace(lease, cursor=cursor, attempts=0)


def fail_job(connection: Connection, lease: Lease, error: str, *, now: int) -> None:
    """Ends the job as failed, with the reason that staff read."""
    _finish(connection, lease, JobState.FAILED, error=error[:500], now=now)
    announce_job(connection, lease.job_id)


def give_back(connection: Connection, lease: Lease, *, due: int) -> None:
    """Lets the next worker have the job from `due` on."""
    if connection.run(_GIVE_BACK, b_id=lease.job_id, b_holder=lease.holder, due=due):
        announce_job(connection, lease.job_id)


def _finish(
    connection: Connection,
    lease: Lease,
    state: JobState,
    *,
    result: str | None = None,
    error: str | None = None,
    now: int,
) -> None:
    connection.run(
        _FINISH,
        b_id=lease.job_id,
        b_holder=lease.holder,
        new_state=state.value,
        new_result=result,
        new_error=error,
        now=now,
    )
