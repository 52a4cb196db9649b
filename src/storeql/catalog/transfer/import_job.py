"""The job that brings a table into the catalogue, some hundred rows a step.

The first step reads the file and puts its rows down in blocks; each further one is about a block.
What a block needs is worked out before the write transaction and used if the products are still
what they were; otherwise it is worked out again, with the products locked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from storeql.access import Permission
from storeql.catalog.locks import Guarded, guard
from storeql.catalog.transfer.blocks import Block, Results, read_block, save_results, stage
from storeql.catalog.transfer.changes import Changes, changes_of
from storeql.catalog.transfer.drafts import ProductDraft, Reader
from storeql.catalog.transfer.imports import ImportRow, add_counts, import_row, leave_out, settle
from storeql.catalog.transfer.load import (
    known_columns,
    load_lists,
    load_shelf,
    lock_shelf,
)
from storeql.catalog.transfer.merge import Merged, Terms, keys_of, lists_named, merge
from storeql.catalog.transfer.records import EmptyCells, ErrorPolicy, RowResult
from storeql.catalog.transfer.state import Lists, Shelf
from storeql.catalog.transfer.write import write_changes
from storeql.db import Connection
from storeql.errors import StoreError
from storeql.jobs import JobKind, Step

CATALOG_IMPORT = "CATALOG_IMPORT"


class Phase(StrEnum):
    """Where an import is: at its file, at checking blocks, at saving them."""

    READ = "READ"
    CHECK = "CHECK"
    SAVE = "SAVE"


class ImportWork(Struct, frozen=True, kw_only=True):
    """Which import a job does."""

    import_id: int


class ImportCursor(Struct, frozen=True, kw_only=True):
    """The phase and the next block; `done` counts rows, those of a check too."""

    phase: Phase = Phase.READ
    block: int = 0
    blocks: int = 0
    done: int = 0
    total: int = 0


class ImportDone(Struct, frozen=True, kw_only=True, rename="camel"):
    """What the job answers: rows by what became of them, and products."""

    created: int
    updated: int
    unchanged: int
    bad: int
    left_out: int
    products_created: int
    products_updated: int
    stopped_row: int | None


class Prepared(Struct, frozen=True, kw_only=True):
    """A block worked out: from what, what there is to write, and what became of its rows."""

    drafts: Sequence[ProductDraft]
    shelf: Shelf
    lists: Lists
    terms: Terms
    merged: Merged
    changes: Changes
    stopped_row: int | None


def import_kind(zone: ZoneInfo) -> JobKind:
    """The kind of job, for a shop whose days are those of `zone`."""
    return JobKind(
        key=CATALOG_IMPORT,
        permission=Permission.MANAGE_PRODUCTS,
        Arguments=ImportWork,
        Cursor=ImportCursor,
        step=partial(_step, zone),
    )


def _step(
    zone: ZoneInfo, connection: Connection, work: ImportWork, cursor: ImportCursor, now: int
) -> Step:
    row = import_row(connection, work.import_id)
    if row is None:
        raise StoreError("The import is no longer there.")
    if cursor.phase is Phase.READ:
        return _read(connection, row)
    if row.stopped_row is not None or cursor.block >= cursor.blocks:
        return _ending(row, cursor)
    if cursor.phase is Phase.SAVE and row.options.policy is ErrorPolicy.ALL_OR_NOTHING:
        return _save_all(connection, row, cursor, zone, now)
    return _block(connection, row, cursor, zone, now)


def _read(connection: Connection, row: ImportRow) -> Step:
    staged = stage(connection, row)
    whole = row.options.policy is ErrorPolicy.ALL_OR_NOTHING
    checks = whole or row.options.dry_run
    rows = staged.rows * (2 if whole and not row.options.dry_run else 1)
    return Step(
        cursor=ImportCursor(
            phase=Phase.CHECK if checks else Phase.SAVE, blocks=len(staged.blocks), total=rows
        ),
        done=0,
        total=rows,
        save=partial(staged.save, import_id=row.id),
    )


def _block(
    connection: Connection, row: ImportRow, cursor: ImportCursor, zone: ZoneInfo, now: int
) -> Step:
    block = read_block(connection, row.id, cursor.block)
    prepared = _prepared(connection, row, block, zone, now)

    def save(saving: Connection) -> None:
        made = prepared
        if cursor.phase is Phase.SAVE:
            made = _fresh(saving, row, prepared)
            _write(saving, row, made, now=now)
        _keep(saving, row, block, made)

    done = cursor.done + block.count
    following = msgspec.structs.replace(cursor, block=cursor.block + 1, done=done)
    return Step(cursor=following, done=done, total=cursor.total, save=save)


def _save_all(
    connection: Connection, row: ImportRow, cursor: ImportCursor, zone: ZoneInfo, now: int
) -> Step:
    """Everything in one transaction: every row was good a moment ago, and must still be."""

    def save(saving: Connection) -> None:
        for position in range(cursor.blocks):
            block = read_block(saving, row.id, position)
            made = _fresh(saving, row, _prepared(saving, row, block, zone, now))
            if made.merged.problems:
                first = min(made.merged.problems, key=lambda problem: problem.row)
                message = f"Row {first.row} no longer fits: {first.message} Nothing was changed."
                raise StoreError(message)
            _write(saving, row, made, now=now)

    following = msgspec.structs.replace(cursor, block=cursor.blocks, done=cursor.total)
    return Step(cursor=following, done=cursor.total, total=cursor.total, save=save)


def _ending(row: ImportRow, cursor: ImportCursor) -> Step:
    """The end, or the turn from checking to saving where all rows are good."""
    options = row.options
    if cursor.phase is Phase.CHECK and not options.dry_run and not row.bad:
        following = msgspec.structs.replace(cursor, phase=Phase.SAVE, block=0)
        return Step(cursor=following, done=cursor.done, total=cursor.total)
    settled = settle(row)
    result = msgspec.convert(settled, ImportDone, from_attributes=True)
    return Step(
        cursor=cursor,
        done=cursor.total,
        total=cursor.total,
        save=partial(leave_out, settled=settled),
        result=result,
    )


def _prepared(
    connection: Connection, row: ImportRow, block: Block, zone: ZoneInfo, now: int
) -> Prepared:
    known = known_columns(connection)
    reader = Reader(
        columns=row.columns(known),
        known=known,
        zone=zone,
        clears=row.options.empty_cells is EmptyCells.CLEAR,
        twice=block.twice,
    )
    drafts = [reader.draft(group) for group in block.groups]
    terms = Terms(kind=row.kind, known=known, reason=row.options.reason, now=now)
    shelf, lists = _looked_up(connection, drafts)
    return _worked_out(row, drafts, shelf, lists, terms)


def _fresh(connection: Connection, row: ImportRow, prepared: Prepared) -> Prepared:
    """The block as it was worked out if nothing changed since, with its products locked now.

    One import at a time gets here: two with the same new products would otherwise both add them.
    """
    guard(connection, Guarded.NEW_ROWS)
    shelf, _ = _looked_up(connection, prepared.drafts)
    lock_shelf(connection, sorted(shelf.products))
    shelf, lists = _looked_up(connection, prepared.drafts)
    if (shelf, lists) == (prepared.shelf, prepared.lists):
        return prepared
    return _worked_out(row, prepared.drafts, shelf, lists, prepared.terms)


def _looked_up(connection: Connection, drafts: Sequence[ProductDraft]) -> tuple[Shelf, Lists]:
    slugs, skus = keys_of(drafts)
    shelf = load_shelf(connection, slugs=slugs, skus=skus)
    types = {one.product_type_id for one in shelf.products.values()}
    return shelf, load_lists(connection, lists_named(drafts), types, shelf.products)


def _worked_out(
    row: ImportRow, drafts: Sequence[ProductDraft], shelf: Shelf, lists: Lists, terms: Terms
) -> Prepared:
    merged, stopped = merge(drafts, shelf, lists, terms), None
    if row.options.policy is ErrorPolicy.STOP_AT_FIRST and merged.problems:
        stopped = min(problem.row for problem in merged.problems)
        kept = merge(_before(drafts, stopped), shelf, lists, terms)
        merged = _stopped(drafts, kept, merged, stopped)
    return Prepared(
        drafts=drafts,
        shelf=shelf,
        lists=lists,
        terms=terms,
        merged=merged,
        changes=changes_of(shelf, merged.products.values(), reason=terms.reason),
        stopped_row=stopped,
    )


def _before(drafts: Sequence[ProductDraft], row: int) -> list[ProductDraft]:
    """The drafts without this row and the rows after it."""
    return [
        msgspec.structs.replace(
            draft, rows=[one for one in draft.rows if one.row < row], problems=[]
        )
        for draft in drafts
        if draft.first_row < row
    ]


def _stopped(drafts: Sequence[ProductDraft], kept: Merged, tried: Merged, row: int) -> Merged:
    """What became of a block that stops at a row: its problems alone are told."""
    kept.problems = [problem for problem in tried.problems if problem.row == row]
    kept.results[row] = RowResult.BAD
    for one in (one for draft in drafts for one in draft.rows):
        kept.results.setdefault(one.row, RowResult.LEFT_OUT)
    return kept


def _write(connection: Connection, row: ImportRow, made: Prepared, *, now: int) -> None:
    connection.author = row.created_by  # whoever asked for it, and not the worker
    write_changes(
        connection,
        made.changes,
        now=now,
        actor=row.created_by,
        note=row.file_name,
        reference=f"import:{row.id}",
    )


def _keep(connection: Connection, row: ImportRow, block: Block, made: Prepared) -> None:
    """Keeps what became of a block's rows, and counts them."""
    counted = Counter(made.merged.results.values())
    add_counts(
        connection,
        row.id,
        created=counted[RowResult.CREATED],
        updated=counted[RowResult.UPDATED],
        unchanged=counted[RowResult.UNCHANGED],
        bad=counted[RowResult.BAD],
        products_created=len(made.changes.new_products),
        products_updated=len(made.changes.touched),
        stopped_row=made.stopped_row,
    )
    save_results(
        connection,
        Results(row.id, block.position, made.merged.results, made.merged.problems),
    )
