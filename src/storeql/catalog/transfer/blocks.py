"""The rows of an import as they lie in the database: staged in blocks, then with their results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, insert, select, update

from storeql.catalog.transfer.drafts import RowProblem
from storeql.catalog.transfer.groups import Group, blocks_of, grouped, twice_named
from storeql.catalog.transfer.imports import ImportRow
from storeql.catalog.transfer.load import known_columns
from storeql.catalog.transfer.records import RowResult
from storeql.catalog.transfer.sheets import Sheet, read_sheet
from storeql.catalog.transfer.tables import catalog_imports, import_blocks, import_problems
from storeql.db import Connection, statement
from storeql.errors import StoreError
from storeql.files.read import content_of

MOST_PROBLEMS_A_ROW = 20

_block, _import = import_blocks.c, catalog_imports.c
_ADD = statement(insert(import_blocks), "import_id", "position", "groups")
_TOTAL = statement(update(catalog_imports).where(_import.id == bindparam("b_id")), "total")
_READ = statement(
    select(_block.groups).where(
        _block.import_id == bindparam("id"), _block.position == bindparam("position")
    )
)
_SET_OUTCOMES = statement(
    update(import_blocks).where(
        _block.import_id == bindparam("b_id"), _block.position == bindparam("b_position")
    ),
    "outcomes",
)
_ADD_PROBLEM = statement(
    insert(import_problems), "import_id", "row", "place", "code", "message", "field"
)


class Block(Struct, frozen=True, kw_only=True):
    """Some hundred rows; `twice` has those whose SKU a row above has, with that row's number."""

    position: int = 0
    groups: list[Group]
    twice: dict[int, int] = {}

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(group.rows) for group in self.groups)


class Staged(Struct, frozen=True, kw_only=True):
    """A file's rows, ready to be put down."""

    blocks: list[Block]
    rows: int

    def save(self, connection: Connection, *, import_id: int) -> None:
        """Puts the blocks down, and how many rows they have."""
        connection.run(_TOTAL, b_id=import_id, total=self.rows)
        entries = [
            {
                "import_id": import_id,
                "position": position,
                "groups": msgspec.json.encode(block).decode(),
            }
            for position, block in enumerate(self.blocks)
        ]
        connection.run_many(_ADD, entries)


class Results(Struct, frozen=True):
    """What became of the rows of a block, by number."""

    import_id: int
    position: int
    results: Mapping[int, RowResult]
    problems: Sequence[RowProblem]


def stage(connection: Connection, row: ImportRow) -> Staged:
    """The rows of an import's file; raises StoreError when it is gone, or fits the shop no more."""
    content = b"" if row.file_id is None else content_of(connection, row.file_id)
    if not content:
        raise StoreError("The file has expired: upload it again.")
    return staged(read_sheet(content), row, connection)


def staged(sheet: Sheet, row: ImportRow, connection: Connection) -> Staged:
    """The rows of a table in blocks."""
    columns = row.columns(known_columns(connection))
    groups = grouped(sheet.rows, columns, row.kind)
    twice = twice_named(groups, columns)
    blocks = [Block(groups=block, twice=_among(block, twice)) for block in blocks_of(groups)]
    return Staged(blocks=blocks, rows=len(sheet.rows))


def read_block(connection: Connection, import_id: int, position: int) -> Block:
    """A staged block."""
    text: str = connection.scalar(_READ, id=import_id, position=position)
    block = msgspec.json.decode(text, type=Block)
    return msgspec.structs.replace(block, position=position)


def save_results(connection: Connection, made: Results) -> None:
    """Keeps what became of a block's rows, and what was wrong with them."""
    outcomes = msgspec.json.encode(made.results).decode()
    connection.run(_SET_OUTCOMES, b_id=made.import_id, b_position=made.position, outcomes=outcomes)
    connection.run_many(_ADD_PROBLEM, _problem_rows(made))


def _problem_rows(made: Results) -> list[Mapping[str, object]]:
    places: dict[int, int] = {}
    rows: list[Mapping[str, object]] = []
    for problem in made.problems:
        place = places[problem.row] = places.get(problem.row, -1) + 1
        if place < MOST_PROBLEMS_A_ROW:
            rows.append(
                {
                    "import_id": made.import_id,
                    "row": problem.row,
                    "place": place,
                    "code": problem.code,
                    "message": problem.message,
                    "field": problem.column,
                }
            )
    return rows


def _among(block: Iterable[Group], twice: Mapping[int, int]) -> dict[int, int]:
    numbers = {row.number for group in block for row in group.rows}
    return {row: first for row, first in twice.items() if row in numbers}
