"""What reads of jobs return."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class JobState(Enum):
    """QUEUED waits for a worker, RUNNING has one; the other three are the end of it."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


OPEN_STATES = (JobState.QUEUED.value, JobState.RUNNING.value)


class Job(Struct, frozen=True, kw_only=True):
    """A job as it stands; `total` is 0 while nobody knows how much there is to do.

    `result_json` is the kind's answer once it succeeded, `error` the reason why it failed.
    """

    id: int
    kind: str
    state: JobState
    done: int
    total: int
    result_json: str | None
    error: str | None
    created_by: str
    created_at: int
    started_at: int | None
    updated_at: int
    finished_at: int | None
