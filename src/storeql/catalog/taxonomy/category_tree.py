"""The category tree: paths from the root to each category, and how a whole subtree moves."""

from __future__ import annotations

from sqlalchemy import Integer, String, bindparam, func, select, update

from storeql.catalog.named_rows import NamedRows
from storeql.catalog.records import Category
from storeql.catalog.tables import categories
from storeql.db import Connection, statement
from storeql.db.columns import BigId
from storeql.inputs import Fields

CATEGORIES = NamedRows(categories, Category, "category")
DEEPEST = 10
MOST_CHILDREN = 200

_category = categories.c
_PATH = statement(select(_category.path).where(_category.id == bindparam("id")))
_SET_PATH = statement(update(categories).where(_category.id == bindparam("b_id")), "path")
_DEEPEST_BELOW = statement(
    select(
        func.max(func.length(_category.path) - func.length(func.replace(_category.path, "/", "")))
    ).where(_category.path.startswith(bindparam("b_path")))
)
_MOVE_BELOW = statement(
    update(categories)
    .where(_category.path.startswith(bindparam("b_path")))
    .values(
        path=bindparam("new_path", type_=String)
        + func.substr(_category.path, bindparam("b_from", type_=Integer), type_=String)
    )
)
_CHILDREN = statement(
    select(func.count())
    .select_from(categories)
    .where(
        _category.parent_id == bindparam("id"), _category.id != bindparam("besides", type_=BigId)
    )
)
_SET_PARENT = statement(
    update(categories)
    .where(_category.id == bindparam("b_id"))
    .values(version=_category.version + 1),
    "parent_id",
    "position",
)


def path_of(connection: Connection, fields: Fields, category_id: int | None, field: str) -> str:
    """The path of a category, "/" for None (above the roots); notes it when there is none."""
    if category_id is None:
        return "/"
    path: str | None = connection.scalar(_PATH, id=category_id)
    if path is None:
        fields.missing("category", field)
    return path or "/"


def set_path(connection: Connection, category_id: int, parent_path: str) -> None:
    """Gives a new category its path."""
    connection.run(_SET_PATH, b_id=category_id, path=f"{parent_path}{category_id}/")


def check_depth(fields: Fields, parent_path: str, levels: int, field: str) -> None:
    """Notes it when so many levels below the parent are deeper than the tree may be."""
    if depth_of(parent_path) + levels > DEEPEST:
        fields.report("TOO_DEEP", f"The tree has at most {DEEPEST} levels.", field)


def check_children(
    connection: Connection,
    fields: Fields,
    parent_id: int | None,
    *,
    coming: int = 1,
    besides: int = 0,
    field: str,
) -> None:
    """Notes it when so many more are too many below the parent, whose children are shown whole.

    `besides` is a child that does not count, because it moves or goes. There may be any number of
    roots.
    """
    if parent_id is None:
        return
    count: int = connection.scalar(_CHILDREN, id=parent_id, besides=besides)
    if count + coming > MOST_CHILDREN:
        fields.report("TOO_MANY", f"A category has at most {MOST_CHILDREN} children.", field)


def depth_of(path: str) -> int:
    """How many levels a path has; 0 above the roots."""
    return path.count("/") - 1


def levels_of(connection: Connection, path: str) -> int:
    """How many levels a subtree has, its root included."""
    slashes: int = connection.scalar(_DEEPEST_BELOW, b_path=path)
    return slashes - 1 - depth_of(path) + 1


def move_subtree(connection: Connection, old_path: str, new_path: str) -> None:
    """Rewrites the paths of a category and of everything below it: one statement."""
    connection.run(_MOVE_BELOW, b_path=old_path, new_path=new_path, b_from=len(old_path) + 1)


def set_parent(
    connection: Connection, category_id: int, *, parent_id: int | None, position: int
) -> None:
    """Hangs a category below another; its paths are `move_subtree`'s."""
    connection.run(_SET_PARENT, b_id=category_id, parent_id=parent_id, position=position)
