"""Reads past orders and open carts, page by page, with the promotions that priced them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select, tuple_

from storeql.carts.cart_rows import CART_COLUMNS, cart_of_row
from storeql.carts.records import OPEN, Cart
from storeql.carts.tables import carts
from storeql.db import Connection, statement
from storeql.orders.replay.start import IN_PERIOD
from storeql.orders.replay.tally import PastOrder
from storeql.orders.tables import orders
from storeql.pricing import Basket, PricedCart, Promotion
from storeql.promotions.set_up.versions import promotions_then
from storeql.promotions.types import PromotionTypes

CART_IS_COLD_MS = 30 * 24 * 60 * 60 * 1000

_order = orders.c
_after = tuple_(
    bindparam("after_at", type_=_order.placed_at.type), bindparam("after_id", type_=_order.id.type)
)
_ORDERS = statement(
    select(
        _order.id,
        _order.number,
        _order.channel_id,
        _order.customer_id,
        _order.stacking_version,
        _order.placed_at,
        _order.basket,
        _order.pricing,
    )
    .where(*IN_PERIOD, tuple_(_order.placed_at, _order.id) > _after)
    .order_by(_order.placed_at, _order.id)
    .limit(bindparam("most"))
)
_CARTS = statement(
    select(*CART_COLUMNS)
    .where(
        carts.c.status == OPEN,
        carts.c.updated_at >= bindparam("since"),
        carts.c.id > bindparam("after_id"),
    )
    .order_by(carts.c.id)
    .limit(bindparam("most"))
)
_baskets = msgspec.json.Decoder(Basket)
_prices = msgspec.json.Decoder(PricedCart)

Then = Mapping[tuple[int, int, int], Promotion]


class Period(Struct, frozen=True, kw_only=True):
    """The orders of a simulation."""

    currency: str
    from_at: int
    to_at: int


def orders_page(
    connection: Connection, period: Period, *, after: tuple[int, int], most: int
) -> list[PastOrder]:
    """The next orders in the sequence in which they were placed."""
    rows = connection.rows(
        _ORDERS,
        currency=period.currency,
        from_at=period.from_at,
        to_at=period.to_at,
        after_at=after[0],
        after_id=after[1],
        most=most,
    )
    return [past_order(row) for row in rows]


def past_order(row: Sequence[Any]) -> PastOrder:
    """An order with its frozen basket and price."""
    row_id, number, channel_id, customer_id, stacking, placed_at, basket, priced = row
    return PastOrder(
        id=row_id,
        number=number,
        channel_id=channel_id,
        customer_id=customer_id,
        stacking_version=stacking,
        placed_at=placed_at,
        basket=_baskets.decode(basket),
        priced=_prices.decode(priced),
    )


def carts_page(connection: Connection, *, after_id: int, most: int, now: int) -> list[Cart]:
    """The next open carts that somebody changed within a month."""
    rows = connection.rows(_CARTS, since=now - CART_IS_COLD_MS, after_id=after_id, most=most)
    return [cart_of_row(row) for row in rows]


def promotions_of(connection: Connection, page: Iterable[PastOrder], types: PromotionTypes) -> Then:
    """Every promotion that priced an order of the page, as it was: by settings, number, version.

    One read for each version of the settings, and one more for each further version of the same
    promotion.
    """
    wanted: dict[int, dict[int, set[int]]] = {}
    for order in page:
        of_settings = wanted.setdefault(order.stacking_version, {})
        for entry in order.priced.trace:
            of_settings.setdefault(int(entry.promotion_id), set()).add(entry.version)
    found: dict[tuple[int, int, int], Promotion] = {}
    for stacking, versions in sorted(wanted.items()):
        while versions:
            some = {key: max(known) for key, known in versions.items()}
            for one in promotions_then(connection, some, types=types, stacking_version=stacking):
                found[stacking, int(one.id), one.version] = one
            versions = {
                key: rest for key, known in versions.items() if (rest := known - {some[key]})
            }
    return found


def then_of(order: PastOrder, found: Then) -> tuple[Promotion, ...] | None:
    """The promotions that priced the order; None when the kind of one of them is gone."""
    keys = [
        (order.stacking_version, int(entry.promotion_id), entry.version)
        for entry in order.priced.trace
    ]
    known = tuple(found[key] for key in keys if key in found)
    return known if len(known) == len(keys) else None
