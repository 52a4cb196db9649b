"""Shared reads of what orders the catalogue: collections, tags, types, channels, warehouses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from storeql.catalog.records import Channel, Collection, ProductType, Tag, Warehouse
from storeql.catalog.relations import channel_of, load_attributes
from storeql.catalog.tables import channels, collections, product_types, tags, warehouses
from storeql.db import Connection, Selection, statement
from storeql.db.named import named_by_id, named_one, named_page
from storeql.db.paging import Page, PageRequest

_DEFAULT_CHANNEL = statement(select(*channels.c).where(channels.c.is_default))


def collection_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[Collection]:
    """Collections by name."""
    return named_page(
        connection,
        selection,
        page,
        collections,
        lambda rows, _: [Collection(*row) for row in rows],
    )


def collection(
    connection: Connection, *, id: int | None = None, slug: str | None = None
) -> Collection | None:
    """One collection by row number or slug."""
    rows = named_one(connection, collections, id=id, slug=slug)
    return Collection(*rows[0]) if rows else None


def tag_page(connection: Connection, selection: Selection, *, page: PageRequest) -> Page[Tag]:
    """Tags by name."""
    return named_page(
        connection, selection, page, tags, lambda rows, _: [Tag(*row) for row in rows]
    )


def tag(connection: Connection, *, id: int | None = None, slug: str | None = None) -> Tag | None:
    """One tag by row number or slug."""
    rows = named_one(connection, tags, id=id, slug=slug)
    return Tag(*rows[0]) if rows else None


def product_type_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[ProductType]:
    """Product types by name."""

    def build(rows: list[Any], wanted: Selection) -> list[ProductType]:
        return _build_types(connection, rows, wanted)

    return named_page(connection, selection, page, product_types, build)


def product_type(
    connection: Connection, selection: Selection, *, id: int | None = None, slug: str | None = None
) -> ProductType | None:
    """One product type by row number or slug."""
    rows = named_one(connection, product_types, id=id, slug=slug)
    found = _build_types(connection, rows, selection)
    return found[0] if found else None


def _build_types(
    connection: Connection, rows: Sequence[Any], wanted: Selection
) -> list[ProductType]:
    forms = (
        load_attributes(connection, [row[0] for row in rows])
        if rows and wanted.wants("attributes")
        else {}
    )
    return [ProductType(*(*row, forms.get(row[0], ()))) for row in rows]


def channel_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[Channel]:
    """Channels by name."""
    return named_page(
        connection, selection, page, channels, lambda rows, _: [channel_of(row) for row in rows]
    )


def channel(
    connection: Connection, *, id: int | None = None, slug: str | None = None
) -> Channel | None:
    """One channel by row number or slug."""
    rows = named_one(connection, channels, id=id, slug=slug)
    return channel_of(rows[0]) if rows else None


def default_channel(connection: Connection) -> Channel | None:
    """The channel that is meant when none is named; None in a shop without channels."""
    row = connection.one(_DEFAULT_CHANNEL)
    return None if row is None else channel_of(row)


def warehouse_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[Warehouse]:
    """Warehouses by name."""
    return named_page(
        connection, selection, page, warehouses, lambda rows, _: [Warehouse(*row) for row in rows]
    )


def warehouse(
    connection: Connection, *, id: int | None = None, slug: str | None = None
) -> Warehouse | None:
    """One warehouse by row number or slug."""
    rows = named_one(connection, warehouses, id=id, slug=slug)
    return Warehouse(*rows[0]) if rows else None


def collections_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Collection]:
    """Collections by row number; unknown ones are left out."""
    return {row[0]: Collection(*row) for row in named_by_id(connection, collections, ids)}


def tags_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Tag]:
    """Tags by row number; unknown ones are left out."""
    return {row[0]: Tag(*row) for row in named_by_id(connection, tags, ids)}


def product_types_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection
) -> dict[int, ProductType]:
    """Product types by row number; unknown ones are left out."""
    found = _build_types(connection, named_by_id(connection, product_types, ids), selection)
    return {one.id: one for one in found}


def channels_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Channel]:
    """Channels by row number; unknown ones are left out."""
    return {row[0]: channel_of(row) for row in named_by_id(connection, channels, ids)}


def warehouses_by_id(connection: Connection, ids: Sequence[int]) -> dict[int, Warehouse]:
    """Warehouses by row number; unknown ones are left out."""
    return {row[0]: Warehouse(*row) for row in named_by_id(connection, warehouses, ids)}
