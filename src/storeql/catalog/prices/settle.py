"""Brings the prices that rows keep up to an instant: after every write, and when some flipped."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import and_, bindparam, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.catalog.prices.at_instant import NOW, is_any_due, told
from storeql.catalog.prices.tables import price_changes
from storeql.catalog.prices.told import tell_flips
from storeql.catalog.tables import products, publications, variant_prices, variants
from storeql.db import Connection, Database, any_of, statement

PRODUCTS_AT_ONCE = 200

_price, _change, _place = variant_prices.c, price_changes.c, publications.c
_here = and_(_change.variant_id == _price.variant_id, _change.channel_id == _price.channel_id)


_is_other = or_(
    _change.price_minor != _price.price_minor,
    func.coalesce(_change.compare_at_minor, -1) != func.coalesce(_price.compare_at_minor, -1),
)
_SETTLE = statement(
    update(variant_prices)
    .where(_price.variant_id.in_(select(variants.c.id).where(any_of(variants.c.product_id, "ids"))))
    .values(
        current_minor=told(case((_is_other, _change.price_minor))),
        current_compare_minor=told(_change.compare_at_minor),
        price_due_at=(
            select(func.min(_change.at))
            .where(_here, _change.at > NOW)
            .correlate(variant_prices)
            .scalar_subquery()
        ),
    )
)
_lowest = (
    select(
        variants.c.product_id,
        _price.channel_id,
        func.min(func.coalesce(_price.current_minor, _price.price_minor)),
        func.min(_price.price_due_at),
    )
    .join(variants, variants.c.id == _price.variant_id)
    .where(any_of(variants.c.product_id, "ids"))
    .group_by(variants.c.product_id, _price.channel_id)
)
_placing = insert(publications).from_select(
    ["product_id", "channel_id", "price_minor", "price_due_at"], _lowest
)
_PLACE = statement(
    _placing.on_conflict_do_update(
        index_elements=["product_id", "channel_id"],
        set_={
            "price_minor": _placing.excluded.price_minor,
            "price_due_at": _placing.excluded.price_due_at,
        },
    )
)
_DUE = statement(
    select(_place.product_id)
    .where(_place.price_due_at <= NOW)
    .distinct()
    .order_by(_place.product_id)
    .limit(bindparam("most"))
)
_HOLD = statement(
    select(products.c.id)
    .where(any_of(products.c.id, "ids"))
    .order_by(products.c.id)
    .with_for_update()
)


def settle(connection: Connection, product_ids: Collection[int], *, now: int) -> None:
    """Makes rows keep the prices of `now`: two statements. The products must be locked."""
    ids = sorted(product_ids)
    tell_flips(connection, ids, now=now)
    connection.run(_SETTLE, ids=ids, now=now)
    place_lowest(connection, ids)


def place_lowest(connection: Connection, product_ids: Collection[int]) -> None:
    """Finds the lowest prices of products again, as their variants' rows keep them."""
    connection.run(_PLACE, ids=sorted(product_ids))


def settle_due(database: Database, *, now: int) -> int:
    """Settles every product whose price flipped by now, some at a time; returns how many."""
    with database.reading() as connection:
        if not is_any_due(connection, now):
            return 0
    settled = 0
    while True:
        count = database.write(lambda connection: _settle_some(connection, now))
        settled += count
        if count < PRODUCTS_AT_ONCE:
            return settled


def _settle_some(connection: Connection, now: int) -> int:
    due = [row for (row,) in connection.rows(_DUE, now=now, most=PRODUCTS_AT_ONCE)]
    if due:
        connection.rows(_HOLD, ids=due)
        settle(connection, due, now=now)
    return len(due)
