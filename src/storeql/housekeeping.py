"""What a shop does for itself while it is served, each chore in a rhythm of its own.

It gives up orders that nobody paid, completes those that were delivered, lets listings sort by
prices that have flipped, sends what waits, and forgets what has ended.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from storeql.catalog.images.cleanup import doom_unnamed
from storeql.catalog.prices.settle import settle_due
from storeql.catalog.transfer.exports import forget_old_exports
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
from storeql.orders.fulfilment.complete import complete_delivered
from storeql.orders.replay.job import forget_left_behind
from storeql.shop import Shop
from storeql.webhooks.expiry import AT_ONCE, forget_events

log = structlog.get_logger("storeql.housekeeping")

FIRST_AFTER_SECONDS = 20
MINUTE, HOUR = 60, 3_600
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True)
class Chore:
    """One thing to do every so many seconds; `do` answers how much of it there was."""

    name: str
    every_seconds: int
    do: Callable[[Shop], int]


class Rota:
    """When each chore is due, in seconds of a clock that only goes forward."""

    def __init__(self, chores: Sequence[Chore], now: float) -> None:
        self._due = dict.fromkeys(chores, now + FIRST_AFTER_SECONDS)

    def due(self, now: float) -> list[Chore]:
        """The chores to do now; each is due again its own time after it was asked for."""
        due = [chore for chore, at in self._due.items() if at <= now]
        self._due.update({chore: now + chore.every_seconds for chore in due})
        return due

    def wait(self, now: float) -> float:
        """Seconds until something is due."""
        return max(0.0, min(self._due.values()) - now)


async def keep_house(shop: Shop) -> None:
    """Does the chores when they are due, in a thread, until it is cancelled.

    Every server process does them; each chore is safe beside itself and when it is cut short.
    """
    rota = Rota(CHORES, time.monotonic())
    while True:
        await asyncio.sleep(rota.wait(time.monotonic()))
        await asyncio.to_thread(do_chores, shop, rota.due(time.monotonic()))


def do_chores(shop: Shop, chores: Sequence[Chore]) -> None:
    """Does chores; one that fails is logged and keeps none of the others from being done."""
    done: dict[str, int] = {}
    for chore in chores:
        try:
            done[chore.name] = chore.do(shop)
        except Exception as error:
            log_interruption(log, "chore_failed", error, chore=chore.name)
    if any(done.values()):
        log.info("chores_done", **{name: count for name, count in done.items() if count})


def _expire_orders(shop: Shop) -> int:
    now, hours = shop.clock(), shop.settings.unpaid_order_hours
    if not hours:
        return 0
    before = now - hours * HOUR_MS
    return expire_orders(shop.database.write, placed_before=before, hooks=shop.hooks, now=now)


def _complete_orders(shop: Shop) -> int:
    return complete_delivered(shop.database.write, hooks=shop.hooks, now=shop.clock())


def _forget(shop: Shop) -> int:
    now = shop.clock()
    return shop.database.write(lambda connection: _forgotten(connection, now))


def _forgotten(connection: Connection, now: int) -> int:
    ended = forget_expired(connection, now=now) + forget_finished(connection, now=now)
    ended += forget_old_imports(connection, now=now) + forget_old_exports(connection, now=now)
    ended += forget_expired_files(connection, now=now)
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


def _forget_events(shop: Shop) -> int:
    """Some at a time, so that no write of a shopper waits long for it."""
    before, forgotten = shop.clock() - shop.settings.event_days * DAY_MS, 0
    while True:
        went = shop.database.write(lambda connection: forget_events(connection, before=before))
        forgotten += went
        if went < AT_ONCE:
            return forgotten


# What was done of each is logged under its name.
CHORES: tuple[Chore, ...] = (
    Chore("settled", 10, lambda shop: settle_due(shop.database, now=shop.clock())),
    Chore("expired", MINUTE, _expire_orders),
    Chore("completed", 10 * MINUTE, _complete_orders),
    Chore("forgotten", HOUR, _forget),
    Chore("events", HOUR, _forget_events),
    Chore("pictures", HOUR, _sweep_pictures),
    Chore("sent", HOUR, lambda shop: deliver(shop.database, shop.settings)),
)
