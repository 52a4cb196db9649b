"""Reads the variants that a promotion may add to a cart, as the engine sees them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import select

from storeql.db import Connection, statement
from storeql.pricing import Remaining
from storeql.promotions.limits.gift_goods import (
    AMONG_GIFTS,
    GOODS,
    NUMBERS,
    TEXTS,
    GiftGoods,
    goods_of,
)

NO_LIMITS = Remaining()

_GIFTS = statement(select(*NUMBERS, *TEXTS).select_from(GOODS).where(*AMONG_GIFTS))


def gift_items(
    connection: Connection,
    channel_id: int,
    variant_ids: Sequence[str],
    *,
    group_ids: Sequence[str] = (),
    now: int,
) -> GiftGoods:
    """These variants as far as they have a price in the channel; no statement for none of them.

    The price is what a piece costs a buyer of these groups.

    A basket's own candidates have theirs read together with what is left of limits.
    """
    if not variant_ids:
        return GiftGoods()
    ids = sorted(map(int, variant_ids))
    rows = connection.rows(_GIFTS, channel_id=channel_id, gift_ids=ids, now=now)
    return goods_of(rows, group_ids=group_ids, now=now)


def within_stock(
    remaining: Mapping[str, Remaining],
    giving: Mapping[str, Sequence[str]],
    available: Mapping[str, int],
) -> Mapping[str, Remaining]:
    """What is left of each promotion, with no more gifts and add-ons than the warehouses hold.

    `giving` names the variants that each promotion may add. One that cannot be delivered must not
    be promised: the order would be refused for it.
    """
    capped = {
        key: _capped(remaining.get(key, NO_LIMITS), variant_ids, available)
        for key, variant_ids in giving.items()
    }
    return {**remaining, **capped}


def _capped(left: Remaining, variant_ids: Sequence[str], available: Mapping[str, int]) -> Remaining:
    stock = {}
    for variant_id in variant_ids:
        there = available.get(variant_id, 0)
        stock[variant_id] = max(0, min(left.gift_stock.get(variant_id, there), there))
    return msgspec.structs.replace(left, gift_stock=stock)
