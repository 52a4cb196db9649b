"""Prices of variants per channel, and the lowest of them that listings read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.catalog.inputs import PriceInput
from storeql.catalog.prices.causes import NOT_FORCED, Cause, Forced
from storeql.catalog.prices.history import begin_history, keep_history
from storeql.catalog.prices.settle import place_lowest, settle
from storeql.catalog.tables import channels, publications, variant_prices, variants
from storeql.db import Connection, statement
from storeql.inputs import MOST_MINOR, Fields

_CURRENCIES = statement(select(channels.c.id, channels.c.currency))
_price = variant_prices.c
_setting = insert(variant_prices)
_SET = statement(
    _setting.on_conflict_do_update(
        index_elements=["variant_id", "channel_id"],
        set_={
            "price_minor": _setting.excluded.price_minor,
            "compare_at_minor": _setting.excluded.compare_at_minor,
            "cost_minor": _setting.excluded.cost_minor,
            "version": _price.version + 1,
        },
    ),
    "variant_id",
    "channel_id",
    "price_minor",
    "compare_at_minor",
    "cost_minor",
)


def _least(column: ColumnElement[int]) -> Any:
    """The least of a column over the variants of a publication's product."""
    return (
        select(func.min(column))
        .join(variants, variants.c.id == _price.variant_id)
        .where(
            variants.c.product_id == publications.c.product_id,
            _price.channel_id == publications.c.channel_id,
        )
        .scalar_subquery()
    )


_lowest = _least(func.coalesce(_price.current_minor, _price.price_minor))
_LOWER = statement(
    update(publications)
    .where(publications.c.product_id == bindparam("b_id"))
    .values(
        price_minor=_lowest,
        price_due_at=_least(_price.price_due_at),
        published_at=case((_lowest.is_(None), None), else_=publications.c.published_at),
    )
)


def channel_currencies(connection: Connection) -> dict[int, str]:
    """The currency of each channel, by the channel's row number."""
    return dict(connection.rows(_CURRENCIES))


PRICE_FIELDS = ("price", "compareAtPrice", "cost")


def checked_price(
    fields: Fields,
    given: PriceInput,
    channel_ids: Iterable[int],
    *,
    names: tuple[str, str, str] = PRICE_FIELDS,
) -> None:
    """Notes all that is wrong with a price; `names` are the fields of its three amounts."""
    price, compare_at, cost = names
    if given.channel_id not in channel_ids:
        fields.missing("channel", "channelId")
    fields.whole(price, given.price_minor, most=MOST_MINOR)
    if given.compare_at_minor is not None:
        fields.whole(compare_at, given.compare_at_minor, most=MOST_MINOR)
        if given.compare_at_minor <= given.price_minor:
            message = "The price to compare with must be above the price."
            fields.report("COMPARE_AT_TOO_LOW", message, compare_at)
    if given.cost_minor is not None:
        fields.whole(cost, given.cost_minor, most=MOST_MINOR)


def save_prices(
    connection: Connection,
    prices: Sequence[tuple[int, PriceInput]],
    *,
    product_ids: Iterable[int],
    cause: Cause,
    now: int,
    forced: Forced = NOT_FORCED,
) -> None:
    """Sets (variant, price) entries; history and lowest prices follow: seven statements at most.

    The products must be locked.
    """
    connection.run_many(_SET, [_row(variant_id, price) for variant_id, price in prices])
    ids = {variant_id for variant_id, _ in prices}
    keep_history(connection, ids, cause=cause, now=now, forced=forced)
    settle(connection, set(product_ids), now=now)


def add_prices(
    connection: Connection,
    prices: Sequence[tuple[int, PriceInput]],
    *,
    product_ids: Collection[int],
    cause: Cause,
    now: int,
    forced: Forced = NOT_FORCED,
) -> None:
    """Sets the first prices of variants that are new: three statements."""
    rows = [_row(variant_id, price) for variant_id, price in prices]
    connection.insert_many(variant_prices, rows)
    first = [
        ((variant_id, price.channel_id), price.price_minor, price.compare_at_minor)
        for variant_id, price in prices
    ]
    begin_history(connection, first, cause=cause, now=now, forced=forced)
    place_lowest(connection, product_ids)


def lower_prices(connection: Connection, product_id: int) -> None:
    """Finds the lowest prices again after a variant went; without one a product is taken down."""
    connection.run(_LOWER, b_id=product_id)


def _row(variant_id: int, price: PriceInput) -> Mapping[str, object]:
    return {
        "variant_id": variant_id,
        "channel_id": price.channel_id,
        "price_minor": price.price_minor,
        "compare_at_minor": price.compare_at_minor,
        "cost_minor": price.cost_minor,
    }
