"""Runs jobs: one step after the other, a few seconds of each job at a time, until told to stop."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable

import structlog

from storeql.db import Connection, Database
from storeql.errors import StoreError
from storeql.jobs.kinds import JobKinds
from storeql.jobs.lease import Lease, fail_job, give_back, is_any_due, keep_step, take_job
from storeql.logs import log_interruption

log = structlog.get_logger("storeql.jobs")

SLICE_SECONDS = 3.0
LOOK_EVERY_SECONDS = 0.5
MOST_ATTEMPTS = 5
FIRST_PAUSE_MS = 2_000


class Worker:
    """Works on the jobs of a shop in the thread that calls `run`; several may work at once.

    A long job gives way to the others every few seconds, so that none waits for its end.
    """

    def __init__(
        self,
        database: Database,
        kinds: JobKinds,
        clock: Callable[[], int],
        stop: threading.Event | None = None,
    ) -> None:
        self._database = database
        self._kinds = kinds
        self._clock = clock
        self.stop = stop or threading.Event()

    def run(self) -> None:
        """Works until `stop` is set; a step in hand is finished and its job given back."""
        while not self.stop.is_set():
            try:
                worked = self.run_slice()
            except Exception as error:
                log_interruption(log, "worker_interrupted", error)
                worked = False
            if not worked:
                self.stop.wait(LOOK_EVERY_SECONDS)

    def run_slice(self) -> bool:
        """A few seconds of the job that waits longest; False when none waits."""
        lease = self._take()
        if lease is None:
            return False
        if lease.attempts > MOST_ATTEMPTS:
            self._fail(lease, "Its workers died time after time without finishing a step.")
            return True
        ends_at = time.monotonic() + SLICE_SECONDS
        while (lease := self._tried(lease)) is not None:
            if self.stop.is_set() or time.monotonic() >= ends_at:
                self._give_back(lease, pause=0)
                break
        return True

    def _take(self) -> Lease | None:
        now, holder = self._clock(), secrets.token_hex(8)
        with self._database.reading() as connection:
            if not is_any_due(connection, self._kinds, now=now):
                return None
        return self._database.write(
            lambda connection: take_job(connection, self._kinds, holder=holder, now=now)
        )

    def _tried(self, lease: Lease) -> Lease | None:
        """The lease after a step; None when the job is over, lost, or put off after an error."""
        try:
            return self._step(lease)
        except StoreError as error:
            self._fail(lease, error.message)
        except Exception:
            reference = secrets.token_hex(8)
            log.exception("job_failed", job=lease.job_id, kind=lease.kind, error_id=reference)
            if lease.attempts >= MOST_ATTEMPTS:
                self._fail(lease, f"It failed {lease.attempts} times; error {reference}.")
            else:
                self._give_back(lease, pause=FIRST_PAUSE_MS * 2**lease.attempts)
        return None

    def _step(self, lease: Lease) -> Lease | None:
        kind = self._kinds[lease.kind]
        arguments, cursor = kind.read(lease.arguments, lease.cursor)
        with self._database.reading() as connection:
            step = kind.step(connection, arguments, cursor, self._clock())

        def save(connection: Connection) -> Lease | None:
            return keep_step(connection, lease, step, now=self._clock())

        kept = self._database.write(save)
        if kept is None:
            log.info("job_lost", job=lease.job_id, kind=lease.kind)
        elif step.result is not None:
            log.info("job_done", job=lease.job_id, kind=lease.kind, done=step.done)
            return None
        return kept

    def _fail(self, lease: Lease, error: str) -> None:
        now = self._clock()
        self._database.write(lambda connection: fail_job(connection, lease, error, now=now))

    def _give_back(self, lease: Lease, *, pause: int) -> None:
        due = self._clock() + pause
        self._database.write(lambda connection: give_back(connection, lease, due=due))
