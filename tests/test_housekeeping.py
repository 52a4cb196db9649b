"""Chores come in rhythms of their own, and none keeps another from its turn."""

from __future__ import annotations

from typing import Any

import pytest

from storeql.housekeeping import CHORES, FIRST_AFTER_SECONDS, HOUR, MINUTE, Chore, Rota, do_chores
from storeql.settings import Settings
from storeql.shop import Shop, open_shop


@pytest.fixture
def open_settings(database_url: str, tmp_path: Any) -> Any:
    shop = open_shop(Settings(database_url=database_url, media_dir=str(tmp_path)))
    yield shop
    shop.database.close()


def test_each_chore_is_due_in_its_own_rhythm() -> None:
    often, seldom = (Chore(name, every, lambda _: 0) for name, every in (("a", 60), ("b", 600)))
    rota = Rota([often, seldom], 0)
    turns: list[tuple[float, list[str]]] = []

    now = 0.0
    while now < 680:
        now += rota.wait(now)
        turns.append((now, [chore.name for chore in rota.due(now)]))

    assert turns[0] == (FIRST_AFTER_SECONDS, ["a", "b"])
    assert [at for at, names in turns if "b" in names] == [20, 620]
    assert [at for at, names in turns if "a" in names] == [20 + 60 * turn for turn in range(12)]


def test_a_chore_that_took_long_is_done_once_and_not_made_up_for() -> None:
    rota = Rota([Chore("a", 60, lambda _: 0)], 0)
    rota.due(20)

    assert len(rota.due(1_000)) == 1
    assert rota.due(1_001) == []
    assert rota.wait(1_001) == 59


def test_orders_that_nobody_paid_go_within_about_a_minute() -> None:
    periods = {chore.name: chore.every_seconds for chore in CHORES}

    assert periods["expired"] <= MINUTE
    assert periods["completed"] <= HOUR


def test_a_chore_that_fails_keeps_no_other_from_being_done(open_settings: Shop) -> None:
    done: list[str] = []

    def fail(_: Shop) -> int:
        raise ValueError("broken")

    def note(_: Shop) -> int:
        done.append("b")
        return 1

    do_chores(open_settings, [Chore("a", 1, fail), Chore("b", 1, note)])

    assert done == ["b"]
