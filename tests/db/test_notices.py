"""Notices reach every process's listeners once a change is committed, on both engines."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

import pytest

from storeql.catalog import tables
from storeql.db import Connection, Database
from storeql.db.notices import Notices, announce
from tests.conftest import NO_POSTGRES, POSTGRES_URL
from tests.rows import insert_row

WITHIN_SECONDS = 5
NUMBERS = itertools.count()
ON_POSTGRES = pytest.param(
    "postgresql", marks=pytest.mark.skipif(not POSTGRES_URL, reason=NO_POSTGRES)
)
CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND query LIKE %(query)s AND pid <> pg_backend_pid()"""


def change(connection: Connection) -> None:
    insert_row(connection, tables.tags, slug=f"t{next(NUMBERS)}", name="T")
    announce(connection, "variant:1")


def test_a_listener_hears_of_a_change_made_elsewhere(database_url: str) -> None:
    here, elsewhere = Database(database_url), Database(database_url)
    notices = Notices(here)

    async def listen() -> None:
        followed = notices.follow("variant:1")
        await heard(followed)
        await settled(followed)
        await asyncio.to_thread(elsewhere.write, change)
        await heard(followed)
        await followed.aclose()  # type: ignore[attr-defined]

    try:
        asyncio.run(listen())
    finally:
        notices.close()
        here.close()
        elsewhere.close()


def test_a_change_that_was_rolled_back_is_not_told(database_url: str) -> None:
    here, elsewhere = Database(database_url), Database(database_url)
    notices = Notices(here)

    def fail(connection: Connection) -> None:
        change(connection)
        raise LookupError

    async def listen() -> bool:
        followed = notices.follow("variant:1")
        await heard(followed)
        await settled(followed)
        with suppress(LookupError):
            await asyncio.to_thread(elsewhere.write, fail)
        return await is_quiet(followed)

    try:
        assert asyncio.run(listen())
    finally:
        notices.close()
        here.close()
        elsewhere.close()


def test_what_waits_is_told_before_the_database_closes(database_url: str) -> None:
    async def write_and_leave(followed: AsyncIterator[None]) -> None:
        elsewhere = Database(database_url)
        await asyncio.to_thread(elsewhere.write, change)
        await asyncio.to_thread(elsewhere.close)
        await heard(followed)

    asyncio.run(following(database_url, write_and_leave))


@pytest.mark.parametrize("engine_name", [ON_POSTGRES])
@pytest.mark.parametrize("side", ["%pg_notify%", "LISTEN%"], ids=["telling", "hearing"])
def test_notices_go_on_when_their_connection_was_cut(
    database: Database, side: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storeql.db.notices.RECONNECT_AFTER_SECONDS", 0.05)
    monkeypatch.setattr("storeql.db.herald.AGAIN_AFTER_SECONDS", 0.05)

    def cut() -> None:
        with database.reading() as connection:
            assert len(connection.text(CUT, {"query": side}).fetchall()) == 1

    async def write_cut_and_write(followed: AsyncIterator[None]) -> None:
        await asyncio.to_thread(database.write, change)
        await heard(followed)
        await asyncio.to_thread(cut)
        await asyncio.to_thread(database.write, change)
        await heard(followed)

    asyncio.run(following(database.url, write_cut_and_write))


def test_a_listener_looks_for_itself_now_and_then(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storeql.db.notices.LOOK_ANYWAY_AFTER_SECONDS", 0.2)
    asyncio.run(following(database_url, heard))


async def following(url: str, then: Callable[[AsyncIterator[None]], Awaitable[None]]) -> None:
    """Does `then` with somebody following `variant:1` who knows its state."""
    here = Database(url)
    notices = Notices(here)
    followed = notices.follow("variant:1")
    try:
        await heard(followed)
        await settled(followed)
        await then(followed)
    finally:
        await followed.aclose()  # type: ignore[attr-defined]
        await asyncio.to_thread(notices.close)
        here.close()


async def heard(followed: AsyncIterator[None]) -> None:
    await asyncio.wait_for(anext(followed), WITHIN_SECONDS)


async def settled(followed: AsyncIterator[None]) -> None:
    """The listener is told once when listening has begun: from then on nothing is missed."""
    await heard(followed)


async def is_quiet(followed: AsyncIterator[None]) -> bool:
    try:
        await asyncio.wait_for(anext(followed), 0.5)
    except TimeoutError:
        return True
    return False
