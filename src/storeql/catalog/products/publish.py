"""Puts products on sale in channels, now or from an instant on, and takes them down."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, bindparam, case, select, update

from storeql.catalog.event_kinds import PRODUCT_PUBLISHED, PRODUCT_UNPUBLISHED
from storeql.catalog.known_ids import known_ids
from storeql.catalog.products.rows import locked_product, touch_products
from storeql.catalog.tables import channels, publications
from storeql.catalog.versions import check_version
from storeql.db import Connection, any_of, statement
from storeql.events import EventKind, tell
from storeql.inputs import Fields

MOST_CHANNELS = 50
LATEST_AT = 253_402_300_799_999
"""The last millisecond of the year 9999."""

_place = publications.c
_PRICED = statement(
    select(_place.channel_id).where(
        _place.product_id == bindparam("product_id"), _place.price_minor.is_not(None)
    )
)
_here = and_(_place.product_id == bindparam("b_product"), any_of(_place.channel_id, "channel_ids"))
_PUBLISH_AT = statement(update(publications).where(_here), "published_at")
# What is on sale already keeps its date.
_PUBLISH_NOW = statement(
    update(publications)
    .where(_here)
    .values(
        published_at=case(
            (_place.published_at <= bindparam("now"), _place.published_at),
            else_=bindparam("now"),
        )
    )
)


def publish(
    connection: Connection,
    product_id: int,
    channel_ids: Sequence[int],
    *,
    now: int,
    at: int | None = None,
    expected_version: int | None = None,
) -> None:
    """Puts a product on sale in the channels, from `at` on when it is given.

    Raises Rejected with NOT_PRICED for each channel in which no variant has a price.
    """
    fields = Fields()
    product = locked_product(connection, product_id, "id")
    check_version(product.version, expected_version)
    _check_channels(connection, fields, channel_ids)
    if at is not None and not 0 <= at <= LATEST_AT:
        fields.report("OUT_OF_RANGE", "This instant is out of range.", "publishedAt")
    priced = {row[0] for row in connection.rows(_PRICED, product_id=product_id)}
    for place, channel_id in enumerate(channel_ids):
        if channel_id not in priced:
            message = "No variant has a price in this channel."
            fields.report("NOT_PRICED", message, "channelIds", str(place))
    fields.refuse_problems()
    where = {"b_product": product_id, "channel_ids": channel_ids}
    if at is None:
        connection.run(_PUBLISH_NOW, now=now, **where)
    else:
        connection.run(_PUBLISH_AT, published_at=at, **where)
    _moved(connection, PRODUCT_PUBLISHED, product_id, channel_ids, now=now)


def unpublish(
    connection: Connection,
    product_id: int,
    channel_ids: Sequence[int],
    *,
    now: int,
    expected_version: int | None = None,
) -> None:
    """Takes a product down in the channels at once; its prices stay."""
    fields = Fields()
    product = locked_product(connection, product_id, "id")
    check_version(product.version, expected_version)
    _check_channels(connection, fields, channel_ids)
    fields.refuse_problems()
    connection.run(_PUBLISH_AT, published_at=None, b_product=product_id, channel_ids=channel_ids)
    _moved(connection, PRODUCT_UNPUBLISHED, product_id, channel_ids, now=now)


def _moved(
    connection: Connection,
    kind: EventKind,
    product_id: int,
    channel_ids: Sequence[int],
    *,
    now: int,
) -> None:
    touch_products(connection, [product_id], now=now)
    for one in channel_ids:
        tell(connection, kind, product_id, now=now, channel_id=one)


def _check_channels(connection: Connection, fields: Fields, channel_ids: Sequence[int]) -> None:
    if not fields.count("channelIds", channel_ids, least=1, most=MOST_CHANNELS):
        fields.refuse_problems()
    known = known_ids(connection, channels, channel_ids)
    for place, channel_id in enumerate(channel_ids):
        if channel_id not in known:
            fields.missing("channel", "channelIds", str(place))
