"""Drafts start, running ones pause and go on, ended ones never come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from storeql.db import Connection, Database
from storeql.errors import Rejected, StaleVersion
from storeql.hooks import load_hooks
from storeql.promotions.active import ActiveSets
from storeql.promotions.records import Unavailable
from storeql.promotions.set_up import lifecycle
from storeql.promotions.set_up.lifecycle import (
    delete_promotion,
    end_promotion,
    pause_promotion,
)
from storeql.promotions.tables import promotion_sets, promotion_versions, promotions
from storeql.promotions.types import PromotionTypes
from tests.promotions.shop import (
    DAY,
    NOW,
    STAFF,
    TYPES,
    activate,
    draft,
    line,
    linter,
    open_shop,
    outcomes,
    priced,
    rows,
    running,
    threshold,
    total,
)

SPEND = ("SPEND_THRESHOLD", threshold("300", "50"))
Verb = Callable[..., None]


def activate_promotion(connection: Connection, key: int, *, types: Any, **step: Any) -> None:
    """Switches it on beside nothing else."""
    lifecycle.activate_promotion(connection, key, linter=linter(), **step)


def do(database: Database, verb: Verb, key: int, version: int | None = None) -> None:
    database.write(
        lambda c: verb(c, key, expected_version=version, types=TYPES, actor=STAFF, now=NOW)
    )


def delete(database: Database, key: int) -> None:
    database.write(lambda c: delete_promotion(c, key, expected_version=None, types=TYPES, now=NOW))


def refusal(work: Callable[[], None]) -> Any:
    with pytest.raises(Rejected) as found:
        work()
    (problem,) = found.value.problems
    return problem


def test_a_promotion_applies_only_while_it_is_active(database: Database) -> None:
    sets = open_shop(database)
    key = draft(database, *SPEND)
    seen = [total(database, sets, line(1))]
    for verb in (activate_promotion, pause_promotion, activate_promotion, end_promotion):
        do(database, verb, key)
        seen.append(total(database, sets, line(1)))

    assert seen == [30_000, 25_000, 30_000, 25_000, 30_000]
    assert rows(database, promotions, "status", "version") == [("ENDED", 5)]
    assert len(rows(database, promotion_versions, "version")) == 5


@pytest.mark.parametrize(
    ("path", "verb"),
    [
        ((), pause_promotion),
        ((), end_promotion),
        ((activate_promotion,), activate_promotion),
        ((activate_promotion, end_promotion), activate_promotion),
        ((activate_promotion, end_promotion), pause_promotion),
        ((activate_promotion, pause_promotion), pause_promotion),
    ],
)
def test_a_step_that_the_status_does_not_allow_is_refused(
    database: Database, path: tuple[Verb, ...], verb: Verb
) -> None:
    open_shop(database)
    key = draft(database, *SPEND)
    for step in path:
        do(database, step, key)

    assert refusal(lambda: do(database, verb, key)).code == "WRONG_STATUS"


def test_only_a_draft_can_be_deleted(database: Database) -> None:
    open_shop(database)
    kept, gone = running(database, *SPEND), draft(database, *SPEND)

    assert refusal(lambda: delete(database, kept)).code == "WRONG_STATUS"
    delete(database, gone)

    assert rows(database, promotions, "id") == [(kept,)]


def test_a_step_from_an_old_version_is_refused(database: Database) -> None:
    open_shop(database)
    key = running(database, *SPEND)

    stale = refusal(lambda: do(database, pause_promotion, key, 1))

    assert isinstance(stale, StaleVersion)
    assert stale.current == 2


def test_a_window_that_is_over_cannot_be_activated(database: Database) -> None:
    open_shop(database)
    key = draft(database, *SPEND, starts_at=NOW - 2 * DAY, ends_at=NOW)

    assert refusal(lambda: activate(database, key)).code == "ALREADY_OVER"


@pytest.mark.parametrize(
    ("now", "expected"),
    [(NOW - 1, 30_000), (NOW, 25_000), (NOW + DAY - 1, 25_000), (NOW + DAY, 30_000)],
)
def test_a_scheduled_promotion_runs_in_its_half_open_window(
    database: Database, now: int, expected: int
) -> None:
    sets = open_shop(database)
    running(database, *SPEND, starts_at=NOW, ends_at=NOW + DAY)

    assert total(database, sets, line(1), now=now) == expected


def test_next_weeks_sale_leaves_no_trace_in_todays_cart(database: Database) -> None:
    sets = open_shop(database)
    running(database, *SPEND, starts_at=NOW + 7 * DAY)

    assert outcomes(priced(database, sets, line(1))) == {}


def test_the_set_is_read_again_only_after_a_running_promotion_changed(database: Database) -> None:
    sets = open_shop(database)
    key = running(database, *SPEND)
    with database.reading() as connection:
        first = sets.current(connection)
    draft(database, *SPEND)
    with database.reading() as connection:
        assert sets.current(connection) is first
        assert connection.count == 1
    do(database, pause_promotion, key)

    with database.reading() as connection:
        assert sets.current(connection) is not first
    assert rows(database, promotion_sets, "version") == [(2,)]


def test_a_promotion_whose_plugin_is_gone_is_kept_out_and_reported(database: Database) -> None:
    open_shop(database)
    key = running(database, *SPEND)
    without = load_hooks(disabled={"spend-threshold"}).promotion_types
    sets = ActiveSets(PromotionTypes(without))

    assert total(database, sets, line(1)) == 30_000
    with database.reading() as connection:
        assert sets.current(connection).unavailable == (
            Unavailable(
                id=str(key),
                name="Spend_Threshold",
                kind="SPEND_THRESHOLD",
                reason="No plugin brings it.",
            ),
        )
