"""Pieces of an order's lines: counted, taken apart, and kept as one short document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec
from msgspec import Struct

from storeql.catalog.stock.promise import Reservation


class Piece(Struct, frozen=True, array_like=True):
    """So many pieces of an order's line; both ids are row numbers."""

    line_id: int
    variant_id: int
    quantity: int


Pieces = tuple[Piece, ...]

_decoder = msgspec.json.Decoder(Pieces)


def read_pieces(text: str) -> Pieces:
    """Pieces out of their document."""
    return _decoder.decode(text)


def pieces_text(pieces: Iterable[Piece]) -> str:
    """The document of pieces: one entry per line, ascending, none of them empty."""
    return msgspec.json.encode(merged(pieces)).decode()


def merged(*several: Iterable[Piece]) -> Pieces:
    """All pieces together, one entry per line, ascending."""
    variants: dict[int, int] = {}
    counted: Counter[int] = Counter()
    for pieces in several:
        for piece in pieces:
            variants[piece.line_id] = piece.variant_id
            counted[piece.line_id] += piece.quantity
    return tuple(
        Piece(line_id, variants[line_id], counted[line_id])
        for line_id in sorted(counted)
        if counted[line_id] > 0
    )


def without(pieces: Iterable[Piece], taken: Iterable[Piece]) -> Pieces:
    """What is left of pieces; taking more than there are leaves none."""
    gone = [Piece(piece.line_id, piece.variant_id, -piece.quantity) for piece in taken]
    return merged(pieces, gone)


def by_variant(pieces: Iterable[Piece]) -> Mapping[int, int]:
    """How many pieces of each variant."""
    counted: Counter[int] = Counter()
    for piece in pieces:
        counted[piece.variant_id] += piece.quantity
    return counted


def total(pieces: Iterable[Piece]) -> int:
    """How many pieces in all."""
    return sum(piece.quantity for piece in pieces)


def allotted(
    wanted: Iterable[Piece], reservations: Iterable[Reservation]
) -> list[tuple[int, Pieces]]:
    """The wanted pieces by the warehouse that holds them, (warehouse, pieces), ascending.

    What is reserved of a variant adds up to what is wanted of it, on whichever lines.
    """
    left = {(one.variant_id, one.warehouse_id): one.quantity for one in reservations}
    parts: dict[int, Pieces] = {}
    for piece in wanted:
        quantity = piece.quantity
        for key in [key for key in left if key[0] == piece.variant_id]:
            taken = min(quantity, left[key])
            if taken:
                left[key] -= taken
                quantity -= taken
                part = Piece(piece.line_id, piece.variant_id, taken)
                parts[key[1]] = (*parts.get(key[1], ()), part)
    return sorted(parts.items())
