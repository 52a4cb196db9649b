"""A kind of job for tests: each step writes one row, and writing one twice would fail."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from sqlalchemy import insert, select

from storeql.access import Permission
from storeql.customers.tables import attempts
from storeql.db import Connection, Database, statement
from storeql.errors import StoreError
from storeql.jobs import JobKind, JobKinds, Step, start_job
from storeql.jobs.records import Job
from storeql.jobs.resolvers import jobs_by_id
from storeql.jobs.worker import Worker

NOW = 1_764_000_000_000
SEEN = frozenset({"MANAGE_STOCK"})

_NOTE = statement(insert(attempts), "subject", "window_started_at")
_NOTED = statement(select(attempts.c.subject).order_by(attempts.c.subject))


class CountTo(Struct, frozen=True, kw_only=True):
    """How far to count, from where to number the rows, and what happens at a number on the way."""

    last: int
    offset: int = 0
    refuses_at: int = 0
    breaks_at: int = 0


class Counted(Struct, frozen=True, kw_only=True):
    """The last number that was written."""

    number: int = 0


class Total(Struct, frozen=True, kw_only=True):
    """What the job answers."""

    numbers: int


def counting(meanwhile: Callable[[int], None] = lambda number: None) -> JobKinds:
    """Kinds with the one that counts; `meanwhile` is called while a step is being worked out."""

    def step(connection: Connection, work: CountTo, cursor: Counted, now: int) -> Step:
        number = cursor.number + 1
        meanwhile(number)
        if number == work.refuses_at:
            raise StoreError("There is no such number.")
        if number == work.breaks_at:
            raise RuntimeError("a bug")
        return Step(
            cursor=Counted(number=number),
            done=number,
            total=work.last,
            save=lambda c: _note(c, f"{work.offset + number:03}"),
            result=Total(numbers=number) if number == work.last else None,
        )

    kind = JobKind(
        key="COUNT",
        permission=Permission.MANAGE_STOCK,
        Arguments=CountTo,
        Cursor=Counted,
        step=step,
    )
    return JobKinds([kind])


def _note(connection: Connection, subject: str) -> None:
    connection.run(_NOTE, subject=subject, window_started_at=NOW)


def queued(database: Database, last: int, *, now: int = NOW, **more: int) -> int:
    """The row number of a new job that counts."""
    wish = CountTo(last=last, **more)
    return database.write(
        lambda c: start_job(
            c,
            "COUNT",
            wish,
            permission=Permission.MANAGE_STOCK,
            total=last,
            actor="staff:3",
            now=now,
        )
    )


def noted(database: Database) -> list[int]:
    """The numbers that steps wrote."""
    with database.reading() as connection:
        return [int(subject) for (subject,) in connection.rows(_NOTED)]


def job(database: Database, job_id: int) -> Job:
    with database.reading() as connection:
        return jobs_by_id(connection, [job_id], granted=SEEN)[job_id]


class Clock:
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


def worker(database: Database, kinds: JobKinds | None = None, clock: Clock | None = None) -> Worker:
    return Worker(database, kinds or counting(), clock or Clock())
