"""Counts what is taken off the shelves: scan by scan, or as a number for a line."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.db import Connection
from storeql.errors import Rejected, refuse
from storeql.inputs import MOST_PIECES, Fields
from storeql.orders.fulfilment.picking.rows import (
    LineRow,
    count_picked,
    held_open_list,
    lines_of,
    touch_list,
)
from storeql.orders.fulfilment.picking.states import PickListState
from storeql.orders.fulfilment.problems import TooManyPieces, WrongPiece
from storeql.orders.fulfilment.scan import LONGEST_CODE, Scanned


class LineCount(Struct, frozen=True):
    """How many pieces of a line are picked by now."""

    line_id: int
    picked: int


def scan_pieces(connection: Connection, list_id: int, scanned: Scanned, *, now: int) -> list[int]:
    """The row numbers of the lines that the scanned pieces are for, those to be passed first first.

    Raises Rejected: WrongPiece, TooManyPieces, or what they are for is on hold.
    """
    fields = Fields()
    code = fields.line("code", scanned.code, most=LONGEST_CODE)
    fields.whole("quantity", scanned.quantity, least=1, most=MOST_PIECES)
    fields.refuse_problems()
    head = held_open_list(connection, list_id)
    lines = [one for one in lines_of(connection, list_id) if code in (one.sku, one.barcode)]
    counts = _taken(lines, Scanned(code, scanned.quantity))
    count_picked(connection, counts)
    touch_list(connection, head, PickListState.OPEN, now=now)
    return [line_id for line_id, _ in counts]


def set_picked(
    connection: Connection, list_id: int, counted: Sequence[LineCount], *, now: int
) -> None:
    """Writes how many pieces of lines are picked, more or fewer than before, all or none.

    Raises Rejected with every line that is not on the list or cannot have so many.
    """
    fields = Fields()
    fields.count("lines", counted, least=1, most=100)
    fields.refuse_problems()
    head = held_open_list(connection, list_id)
    known = {one.id: one for one in lines_of(connection, list_id)}
    for at, one in zip(fields.each("lines", len(counted)), counted, strict=True):
        line = known.get(one.line_id)
        if line is None:
            at.missing("line on this list", "lineId")
        elif not line.is_wanted or line.waits:
            at.report("NOT_TO_BE_PICKED", "This is not to be picked now.", "lineId")
        else:
            at.whole("picked", one.picked, most=line.quantity - line.missing)
    fields.refuse_problems()
    count_picked(connection, [(one.line_id, one.picked) for one in counted])
    touch_list(connection, head, PickListState.OPEN, now=now)


def _taken(lines: Sequence[LineRow], scanned: Scanned) -> list[tuple[int, int]]:
    """What is picked of lines with so many more pieces, the first lines filled first."""
    wanted = [one for one in lines if one.is_wanted]
    open_now = [one for one in wanted if not one.waits]
    available = sum(one.left for one in open_now)
    if not wanted:
        raise _wrong(scanned)
    if not open_now:
        raise refuse("ORDER_ON_HOLD", "The order that this is for is on hold.", "code")
    if scanned.quantity > available:
        raise _too_many(wanted[0].sku, scanned.quantity, available)
    counts, more = [], scanned.quantity
    for line in open_now:
        part = min(more, line.left)
        if part:
            counts.append((line.id, line.picked + part))
            more -= part
    return counts


def _wrong(scanned: Scanned) -> Rejected:
    message = f"{scanned.code} is not on this list."
    return Rejected([WrongPiece(message=message, field=("code",), scanned=scanned.code)])


def _too_many(sku: str, given: int, left: int) -> Rejected:
    message = f"Only {left} more of {sku} are to be picked, not {given}."
    problem = TooManyPieces(message=message, field=("quantity",), sku=sku, given=given, left=left)
    return Rejected([problem])
