"""Moves a category with everything below it, never under itself."""

from __future__ import annotations

from storeql.catalog.locks import Guarded, guard
from storeql.catalog.taxonomy.category_tree import (
    CATEGORIES,
    check_children,
    check_depth,
    levels_of,
    move_subtree,
    path_of,
    set_parent,
)
from storeql.catalog.taxonomy.save_category import MOST_POSITION
from storeql.db import Connection
from storeql.inputs import Fields


def move_category(
    connection: Connection,
    category_id: int,
    *,
    parent_id: int | None,
    position: int = 0,
    expected_version: int | None = None,
) -> None:
    """Hangs a category below another, or among the roots for None.

    Raises Rejected with CATEGORY_CYCLE when the new parent is the category itself or below it.
    """
    fields = Fields()
    guard(connection, Guarded.CATEGORY_TREE)
    category = CATEGORIES.locked(connection, category_id, expected_version)
    fields.whole("position", position, most=MOST_POSITION)
    parent_path = path_of(connection, fields, parent_id, "parentId")
    if parent_path.startswith(category.path):
        fields.report("CATEGORY_CYCLE", "A category cannot move under itself.", "parentId")
    check_depth(fields, parent_path, levels_of(connection, category.path), "parentId")
    check_children(connection, fields, parent_id, besides=category_id, field="parentId")
    fields.refuse_problems()
    set_parent(connection, category_id, parent_id=parent_id, position=position)
    move_subtree(connection, category.path, f"{parent_path}{category_id}/")
