"""The wiring of a running shop: its settings, database, hooks and clock, frozen at start."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from storeql.carts.price_cart import PriceDesk
from storeql.db import Database
from storeql.db.notices import Notices
from storeql.hooks import Hooks
from storeql.promotions.active import ActiveSets
from storeql.promotions.types import PromotionTypes
from storeql.settings import Settings

Clock = Callable[[], int]


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
