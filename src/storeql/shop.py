"""The wiring of a running shop: its settings, database, hooks and clock, frozen at start."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from storeql.carts.price_cart import PriceDesk
from storeql.catalog.event_kinds import CATALOG_EVENTS
from storeql.catalog.transfer.export_job import CATALOG_EXPORT_KIND
from storeql.catalog.transfer.import_job import import_kind
from storeql.customers.event_kinds import CUSTOMER_EVENTS
from storeql.db import Database
from storeql.db.notices import Notices
from storeql.events import EventKinds
from storeql.hooks import Hooks, load_hooks
from storeql.jobs import JobKinds
from storeql.media.storage import Storage, storage_of
from storeql.orders.event_kinds import ORDER_EVENTS
from storeql.orders.replay.job import simulation_kind
from storeql.promotions.active import ActiveSets
from storeql.promotions.event_kinds import PROMOTION_EVENTS
from storeql.promotions.types import PromotionTypes
from storeql.promotions.vouchers.generate import VOUCHER_BATCH
from storeql.settings import Settings
from storeql.webhooks.addresses import Reach
from storeql.webhooks.selections import NO_SELECTIONS, Selections

Clock = Callable[[], int]

DEVELOPMENT_ONLY = ("fake-card",)

# Everything that can be told to those outside.
EVENT_KINDS = EventKinds([*ORDER_EVENTS, *CATALOG_EVENTS, *CUSTOMER_EVENTS, *PROMOTION_EVENTS])


def system_clock() -> int:
    """Now, in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What every request of one process shares; `RequestContext.shop` is this."""

    settings: Settings
    database: Database
    hooks: Hooks
    notices: Notices
    selections: Selections = NO_SELECTIONS
    clock: Clock = system_clock

    @cached_property
    def errands(self) -> ThreadPoolExecutor:
        """A thread for small writes that no request has to wait for."""
        return ThreadPoolExecutor(1, "storeql-errand")

    @cached_property
    def price_desk(self) -> PriceDesk:
        """What the prices of carts and orders are made with."""
        types = PromotionTypes(self.hooks.promotion_types)
        return PriceDesk(self.hooks, ActiveSets(types), ZoneInfo(self.settings.time_zone))

    @property
    def storage(self) -> Storage:
        """Where the files of pictures are kept."""
        return storage_of(self.settings.media_dir, self.settings.media_store)

    @cached_property
    def reach(self) -> Reach:
        """Where webhooks may be sent."""
        settings = self.settings
        return Reach(development=settings.development, private_hosts=settings.webhook_private_hosts)

    @cached_property
    def job_kinds(self) -> JobKinds:
        """The background jobs that this shop's workers know."""
        desk = self.price_desk
        catalog = (import_kind(desk.zone), CATALOG_EXPORT_KIND)
        return JobKinds([VOUCHER_BATCH, simulation_kind(desk), *catalog])


def open_shop(
    settings: Settings, *, plugins: Iterable[object] = (), clock: Clock = system_clock
) -> Shop:
    """A shop's wiring: its database opened, its plugins tried and loaded."""
    database = Database(
        settings.database_url,
        pool_size=settings.threads,
        deadline_seconds=settings.deadline_seconds,
    )
    hooks = load_hooks(
        enabled=settings.plugins_enabled,
        disabled=_disabled_plugins(settings),
        extra_plugins=plugins,
    )
    return Shop(
        settings=settings, database=database, hooks=hooks, notices=Notices(database), clock=clock
    )


def _disabled_plugins(settings: Settings) -> tuple[str, ...]:
    """The plugins named by the setting, and those that must not meet real shoppers."""
    unfit = () if settings.development else DEVELOPMENT_ONLY
    return (*settings.plugins_disabled, *unfit)
