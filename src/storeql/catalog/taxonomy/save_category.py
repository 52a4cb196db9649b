"""Creates categories and changes them where they stand, one writer in the tree at a time."""

from __future__ import annotations

from msgspec import UNSET

from storeql.catalog.inputs import CategoryInput, CategoryUpdate
from storeql.catalog.locks import Guarded, guard
from storeql.catalog.products.rows import products_of_category, reindex
from storeql.catalog.taxonomy.category_tree import (
    CATEGORIES,
    check_children,
    check_depth,
    path_of,
    set_path,
)
from storeql.db import Connection
from storeql.inputs import Fields

MOST_POSITION = 1_000_000


def create_category(connection: Connection, given: CategoryInput) -> int:
    """Adds a category and returns its row number; raises Rejected with all problems."""
    fields = Fields()
    guard(connection, Guarded.CATEGORY_TREE)
    description = fields.block("description", given.description)
    position = fields.whole("position", given.position, most=MOST_POSITION)
    parent_path = path_of(connection, fields, given.parent_id, "parentId")
    check_depth(fields, parent_path, 1, "parentId")
    check_children(connection, fields, given.parent_id, field="parentId")
    category_id = CATEGORIES.add(
        connection,
        fields,
        given,
        parent_id=given.parent_id,
        description=description,
        position=position,
        path="",
    )
    set_path(connection, category_id, parent_path)
    return category_id


def update_category(connection: Connection, change: CategoryUpdate) -> None:
    """Changes a category where it stands; its products are found by the new name at once."""
    fields = Fields()
    guard(connection, Guarded.CATEGORY_TREE)
    category = CATEGORIES.locked(connection, change.id, change.expected_version)
    values: dict[str, object] = {**CATEGORIES.names(connection, fields, category, change)}
    if change.description is not UNSET:
        values["description"] = fields.block("description", change.description)
    if change.position is not UNSET:
        values["position"] = fields.whole("position", change.position, most=MOST_POSITION)
    CATEGORIES.save(connection, fields, category, **values)
    if values["name"] != category.name:
        reindex(connection, products_of_category(connection, category.id))
