"""Prices of variants per channel, and the lowest of them that listings read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.catalog.inputs import PriceInput
from storeql.catalog.prices.told import heard_prices, tell_prices
from storeql.catalog.tables import channels, publications, variant_prices, variants
from storeql.db import Connection, any_of, statement
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
        },
    ),
    "variant_id",
    "channel_id",
    "price_minor",
    "compare_at_minor",
    "cost_minor",
)

_publishing = insert(publications).from_select(
    ["product_id", "channel_id", "price_minor"],
    select(variants.c.product_id, _price.channel_id, func.min(_price.price_minor))
    .join(variants, variants.c.id == _price.variant_id)
    .where(any_of(variants.c.product_id, "ids"))
    .group_by(variants.c.product_id, _price.channel_id),
)
_REFRESH = statement(
    _publishing.on_conflict_do_update(
        index_elements=["product_id", "channel_id"],
        set_={"price_minor": _publishing.excluded.price_minor},
    )
)
_lowest = (
    select(func.min(_price.price_minor))
    .join(variants, variants.c.id == _price.variant_id)
    .where(
        variants.c.product_id == publications.c.product_id,
        _price.channel_id == publications.c.channel_id,
    )
    .scalar_subquery()
)
_LOWER = statement(
    update(publications)
    .where(publications.c.product_id == bindparam("b_id"))
    .values(
        price_minor=_lowest,
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
    prices: Iterable[tuple[int, PriceInput]],
    *,
    product_ids: Iterable[int],
    now: int,
) -> None:
    """Sets (variant, price) entries and the lowest prices of their products: two statements.

    Whoever listens to changes of prices costs two more.
    """
    entries = list(prices)
    before = heard_prices(connection, (variant_id for variant_id, _ in entries))
    connection.run_many(_SET, [_row(variant_id, price) for variant_id, price in entries])
    connection.run(_REFRESH, ids=sorted(product_ids))
    tell_prices(connection, before, entries, now=now)


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
