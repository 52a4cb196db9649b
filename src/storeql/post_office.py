"""Puts together what delivers a shop's events: the courier, and the schema that it asks."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import NoReturn

from storeql.app import limits_of
from storeql.payloads import Payloads
from storeql.schema.build import build_schema
from storeql.schema.ids import opaque_id
from storeql.schema.promotions.room import fitted
from storeql.server import RequestInfo, operations_of
from storeql.shop import EVENT_KINDS, Shop
from storeql.webhooks.courier import Courier


def post_office(shop: Shop, stop: threading.Event) -> Courier:
    """The courier of a shop that serves nobody: it takes a second to load the schema."""
    settings = shop.settings
    hooks, schema = fitted(shop.hooks, build_schema)
    payloads = Payloads()
    shop = replace(shop, hooks=hooks, selections=payloads)
    operations = operations_of(
        schema, _no_requests, limits_of(settings), development=settings.development
    )
    payloads.open(operations, shop)
    return courier_of(shop, stop)


def courier_of(shop: Shop, stop: threading.Event | None = None) -> Courier:
    """The courier of a shop whose selections can be run."""
    return Courier(
        shop.database,
        shop.selections,
        EVENT_KINDS,
        shop.reach,
        secret=shop.settings.secret,
        name_event=lambda row: opaque_id("Event", row),
        clock=shop.clock,
        seconds=shop.settings.webhook_seconds,
        stop=stop,
    )


def _no_requests(request: RequestInfo) -> NoReturn:
    raise AssertionError("A worker answers no requests.")
