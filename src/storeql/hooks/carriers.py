"""The hook through which carriers say what a delivery costs, kept within a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import BoundedSemaphore, Event, Thread
from typing import Any

import structlog
from msgspec import Struct

from storeql.hooks.markers import hookspec

log = structlog.get_logger("storeql.hooks")

MOST_WAITING = 16
_room = BoundedSemaphore(MOST_WAITING)


class ParcelLine(Struct, frozen=True, kw_only=True):
    """Pieces of a variant in a parcel; `list_minor` is the list price of one piece."""

    product_id: str
    variant_id: str
    sku: str
    quantity: int
    list_minor: int
    category_ids: tuple[str, ...] = ()
    tag_ids: tuple[str, ...] = ()


class Parcel(Struct, frozen=True, kw_only=True):
    """What is to be delivered, where to, and by which of the channel's methods.

    `methods` has the listed price of each method that may be chosen, in minor units, by its slug.
    """

    channel: str
    currency: str
    exponent: int
    at: datetime
    country: str
    region: str
    city: str
    postal_code: str
    lines: tuple[ParcelLine, ...]
    methods: Mapping[str, int]


@hookspec
def storeql_delivery_rates(parcel: Parcel) -> Mapping[str, int] | None:
    """What carriers ask for a cart: prices in minor units by the slug of the delivery method.

    Called after each change of a cart that has an address, outside any transaction, so it may use
    the network. The answer is kept with the cart until it changes again: carts show it, and
    orders are placed at it. A method that is not named keeps its listed price; None names none.

    Ordering: plugins are asked in the order of their names; the first price of a method counts.

    Errors: a plugin that raises or answers anything else is logged and left out. All plugins
    together have so many seconds (STOREQL_CARRIER_SECONDS): an answer that comes later is thrown
    away, and the listed prices hold until the cart changes again.

    >>> from datetime import UTC, datetime
    >>> from storeql.hooks import Parcel, ParcelLine, hookimpl, load_hooks
    >>> class ByPiece:
    ...     @hookimpl
    ...     def storeql_delivery_rates(self, parcel):
    ...         return {"express": 1000 + 200 * sum(line.quantity for line in parcel.lines)}
    >>> tea = ParcelLine(product_id="7", variant_id="9", sku="T", quantity=3, list_minor=2500)
    >>> parcel = Parcel(
    ...     channel="web", currency="CNY", exponent=2, at=datetime(2026, 11, 11, tzinfo=UTC),
    ...     country="CN", region="", city="", postal_code="", lines=(tea,),
    ...     methods={"express": 1500, "standard": 500},
    ... )
    >>> load_hooks(extra_plugins=[ByPiece()]).delivery_rates(parcel, seconds=5)
    {'express': 1600}
    """


def within(seconds: float, ask: Callable[[], Any]) -> Any:
    """What `ask` returns, None when that takes longer: its thread is then left to itself.

    When too many are still at it, nobody is asked. `ask` does not raise.
    """
    if not _room.acquire(blocking=False):
        log.error("carriers_busy", waiting=MOST_WAITING)
        return None
    answered, answers = Event(), []

    def run() -> None:
        try:
            answers.append(ask())
        finally:
            _room.release()
            answered.set()

    began = time.monotonic()
    Thread(target=run, name="storeql-carrier", daemon=True).start()
    if not answered.wait(seconds):
        log.error("carriers_too_slow", seconds=round(time.monotonic() - began, 3))
        return None
    return answers[0] if answers else None
