"""Reads of whatever has a slug and a name: a page by name, one row, rows by their numbers.

Rows have the table's columns in order, the key of the name left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Column, Select, Table, bindparam, func, select

from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.name_order import NAME_KEY
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

Record = TypeVar("Record")


@lru_cache(maxsize=64)
def _page_statement(table: Table, window_shape: tuple[bool, bool], roots: bool) -> Statement:
    query: Select[Any] = select(*_columns(table), table.c.name_key.label("sort_value"))
    if roots:
        query = query.where(table.c.parent_id.is_(None))
    return statement(windowed(query, window_shape, value=table.c.name_key, row=table.c.id))


@lru_cache(maxsize=16)
def _count_statement(table: Table, roots: bool) -> Statement:
    query = select(func.count()).select_from(table)
    return statement(query.where(table.c.parent_id.is_(None)) if roots else query)


def _columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if column.name != NAME_KEY]


@lru_cache(maxsize=32)
def by_statement(table: Table, by: str) -> Statement:
    """Rows by the column `by`: one `slug`, or a list of `ids`."""
    column = table.c[by]
    if by == "slug":
        return statement(select(*_columns(table)).where(column == bindparam("slug")))
    return statement(select(*_columns(table)).where(any_of(column, "ids")).order_by(table.c.id))


def named_page(
    connection: Connection,
    selection: Selection,
    page: PageRequest,
    table: Table,
    build: Callable[[list[Any], Selection], list[Record]],
    *,
    roots: bool = False,
) -> Page[Record]:
    """A page by name of what `build` makes of the table's rows; `roots` only without a parent."""
    sort = str(table.name)  # SQLAlchemy's own kind of text goes into no cursor
    window = window_of(page, sort, str)
    found = connection.rows(_page_statement(table, window.shape, roots), **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count_statement(table, roots))
    nodes = build([row[:-1] for row in rows], node_selection(selection))

    def cursor(place: int) -> str:
        return make_cursor(sort, rows[place][-1], rows[place][0])

    return page_of(nodes, window, more, selection, cursor, total)


def named_one(
    connection: Connection, table: Table, *, id: int | None, slug: str | None
) -> list[Any]:
    """The rows (none or one) with this row number or slug."""
    if slug is not None:
        return [] if "\0" in slug else connection.rows(by_statement(table, "slug"), slug=slug)
    return connection.rows(by_statement(table, "id"), ids=[id])


def named_by_id(connection: Connection, table: Table, ids: Sequence[int]) -> list[Any]:
    """The rows with these numbers, ascending; unknown ones are left out."""
    return connection.rows(by_statement(table, "id"), ids=ids)
