"""Connects clients so that both server processes have some of them.

A burst of connections may all be accepted by one process; a proof about two needs both.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from soak.caller import Caller
from soak.servers import START_WITHIN_SECONDS, WORKERS
from soak.shop import Shop

LEAST_SHARE = 4
"""Each process holds at least one in so many of the connections."""


async def clients(shop: Shop, tokens: Sequence[str]) -> list[Caller]:
    """One connected client for each token ("" for a guest), spread over both processes.

    Raises TimeoutError when one process does not take its share in time.
    """
    until = time.monotonic() + START_WITHIN_SECONDS
    while time.monotonic() < until:
        callers = [shop.caller(token) for token in tokens]
        await asyncio.gather(*(caller.connect() for caller in callers))
        if await _are_spread(shop, len(callers)):
            return callers
        for caller in callers:
            await caller.close()
        await asyncio.sleep(0.1)
    raise TimeoutError(f"the connections are not spread: {shop.servers.connections()}")


async def _are_spread(shop: Shop, connected: int) -> bool:
    """Looks a few times: what is connected is accepted a moment later."""
    for _ in range(10):
        held = shop.servers.connections()
        if sum(held.values()) >= connected:
            break
        await asyncio.sleep(0.02)
    return len(held) == WORKERS and min(held.values()) * LEAST_SHARE >= connected
