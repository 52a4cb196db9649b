"""The jobs room: long work done in small steps that survive the death of whoever does them."""

from storeql.jobs.kinds import JobKind, JobKinds, Step
from storeql.jobs.records import Job, JobState
from storeql.jobs.start import start_job

__all__ = ["Job", "JobKind", "JobKinds", "JobState", "Step", "start_job"]
