"""Splits what a warehouse sends, joins it again, or leaves it to another warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from storeql.access import Actor
from storeql.catalog.known_ids import known_ids
from storeql.catalog.problems import InsufficientStock
from storeql.catalog.stock.moves import Move, locked_levels, move
from storeql.catalog.stock.promise import RELEASED, RESERVED
from storeql.catalog.tables import warehouses
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import Rejected, StaleVersion, refuse
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.fulfilment.advance import advance, refuse_unless_workable
from storeql.orders.fulfilment.pack import MOST_SCANS, check_scan
from storeql.orders.fulfilment.package_rows import packages_of
from storeql.orders.fulfilment.pieces import Pieces, by_variant, merged, without
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import (
    FulfilmentRow,
    Work,
    add_fulfilments,
    drop_fulfilments,
    fulfilments_of,
    held_work,
    new_fulfilments,
    number_of,
    save_fulfilments,
)
from storeql.orders.fulfilment.scan import Scanned, labels_of, take
from storeql.orders.fulfilment.states import FulfilmentState
from storeql.orders.journal import Journal, recorded

SPLIT, MERGED, MOVED = "SPLIT", "MERGED", "MOVED"
MOST_PARTS = 50


class SplitWish(Struct, frozen=True, kw_only=True):
    """Pieces that leave a fulfilment for one of their own."""

    fulfilment_id: int
    scans: Sequence[Scanned]
    expected_version: int


class MergeWish(Struct, frozen=True, kw_only=True):
    """Fulfilments of one order and warehouse that become one, the first of them."""

    fulfilment_ids: Sequence[int]


class MoveWish(Struct, frozen=True, kw_only=True):
    """A fulfilment that another warehouse is to send."""

    fulfilment_id: int
    warehouse_id: int
    expected_version: int


def split_fulfilment(write: Write, wish: SplitWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment that is left; the pieces are in a new one.

    Raises Rejected when it was begun, for pieces that are not in it, and when nothing would stay.
    """
    fields = Fields()
    fields.count("pieces", wish.scans, least=1, most=MOST_SCANS)
    for at, scanned in zip(fields.each("pieces", len(wish.scans)), wish.scans, strict=True):
        check_scan(at, scanned)
    fields.refuse_problems()

    def work(connection: Connection, journal: Journal) -> None:
        held = _held_open(connection, wish.fulfilment_id, wish.expected_version)
        taken = _named_pieces(connection, held.named, wish.scans)
        left = without(held.named.pieces, taken)
        if not left:
            raise refuse("NOTHING_LEFT", "Something must stay where it was.", "pieces")
        if len(held.every) >= MOST_PARTS:
            raise refuse("TOO_MANY", f"At most {MOST_PARTS} parts.", "fulfilmentId")
        after = msgspec.structs.replace(held.named, pieces=left)
        save_fulfilments(connection, [(held.named, after)], now=journal.now)
        parts = [(held.named.warehouse_id, taken)]
        last = held.every[-1].position
        rows = new_fulfilments(held.order.id, parts, after=last, now=journal.now)
        add_fulfilments(connection, rows)
        _note(connection, held, SPLIT, journal, into=number_of(held.order.number, last + 1))

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return wish.fulfilment_id


def merge_fulfilments(
    write: Write, wish: MergeWish, *, actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the first one, with the pieces of all; the others are gone.

    Raises Rejected with everything that is not of the same order and warehouse, or was begun.
    """
    fields = Fields()
    ids = fields.distinct("fulfilmentIds", wish.fulfilment_ids, most=MOST_PARTS)
    if len(ids) < 2:
        fields.report("REQUIRED", "Name at least two.", "fulfilmentIds")
    fields.refuse_problems()

    def work(connection: Connection, journal: Journal) -> None:
        held = held_work(connection, ids[0])
        refuse_unless_workable(held.order)
        chosen = _mergeable(connection, held, ids)
        first, others = chosen[0], chosen[1:]
        pieces = merged(*(one.pieces for one in chosen))
        after = msgspec.structs.replace(first, pieces=pieces)
        save_fulfilments(connection, [(first, after)], now=journal.now)
        drop_fulfilments(connection, others)
        names = [number_of(held.order.number, one.position) for one in others]
        _note(connection, held, MERGED, journal, merged=names)

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return ids[0]


def move_fulfilment(write: Write, wish: MoveWish, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment, sent by another warehouse, which holds its pieces now.

    Raises Rejected when it was begun, and with one InsufficientStock for every variant that the
    other warehouse does not have.
    """

    def work(connection: Connection, journal: Journal) -> None:
        held = _held_open(connection, wish.fulfilment_id, wish.expected_version)
        if not known_ids(connection, warehouses, [wish.warehouse_id]):
            raise refuse("NOT_FOUND", "There is no such warehouse.", "warehouseId")
        if held.named.warehouse_id == wish.warehouse_id:
            return
        _move_stock(connection, held, wish.warehouse_id, journal)
        after = msgspec.structs.replace(held.named, warehouse_id=wish.warehouse_id)
        save_fulfilments(connection, [(held.named, after)], now=journal.now)
        _note(connection, held, MOVED, journal)

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return wish.fulfilment_id


def _held_open(connection: Connection, fulfilment_id: int, expected_version: int) -> Work:
    held = held_work(connection, fulfilment_id)
    refuse_unless_workable(held.order)
    if held.named.version != expected_version:
        message = "This changed after it was read: read it again."
        current, field = held.named.version, ("expectedVersion",)
        raise Rejected([StaleVersion(message=message, field=field, current=current)])
    if not _is_untouched(connection, held.named):
        raise fulfilment_conflict(held.named.state)
    return held


def _is_untouched(connection: Connection, *rows: FulfilmentRow) -> bool:
    begun = any(one.state is not FulfilmentState.OPEN for one in rows)
    return not begun and not packages_of(connection, *(one.id for one in rows))


def _named_pieces(
    connection: Connection, fulfilment: FulfilmentRow, scans: Sequence[Scanned]
) -> Pieces:
    fields, labels, left = Fields(), labels_of(connection, fulfilment.pieces), fulfilment.pieces
    taken: Pieces = ()
    for at, scanned in zip(fields.each("pieces", len(scans)), scans, strict=True):
        some = take(scanned, left, labels, at)
        left, taken = without(left, some), merged(taken, some)
    fields.refuse_problems()
    return taken


def _mergeable(connection: Connection, held: Work, ids: Sequence[int]) -> list[FulfilmentRow]:
    fields, known = Fields(), {one.id: one for one in held.every}
    chosen = [known[one] for one in ids if one in known]
    for place, row_id in enumerate(ids):
        one = known.get(row_id)
        if one is None:
            fields.missing("fulfilment of this order", "fulfilmentIds", str(place))
        elif one.warehouse_id != held.named.warehouse_id:
            message = "Another warehouse sends this."
            fields.report("OTHER_WAREHOUSE", message, "fulfilmentIds", str(place))
        elif one.state is not FulfilmentState.OPEN:
            fields.report("BEGUN", f"This is {one.state}.", "fulfilmentIds", str(place))
    fields.refuse_problems()
    if not _is_untouched(connection, *chosen):
        raise refuse("BEGUN", "Packing has begun.", "fulfilmentIds")
    return chosen


def _move_stock(connection: Connection, held: Work, house: int, journal: Journal) -> None:
    wanted, here = by_variant(held.named.pieces), held.named.warehouse_id
    levels = locked_levels(connection, wanted)
    available = {one.variant_id: one.available for one in levels if one.warehouse_id == house}
    short = [key for key, quantity in wanted.items() if available.get(key, 0) < quantity]
    if short:
        raise _short_there(connection, held.named, short, available)
    reference = f"order:{held.order.id}"
    moves = [
        one
        for key, quantity in wanted.items()
        for one in (
            Move(key, here, 0, -quantity, RELEASED, reference=reference),
            Move(key, house, 0, quantity, RESERVED, reference=reference),
        )
    ]
    move(connection, moves, now=journal.now, actor=journal.actor)


def _short_there(
    connection: Connection,
    fulfilment: FulfilmentRow,
    short: Sequence[int],
    available: Mapping[int, int],
) -> Rejected:
    labels, wanted = labels_of(connection, fulfilment.pieces), by_variant(fulfilment.pieces)
    skus = {piece.variant_id: labels[piece.line_id].sku for piece in fulfilment.pieces}
    return Rejected(
        InsufficientStock(
            message=f"Only {available.get(key, 0)} of {skus[key]} are there.",
            field=("warehouseId",),
            variant_id=key,
            sku=skus[key],
            wanted=wanted[key],
            available=available.get(key, 0),
        )
        for key in short
    )


def _note(connection: Connection, held: Work, kind: str, journal: Journal, **data: Any) -> None:
    names = [number_of(held.order.number, held.named.position)]
    every = fulfilments_of(connection, held.order.id)
    advance(connection, held.order, every, kind=kind, journal=journal, fulfilments=names, **data)
