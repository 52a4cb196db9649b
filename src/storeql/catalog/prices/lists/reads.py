"""Price lists and their entries as staff read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, bindparam, func, select

from storeql.catalog.prices.lists.records import PriceList, PriceListEntry
from storeql.catalog.prices.tables import (
    price_list_channels,
    price_list_entries,
    price_list_groups,
    price_lists,
)
from storeql.catalog.relations import channel_of
from storeql.catalog.resolvers import View, variants
from storeql.catalog.tables import channels
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    window_of,
    windowed,
)

PRIORITY, PLACE = "PRIORITY", "PLACE"

_list, _entry = price_lists.c, price_list_entries.c
_COLUMNS = tuple(_list[name] for name in PriceList.__struct_fields__ if name in price_lists.c)
_COUNT = statement(select(func.count()).select_from(price_lists))
_BY_IDS = statement(select(*_COLUMNS).where(any_of(_list.id, "ids")).order_by(_list.id))
_CHANNELS = statement(
    select(
        price_list_channels.c.price_list_id,
        *channels.c["id", "slug", "name", "currency", "is_active", "is_default", "version"],
    )
    .join(channels, channels.c.id == price_list_channels.c.channel_id)
    .where(any_of(price_list_channels.c.price_list_id, "ids"))
    .order_by(price_list_channels.c.price_list_id, channels.c.id)
)
_GROUPS = statement(
    select(price_list_groups.c.price_list_id, price_list_groups.c.group_id)
    .where(any_of(price_list_groups.c.price_list_id, "ids"))
    .order_by(price_list_groups.c.price_list_id, price_list_groups.c.group_id)
)
_ENTRY_COUNTS = statement(
    select(_entry.price_list_id, func.count())
    .where(any_of(_entry.price_list_id, "ids"))
    .group_by(_entry.price_list_id)
)


def lists_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[PriceList]:
    """Price lists, the highest priority first, of equal ones the newest."""
    window = window_of(page, PRIORITY)
    rows, more = cut(connection.rows(_page(window.shape), **window.params), window)
    total = connection.scalar(_COUNT) if selection.wants("total_count") else None
    nodes = _built(connection, rows, node_selection(selection))

    def cursor(place: int) -> str:
        return make_cursor(PRIORITY, nodes[place].priority, nodes[place].id)

    return page_of(nodes, window, more, selection, cursor, total)


def lists_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection
) -> dict[int, PriceList]:
    """Price lists by row number, without those that are not there."""
    rows = connection.rows(_BY_IDS, ids=sorted(set(ids)))
    return {one.id: one for one in _built(connection, rows, selection)}


def entries_page(
    connection: Connection,
    selection: Selection,
    *,
    list_id: int,
    variant_ids: Sequence[int] | None,
    page: PageRequest,
    now: int,
) -> Page[PriceListEntry]:
    """The prices of a list by variant and quantity; of these variants alone when they are given."""
    window, given = window_of(page, PLACE), {"list_id": list_id}
    named: dict[str, Any] = {} if variant_ids is None else {"variant_ids": variant_ids}
    shape = variant_ids is not None
    found = connection.rows(_entries(window.shape, shape), **given, **named, **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_entry_count(shape), **given, **named)
    nodes = _entry_records(connection, rows, node_selection(selection), now=now)

    def cursor(place: int) -> str:
        return make_cursor(PLACE, nodes[place].variant_id, nodes[place].id)

    return page_of(nodes, window, more, selection, cursor, total)


def entries_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, now: int
) -> dict[int, PriceListEntry]:
    """Entries by row number, without those that are not there."""
    rows = connection.rows(_ENTRIES_BY_IDS, ids=sorted(set(ids)))
    return {one.id: one for one in _entry_records(connection, rows, selection, now=now)}


def entries_at(
    connection: Connection,
    list_id: int,
    places: Sequence[tuple[int, int]],
    selection: Selection,
    *,
    now: int,
) -> list[PriceListEntry]:
    """The entries at these places (variant and quantity), each once, as they first come."""
    ids = sorted({variant_id for variant_id, _ in places})
    rows = connection.rows(_OF_VARIANTS, list_id=list_id, variant_ids=ids)
    wanted = dict.fromkeys(places)
    kept = [row for row in rows if (row[2], row[3]) in wanted]
    found = {
        (one.variant_id, one.from_quantity): one
        for one in _entry_records(connection, kept, selection, now=now)
    }
    return [found[place] for place in wanted if place in found]


@lru_cache(maxsize=4)
def _page(window: tuple[bool, bool]) -> Statement:
    query = select(*_COLUMNS)
    return statement(windowed(query, window, value=_list.priority, row=_list.id, descending=True))


_ENTRY_COLUMNS = (
    _entry.id,
    _entry.price_list_id,
    _entry.variant_id,
    _entry.from_quantity,
    _entry.price_minor,
    _entry.percent_off_basis_points,
    _entry.updated_at,
    _list.currency,
)
_ENTRY_QUERY = select(*_ENTRY_COLUMNS).join_from(
    price_list_entries, price_lists, _list.id == _entry.price_list_id
)
_ENTRIES_BY_IDS = statement(_ENTRY_QUERY.where(any_of(_entry.id, "ids")).order_by(_entry.id))
_OF_VARIANTS = statement(
    _ENTRY_QUERY.where(
        _entry.price_list_id == bindparam("list_id"), any_of(_entry.variant_id, "variant_ids")
    )
)


@lru_cache(maxsize=8)
def _entries(window: tuple[bool, bool], by_variant: bool) -> Statement:
    query = _ENTRY_QUERY.where(*_entry_conditions(by_variant))
    return statement(windowed(query, window, value=_entry.variant_id, row=_entry.id))


@lru_cache(maxsize=2)
def _entry_count(by_variant: bool) -> Statement:
    query = select(func.count()).select_from(price_list_entries)
    return statement(query.where(*_entry_conditions(by_variant)))


def _entry_conditions(by_variant: bool) -> list[ColumnElement[bool]]:
    here = _entry.price_list_id == bindparam("list_id")
    return [here, any_of(_entry.variant_id, "variant_ids")] if by_variant else [here]


def _built(
    connection: Connection, rows: Sequence[tuple[Any, ...]], wanted: Selection
) -> list[PriceList]:
    """Records with the relations that are asked for: one statement each."""
    ids = [row[0] for row in rows]
    related: dict[str, Mapping[int, Any]] = {}
    if wanted.wants("channels"):
        related["channels"] = _grouped(connection.rows(_CHANNELS, ids=ids), channel_of)
    if wanted.wants("customer_group_ids"):
        related["group_ids"] = _grouped(connection.rows(_GROUPS, ids=ids), lambda row: row[0])
    if wanted.wants("entry_count"):
        related["entry_count"] = dict(connection.rows(_ENTRY_COUNTS, ids=ids))
    return [
        msgspec.structs.replace(
            PriceList(*row),
            **{name: found[row[0]] for name, found in related.items() if row[0] in found},
        )
        for row in rows
    ]


def _grouped(rows: Sequence[tuple[Any, ...]], build: Any) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = {}
    for owner, *values in rows:
        groups.setdefault(owner, []).append(build(values))
    return groups


def _entry_records(
    connection: Connection, rows: Sequence[tuple[Any, ...]], wanted: Selection, *, now: int
) -> list[PriceListEntry]:
    found = {}
    if wanted.wants("variant") and rows:
        ids = [row[2] for row in rows]
        view = View(now=now, drafts=True)
        found = variants(connection, ids, wanted.of("variant"), view=view)
    names = PriceListEntry.__struct_fields__[:8]
    return [
        PriceListEntry(**dict(zip(names, row, strict=True)), variant=found.get(row[2]))
        for row in rows
    ]
