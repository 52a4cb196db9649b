"""Notices reach every process's listeners once a change is committed, on both engines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from storeql.catalog import tables
from storeql.db import Connection, Database
from storeql.db.notices import Notices, announce
from tests.rows import insert_row

WITHIN_SECONDS = 5


def change(connection: Connection) -> None:
    insert_row(connection, tables.tags, slug=f"t{connection.count}", name="T")
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
