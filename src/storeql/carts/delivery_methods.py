"""Reads the ways of delivery that a channel offers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from storeql.carts.cart_rows import storable
from storeql.carts.records import DeliveryMethod
from storeql.carts.tables import delivery_methods
from storeql.catalog.tables import channels
from storeql.db import Connection, statement

_method = delivery_methods.c
_ALL = select(
    _method.id,
    _method.channel_id,
    _method.slug,
    _method.name,
    _method.description,
    _method.price_minor,
    _method.version,
    _method.is_active,
    channels.c.currency,
).join(channels, channels.c.id == _method.channel_id)
_OFFERED = _ALL.where(_method.is_active)
_BY_ID = statement(_ALL.where(_method.id == bindparam("id")))
_EVERY = statement(_ALL.order_by(_method.channel_id, _method.position, _method.id))
_default_channel = (
    select(channels.c.id)
    .where(channels.c.is_active)
    .order_by(channels.c.is_default.desc(), channels.c.id)
    .limit(1)
    .scalar_subquery()
)
_IN_ORDER = _OFFERED.order_by(_method.position, _method.id)
_OF_CHANNEL = statement(_IN_ORDER.where(channels.c.slug == bindparam("slug"), channels.c.is_active))
_OF_DEFAULT = statement(_IN_ORDER.where(channels.c.id == _default_channel))


def delivery_methods_of(connection: Connection, channel: str | None) -> list[DeliveryMethod]:
    """What the channel (a slug; None for the shop's default) offers, in the shop's order."""
    if channel is None:
        return [_record(row) for row in connection.rows(_OF_DEFAULT)]
    return [_record(row) for row in connection.rows(_OF_CHANNEL, slug=storable(channel))]


def every_delivery_method(connection: Connection) -> list[DeliveryMethod]:
    """The methods of all channels, those that are not offered too."""
    return [_record(row) for row in connection.rows(_EVERY)]


def delivery_method(connection: Connection, row_id: int) -> DeliveryMethod | None:
    """The method with this row number, offered or not."""
    row = connection.one(_BY_ID, id=row_id)
    return None if row is None else _record(row)


def _record(row: tuple[Any, ...]) -> DeliveryMethod:
    row_id, channel_id, slug, name, description, price_minor, version, is_active, currency = row
    return DeliveryMethod(
        id=row_id,
        channel_id=channel_id,
        slug=slug,
        name=name,
        description=description,
        price_minor=price_minor,
        currency=currency,
        version=version,
        is_active=bool(is_active),
    )
