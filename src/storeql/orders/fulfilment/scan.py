"""Finds out which pieces a code on a shelf or a box means: a SKU, or a barcode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import select

from storeql.catalog.tables import variants
from storeql.db import Connection, any_of, statement
from storeql.errors import Problem
from storeql.inputs import Fields
from storeql.orders.fulfilment.pieces import Piece, Pieces
from storeql.orders.fulfilment.problems import TooManyPieces, WrongPiece
from storeql.orders.tables import order_lines

LONGEST_CODE = 64

_line = order_lines.c
# The SKU is the order's own; a barcode is the variant's of today, if there is one.
_LABELS = statement(
    select(_line.id, _line.sku, variants.c.barcode, variants.c.weight_grams)
    .join(variants, variants.c.id == _line.variant_id, isouter=True)
    .where(any_of(_line.id, "ids"))
    .order_by(_line.id)
)


class Label(Struct, frozen=True):
    """What is written on the pieces of a line, and the weight of one in grams if it is known."""

    sku: str
    barcode: str | None
    weight_grams: int | None


class Scanned(Struct, frozen=True):
    """So many pieces under a code, as staff or a scanner gave them."""

    code: str
    quantity: int = 1


def labels_of(connection: Connection, pieces: Sequence[Piece]) -> Mapping[int, Label]:
    """The labels of pieces by order line, one statement."""
    rows = connection.rows(_LABELS, ids=[piece.line_id for piece in pieces])
    return {line_id: Label(sku, barcode, grams) for line_id, sku, barcode, grams in rows}


def take(scanned: Scanned, left: Pieces, labels: Mapping[int, Label], fields: Fields) -> Pieces:
    """The pieces of `left` that a scan means, of the first lines that have some.

    Notes WrongPiece or TooManyPieces at the fields `code` and `quantity`, and then takes none.
    """
    code = scanned.code.strip()
    lines = [one for one in labels if code and code in (labels[one].sku, labels[one].barcode)]
    if not lines:
        fields.problems.append(_wrong(code, fields))
        return ()
    fitting = [piece for piece in left if piece.line_id in lines]
    available = sum(piece.quantity for piece in fitting)
    if scanned.quantity > available:
        problem = _too_many(labels[lines[0]].sku, scanned.quantity, available, fields)
        fields.problems.append(problem)
        return ()
    return _first(fitting, scanned.quantity)


def _first(pieces: Sequence[Piece], wanted: int) -> Pieces:
    taken: list[Piece] = []
    for piece in pieces:
        part = min(wanted, piece.quantity)
        wanted -= part
        if part:
            taken.append(Piece(piece.line_id, piece.variant_id, part))
    return tuple(taken)


def _wrong(code: str, fields: Fields) -> Problem:
    return WrongPiece(
        message=f"{code or 'This'} does not belong here.",
        field=fields.path("code"),
        index=fields.index(),
        scanned=code,
    )


def _too_many(sku: str, given: int, left: int, fields: Fields) -> Problem:
    return TooManyPieces(
        message=f"Only {left} more of {sku} belong here, not {given}.",
        field=fields.path("quantity"),
        index=fields.index(),
        sku=sku,
        given=given,
        left=left,
    )
