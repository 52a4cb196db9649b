"""Shared reads of the category tree, as deep as a query asks: one SELECT for each level."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, null, select

from storeql.catalog.records import Category
from storeql.catalog.relations import Grouped, grouped
from storeql.catalog.tables import categories, product_categories
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.named import by_statement, named_by_id, named_one, named_page
from storeql.db.paging import Page, PageRequest


def _columns(with_description: bool) -> list[ColumnElement[Any]]:
    """The category record's columns in order."""
    return [
        categories.c.id,
        categories.c.parent_id,
        categories.c.slug,
        categories.c.name,
        (categories.c.description if with_description else null()).label("description"),
        categories.c.path,
        categories.c.position,
        categories.c.version,
    ]


@lru_cache(maxsize=2)
def _of_products_statement(with_description: bool) -> Statement:
    owner = product_categories.c.product_id
    return statement(
        select(owner, *_columns(with_description))
        .join(product_categories, product_categories.c.category_id == categories.c.id)
        .where(any_of(owner, "ids"))
        .order_by(owner, categories.c.path)
    )


CHILDREN = statement(
    select(*_columns(with_description=True))
    .where(any_of(categories.c.parent_id, "ids"))
    .order_by(categories.c.parent_id, categories.c.position, categories.c.id)
)


def category_page(
    connection: Connection, selection: Selection, *, page: PageRequest, roots: bool = False
) -> Page[Category]:
    """Categories by name; with `roots` only those at the top of the tree."""

    def build(rows: list[Any], wanted: Selection) -> list[Category]:
        return build_categories(connection, rows, wanted)

    return named_page(connection, selection, page, categories, build, roots=roots)


def category(
    connection: Connection, selection: Selection, *, id: int | None = None, slug: str | None = None
) -> Category | None:
    """One category by row number or slug."""
    rows = named_one(connection, categories, id=id, slug=slug)
    found = build_categories(connection, rows, selection)
    return found[0] if found else None


def build_categories(
    connection: Connection, rows: Sequence[Any], wanted: Selection
) -> list[Category]:
    """Categories with children and ancestors as deep as asked: one SELECT for each level."""
    if not rows:
        return []
    below = _children(connection, rows, wanted) if wanted.wants("children") else {}
    above = _ancestors(connection, rows, wanted) if wanted.wants("ancestors") else {}
    return [Category(*(*row, _along(row[5], above), below.get(row[0], ()))) for row in rows]


def _along(path: str, above: dict[int, Category]) -> list[Category]:
    return [above[one] for one in path_ids(path)[:-1] if one in above]


def _children(
    connection: Connection, rows: Sequence[Any], wanted: Selection
) -> dict[int, list[Category]]:
    found = connection.rows(CHILDREN, ids=[row[0] for row in rows])
    groups: dict[int, list[Category]] = {}
    for child in build_categories(connection, found, wanted.of("children")):
        groups.setdefault(child.parent_id or 0, []).append(child)
    return groups


def _ancestors(
    connection: Connection, rows: Sequence[Any], wanted: Selection
) -> dict[int, Category]:
    ids = sorted({one for row in rows for one in path_ids(row[5])[:-1]})
    found = connection.rows(by_statement(categories, "id"), ids=ids) if ids else []
    built = build_categories(connection, found, wanted.of("ancestors"))
    return {one.id: one for one in built}


def load_categories(
    connection: Connection, product_ids: Sequence[int], wanted: Selection
) -> Grouped[Category]:
    """The categories each product was put into, by their place in the tree."""
    made = _of_products_statement(wanted.wants("description"))
    rows = connection.rows(made, ids=product_ids)
    if not wanted.wants("children", "ancestors"):
        return grouped(rows, Category)
    unique = list({row[1]: row[1:] for row in rows}.values())
    built = {one.id: one for one in build_categories(connection, unique, wanted)}
    groups: dict[int, list[Category]] = {}
    for row in rows:
        groups.setdefault(row[0], []).append(built[row[1]])
    return groups


def path_ids(path: str) -> list[int]:
    """The row numbers in a category path: "/1/7/31/" is [1, 7, 31]."""
    return [int(part) for part in path.split("/") if part]


def categories_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection
) -> dict[int, Category]:
    """Categories by row number; unknown ones are left out."""
    found = build_categories(connection, named_by_id(connection, categories, ids), selection)
    return {one.id: one for one in found}
