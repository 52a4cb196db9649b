"""What became of an import's rows, as a table: the file again, with a result beside each row.

The table of the bad rows alone can be mended and imported again: the columns that a report adds say
nothing then, and a row that left its product to the row above it names the product itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select

from storeql.catalog.transfer.blocks import Block
from storeql.catalog.transfer.cells import harmless
from storeql.catalog.transfer.columns import Column
from storeql.catalog.transfer.groups import Group
from storeql.catalog.transfer.imports import ImportRow, import_row
from storeql.catalog.transfer.load import known_columns
from storeql.catalog.transfer.records import ErrorPolicy, RowResult
from storeql.catalog.transfer.start_import import PERMISSIONS
from storeql.catalog.transfer.tables import import_blocks, import_problems
from storeql.db import Connection, Database, statement

ADDED = ("row", "result", "problem.code", "problem.message", "problem.field")
BETWEEN = "; "

_block, _problem = import_blocks.c, import_problems.c
_BLOCK = statement(
    select(_block.groups, _block.outcomes).where(
        _block.import_id == bindparam("id"), _block.position == bindparam("position")
    )
)
_PROBLEMS = statement(
    select(_problem.row, _problem.code, _problem.message, _problem.field)
    .where(
        _problem.import_id == bindparam("id"),
        _problem.row >= bindparam("least"),
        _problem.row <= bindparam("most"),
    )
    .order_by(_problem.row, _problem.place)
)

Line = list[str]


class Report(Struct, frozen=True, kw_only=True):
    """An import whose rows are told of; `columns` are those it read, in the file's order."""

    row: ImportRow
    columns: Sequence[Column]
    only_bad: bool


def open_report(
    connection: Connection, import_id: int, *, granted: frozenset[str], only_bad: bool
) -> Report | None:
    """The report of an import; None when there is none that these permissions may see."""
    row = import_row(connection, import_id)
    if row is None or PERMISSIONS[row.kind] not in granted:
        return None
    columns = row.columns(known_columns(connection))
    return Report(row=row, columns=columns, only_bad=only_bad)


def report_lines(database: Database, report: Report) -> Iterator[Line]:
    """The heading, then the rows, a block and a transaction at a time; no cell is a formula."""
    yield [*(column.name for column in report.columns), *ADDED]
    position = 0
    while True:
        with database.reading() as connection:
            found = connection.one(_BLOCK, id=report.row.id, position=position)
            lines = None if found is None else _lines(connection, report, *found)
        if lines is None:
            return
        yield from lines
        position += 1


def _lines(
    connection: Connection, report: Report, groups_json: str, outcomes_json: str
) -> list[Line]:
    block = msgspec.json.decode(groups_json, type=Block)
    results = msgspec.json.decode(outcomes_json, type=dict[int, RowResult])
    problems = _problems(connection, report.row.id, block)
    lines: list[Line] = []
    for group in block.groups:
        for number, cells in _filled(group, report.columns):
            result = _result(report.row, results.get(number))
            if report.only_bad and result is not RowResult.BAD:
                continue
            told = [BETWEEN.join(parts) for parts in problems.get(number, ([], [], []))]
            lines.append([*map(harmless, cells), str(number), result.lower(), *map(harmless, told)])
    return lines


def _result(row: ImportRow, result: RowResult | None) -> RowResult:
    """What became of a row in the end: with bad ones beside it, it may be left out after all."""
    if result is None:
        return RowResult.LEFT_OUT
    gives_up = row.options.policy is ErrorPolicy.ALL_OR_NOTHING and row.bad
    return RowResult.LEFT_OUT if gives_up and result is not RowResult.BAD else result


def _problems(
    connection: Connection, import_id: int, block: Block
) -> dict[int, tuple[list[str], list[str], list[str]]]:
    """Codes, messages and fields of the block's rows."""
    numbers = [row.number for group in block.groups for row in group.rows]
    told: dict[int, tuple[list[str], list[str], list[str]]] = {}
    bounds = {"least": min(numbers), "most": max(numbers)}
    for number, *parts in connection.rows(_PROBLEMS, id=import_id, **bounds):
        for kept, part in zip(told.setdefault(number, ([], [], [])), parts, strict=True):
            kept.append(part or "")
    return told


def _filled(group: Group, columns: Sequence[Column]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a group, each with what the others say of their product."""
    said = {
        place: next((row.cells[place] for row in group.rows if row.cells[place]), "")
        for place, column in enumerate(columns)
        if column.is_of_product
    }
    for row in group.rows:
        cells = [text or said.get(place, "") for place, text in enumerate(row.cells)]
        yield row.number, cells
