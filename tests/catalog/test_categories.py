"""The category tree: paths stay true whatever moves, and nothing hangs below itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from storeql.catalog.inputs import CategoryInput, CategoryUpdate
from storeql.catalog.tables import categories
from storeql.catalog.taxonomy.delete_category import delete_category
from storeql.catalog.taxonomy.move_category import move_category
from storeql.catalog.taxonomy.save_category import create_category, update_category
from storeql.db import Database, statement
from storeql.errors import Rejected, StaleVersion
from tests.catalog.refusals import codes_of, problems_of

_TREE = statement(select(categories.c.id, categories.c.parent_id, categories.c.path))


def grown(database: Database, name: str, parent_id: int | None = None) -> int:
    return database.write(
        lambda connection: create_category(
            connection, CategoryInput(name=name, parent_id=parent_id)
        )
    )


def paths(database: Database) -> dict[int, str]:
    """Every path, after it was found to lead through the parents."""
    with database.reading() as connection:
        rows = connection.rows(_TREE)
    stored = {row[0]: row[2] for row in rows}
    for category_id, parent_id, path in rows:
        assert path == f"{stored.get(parent_id, '/')}{category_id}/"
    return stored


def test_a_path_leads_from_the_root_to_the_category(database: Database) -> None:
    root = grown(database, "家居")
    child = grown(database, "灯具", root)

    assert paths(database) == {root: f"/{root}/", child: f"/{root}/{child}/"}


def test_a_move_takes_the_whole_subtree_along(database: Database) -> None:
    a, b = grown(database, "A"), grown(database, "B")
    child = grown(database, "C", a)
    grandchild = grown(database, "D", child)

    database.write(lambda connection: move_category(connection, child, parent_id=b))
    assert paths(database)[grandchild] == f"/{b}/{child}/{grandchild}/"

    database.write(lambda connection: move_category(connection, child, parent_id=None))
    assert paths(database)[grandchild] == f"/{child}/{grandchild}/"


def test_a_move_under_itself_or_its_own_child_is_refused(database: Database) -> None:
    root = grown(database, "A")
    child = grown(database, "B", root)

    for parent_id in (root, child):
        codes = codes_of(
            database,
            lambda connection, to=parent_id: move_category(connection, root, parent_id=to),
        )
        assert codes == [("CATEGORY_CYCLE", "parentId")]


def test_two_moves_at_once_never_make_a_ring(database: Database) -> None:
    pairs = [(grown(database, f"A{n}"), grown(database, f"B{n}")) for n in range(5)]

    def swap(pair: tuple[int, int]) -> bool:
        try:
            database.write(lambda connection: move_category(connection, pair[0], parent_id=pair[1]))
        except Rejected:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        attempts = [move for a, b in pairs for move in ((a, b), (b, a))]
        assert sum(threads.map(swap, attempts)) == len(pairs)
    assert len(paths(database)) == 10


def test_the_tree_has_ten_levels_at_most(database: Database) -> None:
    parent: int | None = None
    for level in range(10):
        parent = grown(database, f"L{level}", parent)
    other = grown(database, "other")

    deeper = codes_of(
        database,
        lambda connection: create_category(connection, CategoryInput(name="x", parent_id=parent)),
    )
    moved = codes_of(database, lambda c: move_category(c, other, parent_id=parent))

    assert deeper == moved == [("TOO_DEEP", "parentId")]


def test_a_category_with_children_is_deleted_only_by_moving_them(database: Database) -> None:
    a, b = grown(database, "A"), grown(database, "B")
    child = grown(database, "C", a)
    grandchild = grown(database, "D", child)

    assert codes_of(database, lambda c: delete_category(c, a)) == [("IN_USE", "id")]
    assert codes_of(database, lambda c: delete_category(c, a, move_to_id=grandchild)) == [
        ("CATEGORY_CYCLE", "moveToId")
    ]
    database.write(lambda connection: delete_category(connection, a, move_to_id=b))

    assert paths(database)[grandchild] == f"/{b}/{child}/{grandchild}/"
    assert a not in paths(database)


def test_a_change_upon_an_old_version_is_refused_with_the_current_one(database: Database) -> None:
    root = grown(database, "A")
    change = CategoryUpdate(id=root, expected_version=1, name="B")
    database.write(lambda connection: update_category(connection, change))

    (problem,) = problems_of(database, lambda connection: update_category(connection, change))

    assert isinstance(problem, StaleVersion)
    assert (problem.current, problem.field) == (2, ("expectedVersion",))
