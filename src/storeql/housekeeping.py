"""What a shop does for itself while it is served: sends what waits, forgets what has ended."""

from __future__ import annotations

import asyncio

import structlog

from storeql.customers.expiry import forget_expired
from storeql.customers.messages import deliver
from storeql.shop import Shop

log = structlog.get_logger("storeql.housekeeping")

FIRST_AFTER_SECONDS = 20
EVERY_SECONDS = 3600


async def keep_house(shop: Shop) -> None:
    """Does the chores now and then, in a thread, until it is cancelled.

    Every server process does them; each chore is safe beside itself and when it is cut short.
    """
    await asyncio.sleep(FIRST_AFTER_SECONDS)
    while True:
        await asyncio.to_thread(do_chores, shop)
        await asyncio.sleep(EVERY_SECONDS)


def do_chores(shop: Shop) -> None:
    """Sends messages that were left behind, and forgets attempts, sessions and resets."""
    try:
        now = shop.clock()
        forgotten = shop.database.write(lambda connection: forget_expired(connection, now=now))
        sent = deliver(shop.database, shop.settings)
    except Exception:
        log.exception("chores_failed")
    else:
        log.info("chores_done", forgotten=forgotten, sent=sent)
