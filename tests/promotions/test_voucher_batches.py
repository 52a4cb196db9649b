"""Batches of codes: made by a job, each code once, unguessable, with a window of its own."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from storeql.db import Database, statement
from storeql.jobs import JobKinds
from storeql.jobs.tables import jobs
from storeql.jobs.worker import Worker
from storeql.promotions.set_up.lifecycle import delete_promotion
from storeql.promotions.tables import voucher_codes
from storeql.promotions.vouchers import generate
from storeql.promotions.vouchers.codes import ALPHABET, check_character
from storeql.promotions.vouchers.create_batch import BatchWish, create_batch
from storeql.promotions.vouchers.export import batch_csv, csv_text
from storeql.promotions.vouchers.generate import VOUCHER_BATCH
from tests.carts.shop import change_rows
from tests.promotions.orders import place, refusal
from tests.promotions.shop import BOOK, DAY, NOW, TYPES, draft, line, open_shop, priced, running

OFF_TEN = {"off_minor": "10"}


def coupon(database: Database, **more: Any) -> int:
    return running(database, "VOUCHER_DISCOUNT", OFF_TEN, needs_code=True, **more)


def batch(database: Database, **wish: Any) -> int:
    """A batch of one promotion's codes, not made yet."""
    wanted = BatchWish(**wish)
    return database.write(lambda c: create_batch(c, wanted, types=TYPES, actor="staff:3", now=NOW))


def work(database: Database) -> None:
    at_work = Worker(database, JobKinds([VOUCHER_BATCH]), lambda: NOW)
    while at_work.run_slice():
        pass


def codes_of(database: Database, *columns: str) -> list[tuple[Any, ...]]:
    query = select(*(voucher_codes.c[name] for name in columns)).order_by(voucher_codes.c.id)
    with database.reading() as connection:
        return [tuple(row) for row in connection.rows(statement(query))]


def test_a_batch_is_made_in_steps_and_every_code_is_new_and_checked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "CODES_PER_STEP", 100)
    open_shop(database)
    batch(database, promotion_id=coupon(database), codes=350, prefix="vip-", length=12)
    work(database)

    codes = [code for (code,) in codes_of(database, "code")]
    assert len(set(codes)) == 350
    for code in codes:
        prefix, body, check = code[:4], code[4:-1], code[-1]
        assert (prefix, len(body), check) == ("VIP-", 12, check_character(body))
        assert set(body) <= set(ALPHABET)
    with database.reading() as connection:
        found = connection.one(statement(select(jobs.c.state, jobs.c.done, jobs.c.result)))
    assert found == ("SUCCEEDED", 350, '{"codes":350}')


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"codes": 0}, "codes", "OUT_OF_RANGE"),
        ({"codes": 100_001}, "codes", "OUT_OF_RANGE"),
        ({"length": 9}, "length", "OUT_OF_RANGE"),
        ({"usage_limit": 0}, "usageLimit", "OUT_OF_RANGE"),
        ({"prefix": "A" * 17}, "prefix", "WRONG_LENGTH"),
        ({"prefix": "满减!"}, "prefix", "INVALID_CHARACTER"),
        ({"prefix": "-VIP"}, "prefix", "INVALID_CHARACTER"),
        ({"ends_at": NOW}, "endsAt", "ENDS_BEFORE_START"),
        ({"starts_at": NOW + DAY, "ends_at": NOW + DAY}, "endsAt", "ENDS_BEFORE_START"),
    ],
)
def test_a_batch_that_cannot_be_is_refused(
    database: Database, wish: dict[str, Any], field: str, code: str
) -> None:
    open_shop(database)
    key = coupon(database)
    problem = refusal(lambda: batch(database, **{"promotion_id": key, "codes": 10, **wish}))
    assert (problem.code, problem.field) == (code, (field,))


def test_only_a_promotion_that_requires_a_code_has_batches(database: Database) -> None:
    open_shop(database)
    without = draft(database, "PERCENTAGE", {"percent_off_basis_points": "10"})
    problem = refusal(lambda: batch(database, promotion_id=without, codes=5))
    assert problem.code == "NEEDS_NO_CODE"


def test_a_code_holds_in_its_own_window_and_says_why_not_outside(database: Database) -> None:
    sets = open_shop(database)
    window = {"starts_at": NOW + DAY, "ends_at": NOW + 3 * DAY}
    batch(database, promotion_id=coupon(database), codes=1, **window)
    work(database)
    [(code,)] = codes_of(database, "code")

    def told(now: int) -> tuple[int, str | None]:
        cart = priced(database, sets, line(BOOK), codes=(code,), now=now)
        [entry] = cart.trace
        return cart.totals.total_minor, entry.condition

    assert told(NOW) == (20_000, "code_not_yet_valid")
    assert told(NOW + DAY) == (19_000, None)
    assert told(NOW + 3 * DAY) == (20_000, "code_expired")


def test_a_code_is_used_up_by_one_order(database: Database) -> None:
    sets = open_shop(database)
    batch(database, promotion_id=coupon(database), codes=1)
    work(database)
    [(code,)] = codes_of(database, "code")
    assert place(database, sets, 1, line(BOOK), codes=(code,)) == 19_000
    assert place(database, sets, 2, line(BOOK), codes=(code,)) == 20_000


def test_the_export_has_every_code_and_no_formula(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storeql.promotions.vouchers.export.ROWS_A_PAGE", 7)
    open_shop(database)
    key = batch(database, promotion_id=coupon(database), codes=20, ends_at=NOW + DAY)
    work(database)
    rows = list(csv.reader("".join(batch_csv(database, key)).splitlines()))
    assert rows[0] == ["code", "usage_limit", "usage_count", "starts_at", "ends_at", "claimed_at"]
    assert [row[0] for row in rows[1:]] == [code for (code,) in codes_of(database, "code")]
    assert rows[1][1:] == ["1", "0", "", "2025-11-25T16:00:00+00:00", ""]
    harmless = csv_text([["=1+1", "+1", "-1", "@a", "\t=1", "plain", 5]])
    assert harmless == "'=1+1,'+1,'-1,'@a,'\t=1,plain,5\r\n"


def test_a_deleted_draft_takes_its_batch_along_and_the_job_says_so(database: Database) -> None:
    open_shop(database)
    key = draft(database, "VOUCHER_DISCOUNT", OFF_TEN, needs_code=True)
    batch(database, promotion_id=key, codes=5)
    database.write(lambda c: delete_promotion(c, key, expected_version=None, types=TYPES, now=NOW))
    work(database)
    with database.reading() as connection:
        found = connection.one(statement(select(jobs.c.state, jobs.c.error)))
    assert found == ("FAILED", "The batch was deleted with its promotion.")


@pytest.fixture
def workers(database_url: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Worker processes that are gone when the test is over."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for process in started:
        process.kill()
        process.wait()


def test_a_worker_killed_in_the_middle_neither_doubles_nor_loses_a_code(
    database: Database, workers: list[subprocess.Popen[bytes]]
) -> None:
    open_shop(database)
    batch(database, promotion_id=coupon(database), codes=20_000)

    started(workers, database.url)
    made = until(lambda: count(database), at_least=1)
    workers[0].send_signal(signal.SIGKILL)
    workers[0].wait()
    left = count(database)
    assert 0 < made <= left < 20_000, "the worker was not killed in the middle"
    change_rows(database, jobs, jobs.c.state == "RUNNING", due_at=0)  # as if its lease ran out

    started(workers, database.url)
    assert until(lambda: count(database), at_least=20_000) == 20_000
    until(lambda: int(state(database) == "SUCCEEDED"), at_least=1)
    workers[1].send_signal(signal.SIGTERM)
    assert workers[1].wait(timeout=20) == 0
    assert count(database) == 20_000


def started(workers: list[subprocess.Popen[bytes]], url: str) -> None:
    command = [sys.executable, "-m", "storeql.cli", "worker", "--database", url]
    workers.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))


def until(look: Any, *, at_least: int, seconds: float = 60) -> int:
    """What `look` answers once it is enough."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at:
        found: int = look()
        if found >= at_least:
            return found
        time.sleep(0.005)
    raise AssertionError("it did not come so far in time")


def count(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.scalar(statement(select(func.count()).select_from(voucher_codes))))


def state(database: Database) -> str:
    with database.reading() as connection:
        return str(connection.scalar(statement(select(jobs.c.state))))
