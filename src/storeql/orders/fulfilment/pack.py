"""Packs what a warehouse sends: every piece into a package, and nothing that does not belong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import refuse
from storeql.hooks import Hooks
from storeql.inputs import MOST_PIECES, Fields
from storeql.orders.fulfilment.advance import become, refuse_unless_workable
from storeql.orders.fulfilment.package_rows import Box, add_packages, packages_of
from storeql.orders.fulfilment.picking.rows import still_to_pick
from storeql.orders.fulfilment.pieces import Pieces, merged, without
from storeql.orders.fulfilment.problems import (
    MissingPiece,
    fulfilment_conflict,
    pieces_missing,
)
from storeql.orders.fulfilment.rows import FulfilmentRow, Work, held_work
from storeql.orders.fulfilment.scan import LONGEST_CODE, Label, Scanned, labels_of, take
from storeql.orders.fulfilment.states import FulfilmentState
from storeql.orders.journal import Journal, recorded

PACKED = "PACKED"
MOST_PACKAGES = 50
MOST_SCANS = 1_000
MOST_GRAMS = 1_000_000
MOST_MM = 20_000
UNPACKED = (FulfilmentState.OPEN, FulfilmentState.PICKING)


class Packed(Struct, frozen=True, kw_only=True):
    """One package with what went into it."""

    scans: Sequence[Scanned]
    box: Box = Box()


class PackWish(Struct, frozen=True, kw_only=True):
    """A fulfilment to pack; without packages everything goes into one."""

    fulfilment_id: int
    packages: Sequence[Packed] = ()
    box: Box = Box()


def pack_fulfilment(write: Write, wish: PackWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment, PACKED with all its pieces.

    Raises Rejected with every WrongPiece, TooManyPieces and what is missing (PiecesMissing), and
    when the order or the fulfilment is not to be packed now.
    """
    fields = Fields()
    _check_bounds(fields, wish)
    fields.refuse_problems()
    recorded(
        write,
        lambda connection, journal: _pack(connection, wish, journal),
        hooks=hooks,
        actor=actor.key,
        now=now,
    )
    return wish.fulfilment_id


def _pack(connection: Connection, wish: PackWish, journal: Journal) -> None:
    work = held_work(connection, wish.fulfilment_id)
    refuse_unpackable(connection, work)
    fulfilment = work.named
    if packages_of(connection, fulfilment.id):
        raise refuse("PACKING_BEGUN", "Packing has begun: finish it, or unpack.", "fulfilmentId")
    labels = labels_of(connection, fulfilment.pieces)
    packed = _contents(wish, fulfilment, labels)
    add_packages(connection, fulfilment.id, packed, after=0, journal=journal)
    become(connection, work, FulfilmentState.PACKED, kind=PACKED, journal=journal)


def _contents(
    wish: PackWish, fulfilment: FulfilmentRow, labels: Mapping[int, Label]
) -> list[tuple[Pieces, Box]]:
    if not wish.packages:
        return [(fulfilment.pieces, wish.box)]
    fields, left = Fields(), fulfilment.pieces
    packed: list[tuple[Pieces, Box]] = []
    for part, package in zip(
        fields.each("packages", len(wish.packages)), wish.packages, strict=True
    ):
        contents: Pieces = ()
        for at, scanned in zip(part.each("pieces", len(package.scans)), package.scans, strict=True):
            taken = take(scanned, left, labels, at)
            left, contents = without(left, taken), merged(contents, taken)
        packed.append((contents, package.box))
    fields.refuse_problems()
    refuse_missing(left, labels)
    return packed


def refuse_missing(left: Pieces, labels: Mapping[int, Label]) -> None:
    """Raises Rejected (PiecesMissing) when pieces are left that are in no package."""
    if left:
        missing = [MissingPiece(labels[piece.line_id].sku, piece.quantity) for piece in left]
        raise pieces_missing(missing, "packed", "fulfilmentId")


def refuse_unpackable(connection: Connection, work: Work) -> None:
    """Raises Rejected unless the named fulfilment may be packed now: its pieces are there."""
    refuse_unless_workable(work.order)
    if work.named.state not in UNPACKED:
        raise fulfilment_conflict(work.named.state)
    if work.named.state is FulfilmentState.PICKING:
        left = still_to_pick(connection, work.named.id)
        if left:
            raise pieces_missing(left, "picked", "fulfilmentId")


def _check_bounds(fields: Fields, wish: PackWish) -> None:
    check_box(fields, wish.box)
    fields.count("packages", wish.packages, most=MOST_PACKAGES)
    for part, package in zip(
        fields.each("packages", len(wish.packages)), wish.packages, strict=True
    ):
        check_box(part, package.box)
        part.count("pieces", package.scans, least=1, most=MOST_SCANS)
        for at, scanned in zip(part.each("pieces", len(package.scans)), package.scans, strict=True):
            check_scan(at, scanned)


def check_scan(fields: Fields, scanned: Scanned) -> None:
    """Notes what is wrong with a code and a number of pieces."""
    fields.line("code", scanned.code, most=LONGEST_CODE)
    fields.whole("quantity", scanned.quantity, least=1, most=MOST_PIECES)


def check_box(fields: Fields, box: Box) -> None:
    """Notes what is wrong with a weight or a size."""
    for name, value, most in (
        ("weightGrams", box.weight_grams, MOST_GRAMS),
        ("lengthMm", box.length_mm, MOST_MM),
        ("widthMm", box.width_mm, MOST_MM),
        ("heightMm", box.height_mm, MOST_MM),
    ):
        if value is not None:
            fields.whole(name, value, least=1, most=most)
