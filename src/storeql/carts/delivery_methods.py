"""Reads the ways of delivery that a channel offers."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from storeql.carts.cart_rows import storable
from storeql.carts.records import DeliveryMethod
from storeql.carts.tables import delivery_methods
from storeql.catalog.tables import channels
from storeql.db import Connection, Selection, Statement, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    page_of,
    window_of,
    windowed,
)

LAST_POSITION = 1_000

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
_default_channel = (
    select(channels.c.id)
    .where(channels.c.is_active)
    .order_by(channels.c.is_default.desc(), channels.c.id)
    .limit(1)
    .scalar_subquery()
)
_IN_CHANNEL = _OFFERED.where(channels.c.slug == bindparam("slug"), channels.c.is_active)
_IN_DEFAULT = _OFFERED.where(channels.c.id == _default_channel)
_OF_CHANNEL = statement(_IN_CHANNEL.order_by(_method.position, _method.id))
_OF_DEFAULT = statement(_IN_DEFAULT.order_by(_method.position, _method.id))

# The lists that are paged, each with what it is sorted by.
_LISTS: dict[str, tuple[Select[Any], ColumnElement[int]]] = {
    "named": (_IN_CHANNEL, _method.position),
    "default": (_IN_DEFAULT, _method.position),
    "every": (_ALL, _method.channel_id * (LAST_POSITION + 1) + _method.position),
}


def delivery_methods_of(connection: Connection, channel: str | None) -> list[DeliveryMethod]:
    """What the channel (a slug; None for the shop's default) offers, in the shop's order."""
    if channel is None:
        return [_record(row) for row in connection.rows(_OF_DEFAULT)]
    return [_record(row) for row in connection.rows(_OF_CHANNEL, slug=storable(channel))]


def delivery_methods_page(
    connection: Connection, selection: Selection, *, channel: str | None, page: PageRequest
) -> Page[DeliveryMethod]:
    """One page of what the channel (a slug; None for the shop's default) offers, in its order."""
    if channel is None:
        return _page(connection, "default", selection, page)
    return _page(connection, "named", selection, page, slug=storable(channel))


def every_delivery_method(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[DeliveryMethod]:
    """One page of the methods of all channels, those that are not offered too."""
    return _page(connection, "every", selection, page)


def delivery_method(connection: Connection, row_id: int) -> DeliveryMethod | None:
    """The method with this row number, offered or not."""
    row = connection.one(_BY_ID, id=row_id)
    return None if row is None else _record(row)


def _page(
    connection: Connection, of: str, selection: Selection, page: PageRequest, **given: Any
) -> Page[DeliveryMethod]:
    sort = f"delivery_methods:{of}"
    window = window_of(page, sort)
    found = connection.rows(_page_statement(of, window.shape), **given, **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count_statement(of), **given)

    def cursor(place: int) -> str:
        return make_cursor(sort, rows[place][-1], rows[place][0])

    return page_of([_record(row[:-1]) for row in rows], window, more, selection, cursor, total)


@lru_cache(maxsize=12)
def _page_statement(of: str, window_shape: tuple[bool, bool]) -> Statement:
    query, value = _LISTS[of]
    query = query.add_columns(value.label("sort_value"))
    return statement(windowed(query, window_shape, value=value, row=_method.id))


@lru_cache(maxsize=3)
def _count_statement(of: str) -> Statement:
    query, _ = _LISTS[of]
    return statement(select(func.count()).select_from(query.subquery()))


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
