"""Keeps a shop's servers from writing for a moment, so that requests are surely in hand."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storeql.db import Connection, Database

MOST_SECONDS = 8.0


@asynccontextmanager
async def writes_held_up(database: Database) -> AsyncIterator[None]:
    """While the context lasts, no cart can be changed or ordered; at most 8 seconds."""
    held, release = threading.Event(), threading.Event()

    def hold(connection: Connection) -> None:
        if not connection.is_sqlite:  # there, whoever writes keeps all other writers waiting
            connection.text("LOCK TABLE carts IN EXCLUSIVE MODE")
        held.set()
        release.wait(MOST_SECONDS)

    holding = asyncio.create_task(asyncio.to_thread(database.write, hold))
    try:
        await asyncio.to_thread(held.wait, MOST_SECONDS)
        yield
    finally:
        release.set()
        await holding
