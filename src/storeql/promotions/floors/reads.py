"""Floors as staff see them, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import func, select

from storeql.catalog.prices.floors import Basis
from storeql.catalog.prices.tables import price_floors
from storeql.catalog.tables import channels
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import Page, PageRequest, cut, make_cursor, page_of, window_of, windowed

UPDATED_AT = "UPDATED_AT"

_floor = price_floors.c
_FLOORS = select(
    _floor.id,
    _floor.product_id,
    _floor.category_id,
    _floor.channel_id,
    _floor.basis,
    _floor.price_minor,
    _floor.margin_basis_points,
    channels.c.currency,
    _floor.updated_at,
    _floor.version,
).select_from(price_floors.outerjoin(channels, channels.c.id == _floor.channel_id))
_BY_IDS = statement(_FLOORS.where(any_of(_floor.id, "ids")))
_COUNT = statement(select(func.count()).select_from(price_floors))


class PriceFloor(Struct, frozen=True, kw_only=True):
    """A rule of the margin guard at its place; `currency` is its channel's."""

    id: int
    product_id: int | None
    category_id: int | None
    channel_id: int | None
    basis: Basis
    price_minor: int | None
    margin_basis_points: int
    currency: str | None
    updated_at: int
    version: int


def floors_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[PriceFloor]:
    """Floors, the one changed last first."""
    window = window_of(page, UPDATED_AT)
    rows, more = cut(connection.rows(_page(window.shape), **window.params), window)
    total = connection.scalar(_COUNT) if selection.wants("total_count") else None
    nodes = [_record(row) for row in rows]
    return page_of(nodes, window, more, selection, _cursor(nodes), total)


def floors_by_id(connection: Connection, ids: Iterable[int]) -> dict[int, PriceFloor]:
    """Floors by row number, without those that are not there."""
    return {row[0]: _record(row) for row in connection.rows(_BY_IDS, ids=sorted(ids))}


@lru_cache(maxsize=4)
def _page(window: tuple[bool, bool]) -> Statement:
    return statement(
        windowed(_FLOORS, window, value=_floor.updated_at, row=_floor.id, descending=True)
    )


def _cursor(nodes: Sequence[PriceFloor]) -> Any:
    return lambda place: make_cursor(UPDATED_AT, nodes[place].updated_at, nodes[place].id)


def _record(row: tuple[Any, ...]) -> PriceFloor:
    return PriceFloor(
        id=row[0],
        product_id=row[1],
        category_id=row[2],
        channel_id=row[3],
        basis=Basis(row[4]),
        price_minor=row[5],
        margin_basis_points=row[6],
        currency=row[7],
        updated_at=row[8],
        version=row[9],
    )
