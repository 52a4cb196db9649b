"""Runs what works beside the servers until told to stop: jobs, webhooks, what the clock starts."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable

from storeql.clockwork import Clockwork
from storeql.db.revisions import check_schema
from storeql.jobs.worker import Worker
from storeql.logs import configure_logging
from storeql.post_office import post_office
from storeql.settings import Settings
from storeql.shop import open_shop


def work(settings: Settings, *, attached: bool = False) -> None:
    """Works until told to stop by a signal; the step and the deliveries in hand are finished first.

    `attached` is for a worker that somebody started beside a server: it also stops when its
    standard input ends, so that it never outlives that process, however it died.
    """
    configure_logging(development=settings.development)
    shop = open_shop(settings)
    try:
        check_schema(shop.database)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if attached:
            threading.Thread(target=_stop_with_input, args=(stop,), daemon=True).start()
        beside = [
            _started("clockwork", Clockwork(shop.database, shop.clock, stop).run),
            _started("courier", lambda: post_office(shop, stop).run()),
        ]
        Worker(shop.database, shop.job_kinds, shop.clock, stop).run()
        for thread in beside:
            thread.join()
    finally:
        shop.database.close()


def _started(name: str, work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work, name=f"storeql-{name}", daemon=True)
    thread.start()
    return thread


def _stop_with_input(stop: threading.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop.set()
