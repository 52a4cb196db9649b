"""What tells that a job changed: its topic, and the state that is compared."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storeql.db import Connection, any_of, statement
from storeql.db.notices import announce
from storeql.jobs.tables import jobs

_STATE = statement(
    select(jobs.c.state, jobs.c.done, jobs.c.total).where(
        jobs.c.id == bindparam("id"), any_of(jobs.c.permission, "granted")
    )
)


def job_topic(job_id: int) -> str:
    """The topic of notices about a job."""
    return f"job:{job_id}"


def announce_job(connection: Connection, job_id: int) -> None:
    """Tells whoever watches the job that it changed, once this is committed."""
    announce(connection, job_topic(job_id))


def job_state(
    connection: Connection, job_id: int, *, granted: frozenset[str]
) -> tuple[str, int, int] | None:
    """The job's state and progress; None when there is none that these permissions may see."""
    row: tuple[str, int, int] | None = connection.one(_STATE, id=job_id, granted=sorted(granted))
    return row
