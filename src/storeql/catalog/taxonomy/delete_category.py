"""Deletes a category once nothing stands in it, or after moving what does elsewhere."""

from __future__ import annotations

from sqlalchemy import BigInteger, bindparam, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.catalog.locks import Guarded, guard
from storeql.catalog.problems import InUse
from storeql.catalog.products.rows import locked_products, products_of_category, reindex
from storeql.catalog.records import Category
from storeql.catalog.tables import categories, product_categories
from storeql.catalog.taxonomy.category_tree import (
    CATEGORIES,
    check_children,
    check_depth,
    levels_of,
    move_subtree,
    path_of,
)
from storeql.db import Connection, statement
from storeql.inputs import Fields

_CHILDREN = statement(
    select(func.count()).select_from(categories).where(categories.c.parent_id == bindparam("id"))
)
_MOVE_CHILDREN = statement(
    update(categories)
    .where(categories.c.parent_id == bindparam("b_id"))
    .values(parent_id=bindparam("new_parent"), version=categories.c.version + 1)
)
_COPY_PRODUCTS = statement(
    insert(product_categories)
    .from_select(
        ["product_id", "category_id"],
        select(product_categories.c.product_id, cast(bindparam("new_id"), BigInteger)).where(
            product_categories.c.category_id == bindparam("b_id")
        ),
    )
    .on_conflict_do_nothing()
)


def delete_category(
    connection: Connection,
    category_id: int,
    *,
    move_to_id: int | None = None,
    expected_version: int | None = None,
) -> None:
    """Deletes a category; its products and children go to `move_to_id` when that is given.

    Raises Rejected with InUse for children and for products that would be left behind.
    """
    fields = Fields()
    guard(connection, Guarded.CATEGORY_TREE)
    category = CATEGORIES.locked(connection, category_id, expected_version)
    inside = products_of_category(connection, category_id)
    children: int = connection.scalar(_CHILDREN, id=category_id)
    if move_to_id is None:
        _refuse_content(fields, children=children, products=len(inside))
    else:
        locked_products(connection, inside)
        _move_content(connection, fields, category, move_to_id=move_to_id, children=children)
    CATEGORIES.delete(connection, category_id)
    reindex(connection, inside)


def _refuse_content(fields: Fields, *, children: int, products: int) -> None:
    for what, count in (("categories", children), ("products", products)):
        if count:
            message = f"{count} {what} stand in this category: name one to move them to."
            fields.problems.append(InUse(message=message, field=("id",), count=count, what=what))
    fields.refuse_problems()


def _move_content(
    connection: Connection, fields: Fields, category: Category, *, move_to_id: int, children: int
) -> None:
    new_path = path_of(connection, fields, move_to_id, "moveToId")
    if new_path.startswith(category.path):
        fields.report("CATEGORY_CYCLE", "This category is below the one to delete.", "moveToId")
    check_depth(fields, new_path, levels_of(connection, category.path) - 1, "moveToId")
    check_children(
        connection, fields, move_to_id, coming=children, besides=category.id, field="moveToId"
    )
    fields.refuse_problems()
    connection.run(_COPY_PRODUCTS, b_id=category.id, new_id=move_to_id)
    connection.run(_MOVE_CHILDREN, b_id=category.id, new_parent=move_to_id)
    # The deleted category's own path is rewritten too, and gone a moment later.
    move_subtree(connection, category.path, new_path)
