"""Jobs: step by step, once each, whoever works, dies, fails or changes their mind."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from storeql.db import Database
from storeql.errors import Rejected
from storeql.jobs import JobState
from storeql.jobs import worker as working
from storeql.jobs.cancel import cancel_job
from storeql.jobs.expiry import KEPT_MS, forget_finished
from storeql.jobs.lease import LEASE_MS, take_job
from storeql.jobs.start import MOST_WAITING
from tests.jobs.counting import NOW, SEEN, Clock, counting, job, noted, queued, worker


def cancelled(database: Database, job_id: int) -> None:
    database.write(lambda c: cancel_job(c, job_id, granted=SEEN, now=NOW + 5))


def test_a_job_is_done_step_by_step_and_answers(database: Database) -> None:
    job_id = queued(database, 3)
    assert (job(database, job_id).state, job(database, job_id).total) == (JobState.QUEUED, 3)

    assert worker(database).run_slice() is True
    done = job(database, job_id)

    assert (done.state, done.done, done.result_json) == (JobState.SUCCEEDED, 3, '{"numbers":3}')
    assert (done.started_at, done.finished_at) == (NOW, NOW)
    assert noted(database) == [1, 2, 3]
    assert worker(database).run_slice() is False


def test_another_worker_goes_on_when_the_lease_of_a_dead_one_is_over(database: Database) -> None:
    class Killed(BaseException):
        pass

    def die(number: int) -> None:
        if number == 3:
            raise Killed

    job_id, clock = queued(database, 5), Clock()
    with pytest.raises(Killed):
        worker(database, counting(die)).run_slice()
    assert (job(database, job_id).state, noted(database)) == (JobState.RUNNING, [1, 2])

    assert worker(database, clock=clock).run_slice() is False  # it may be alive
    clock.now += LEASE_MS
    assert worker(database, clock=clock).run_slice() is True
    assert (job(database, job_id).state, noted(database)) == (JobState.SUCCEEDED, [1, 2, 3, 4, 5])


def test_a_worker_thought_dead_saves_nothing_more(database: Database) -> None:
    late = Clock()
    late.now += LEASE_MS

    def overtaken(number: int) -> None:
        if number == 2:  # while this one sleeps, another does all the rest
            worker(database, clock=late).run_slice()

    job_id = queued(database, 4)
    worker(database, counting(overtaken)).run_slice()
    assert (job(database, job_id).state, noted(database)) == (JobState.SUCCEEDED, [1, 2, 3, 4])


def test_cancelling_is_honoured_between_steps_and_keeps_what_is_saved(database: Database) -> None:
    job_id = queued(database, 9)
    kinds = counting(lambda number: cancelled(database, job_id) if number == 4 else None)
    worker(database, kinds).run_slice()

    found = job(database, job_id)
    assert (found.state, found.done, found.finished_at) == (JobState.CANCELLED, 3, NOW + 5)
    assert noted(database) == [1, 2, 3]
    assert worker(database).run_slice() is False
    cancelled(database, job_id)  # again: nothing to say against it


def test_a_job_that_has_ended_cannot_be_cancelled_and_one_of_others_is_not_there(
    database: Database,
) -> None:
    job_id = queued(database, 1)
    with pytest.raises(Rejected) as unseen:
        database.write(lambda c: cancel_job(c, job_id, granted=frozenset({"STAFF"}), now=NOW))
    worker(database).run_slice()
    with pytest.raises(Rejected) as ended:
        cancelled(database, job_id)
    codes = [one.value.problems[0].code for one in (unseen, ended)]
    assert codes == ["NOT_FOUND", "WRONG_STATE"]


def test_a_refusal_of_the_shop_fails_the_job_with_its_reason(database: Database) -> None:
    job_id = queued(database, 5, refuses_at=3)
    worker(database).run_slice()
    found = job(database, job_id)
    assert (found.state, found.error) == (JobState.FAILED, "There is no such number.")
    assert noted(database) == [1, 2]


def test_a_bug_is_tried_again_later_and_given_up_after_five_times(database: Database) -> None:
    job_id, clock, tries = queued(database, 5, breaks_at=2), Clock(), 0
    while job(database, job_id).state is not JobState.FAILED:
        assert worker(database, clock=clock).run_slice() is True
        assert worker(database, clock=clock).run_slice() is False  # not at once
        clock.now += 100_000
        tries += 1
    # The first slice saves a step before it breaks: that one counts as the first again.
    assert tries == working.MOST_ATTEMPTS + 1
    assert "failed 5 times" in str(job(database, job_id).error)
    assert noted(database) == [1]


def test_a_job_that_kills_its_workers_is_given_up(database: Database) -> None:
    job_id, now = queued(database, 5), NOW
    for _ in range(working.MOST_ATTEMPTS):
        database.write(lambda c, now=now: take_job(c, counting(), holder="x", now=now))
        now += LEASE_MS
    clock = Clock()
    clock.now = now
    worker(database, clock=clock).run_slice()
    assert job(database, job_id).state is JobState.FAILED


def test_a_long_job_gives_way_to_the_others(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "SLICE_SECONDS", 0.0)
    clock = Clock()
    kinds = counting(lambda number: setattr(clock, "now", clock.now + 2))
    long, short = queued(database, 100), queued(database, 1, now=NOW + 1, offset=500)
    at_work = worker(database, kinds, clock)
    assert [at_work.run_slice(), at_work.run_slice()] == [True, True]
    assert (job(database, long).done, job(database, short).done) == (1, 1)


def test_a_worker_told_to_stop_finishes_its_step_and_gives_the_job_back(
    database: Database,
) -> None:
    job_id, stop = queued(database, 50), threading.Event()
    kinds = counting(lambda number: stop.set() if number == 3 else None)
    at_work = working.Worker(database, kinds, Clock(), stop)
    at_work.run()
    found = job(database, job_id)
    assert (found.state, found.done, noted(database)) == (JobState.QUEUED, 3, [1, 2, 3])
    worker(database).run_slice()
    assert job(database, job_id).state is JobState.SUCCEEDED


def test_workers_at_once_take_different_jobs_and_double_none(database: Database) -> None:
    def take(place: int) -> Any:
        lease = database.write(lambda c: take_job(c, counting(), holder=f"w{place}", now=NOW))
        return None if lease is None else lease.job_id

    waiting = [queued(database, 1) for _ in range(6)]
    with ThreadPoolExecutor(10) as pool:
        taken = [job_id for job_id in pool.map(take, range(10)) if job_id is not None]
    assert sorted(taken) == waiting


def test_no_more_than_a_hundred_jobs_wait(database: Database) -> None:
    for _ in range(MOST_WAITING):
        queued(database, 1)
    with pytest.raises(Rejected) as refused:
        queued(database, 1)
    assert refused.value.problems[0].code == "TOO_MANY_JOBS"


def test_jobs_that_ended_long_ago_are_forgotten(database: Database) -> None:
    queued(database, 1)
    worker(database).run_slice()
    waiting = queued(database, 1)
    after = NOW + KEPT_MS + 1
    assert database.write(lambda c: forget_finished(c, now=after)) == 1
    assert job(database, waiting).state is JobState.QUEUED
