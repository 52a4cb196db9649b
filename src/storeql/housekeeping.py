"""What a shop does for itself while it is served.

It gives up orders that nobody paid, sends what waits, forgets what has ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from storeql.catalog.images.cleanup import doom_unnamed
from storeql.catalog.transfer.imports import forget_old_imports
from storeql.customers.expiry import forget_expired
from storeql.customers.messages import deliver
from storeql.db import Connection
from storeql.files.keep import forget_expired_files
from storeql.jobs.expiry import forget_finished
from storeql.logs import log_interruption
from storeql.media.folder import Folder
from storeql.media.keep import doomed_files, sweep
from storeql.media.names import FOLDER
from storeql.orders.expire_orders import expire_orders
from storeql.orders.replay.job import forget_left_behind
from storeql.shop import Shop

log = structlog.get_logger("storeql.housekeeping")

FIRST_AFTER_SECONDS = 20
EVERY_SECONDS = 3600
HOUR_MS = 3_600_000


async def keep_house(shop: Shop) -> None:
    """Does the chores now and then, in a thread, until it is cancelled.

    Every server process does them; each chore is safe beside itself and when it is cut short.
    """
    await asyncio.sleep(FIRST_AFTER_SECONDS)
    while True:
        await asyncio.to_thread(do_chores, shop)
        await asyncio.sleep(EVERY_SECONDS)


def do_chores(shop: Shop) -> None:
    """Does each chore; one that fails is logged and keeps none of the others from being done."""
    done: dict[str, int] = {}
    for name, chore in CHORES.items():
        try:
            done[name] = chore(shop)
        except Exception as error:
            log_interruption(log, "chore_failed", error, chore=name)
    log.info("chores_done", **done)


def _expire_orders(shop: Shop) -> int:
    now, hours = shop.clock(), shop.settings.unpaid_order_hours
    if not hours:
        return 0
    before = now - hours * HOUR_MS
    return expire_orders(shop.database.write, placed_before=before, hooks=shop.hooks, now=now)


def _forget(shop: Shop) -> int:
    now = shop.clock()
    return shop.database.write(lambda connection: _forgotten(connection, now))


def _forgotten(connection: Connection, now: int) -> int:
    ended = forget_expired(connection, now=now) + forget_finished(connection, now=now)
    ended += forget_old_imports(connection, now=now) + forget_expired_files(connection, now=now)
    return ended + forget_left_behind(connection)


def _sweep_pictures(shop: Shop) -> int:
    """Deletes the files of pictures that nobody names any more, days after the last one did."""
    now, database, storage = shop.clock(), shop.database, shop.storage

    def doomed() -> list[tuple[int, str]]:
        with database.reading() as connection:
            return doomed_files(connection, now=now)

    swept = sweep(storage, doomed, database.write, now=now)
    database.write(lambda connection: doom_unnamed(connection, now=now))
    return swept + (storage.sweep(FOLDER) if isinstance(storage, Folder) else 0)


# What was done of each is logged under its name.
CHORES: dict[str, Callable[[Shop], int]] = {
    "expired": _expire_orders,
    "forgotten": _forget,
    "pictures": _sweep_pictures,
    "sent": lambda shop: deliver(shop.database, shop.settings),
}
