"""Packs at a station: a package is begun, pieces are scanned into it, and it is closed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct

from storeql.access import Actor
from storeql.customers.write import Write
from storeql.db import Connection
from storeql.errors import refuse
from storeql.hooks import Hooks
from storeql.inputs import Fields
from storeql.orders.fulfilment.advance import advance, become
from storeql.orders.fulfilment.pack import (
    MOST_PACKAGES,
    PACKED,
    check_box,
    check_scan,
    refuse_missing,
    refuse_unpackable,
)
from storeql.orders.fulfilment.package_rows import (
    Box,
    PackageRow,
    add_open_package,
    drop_packages,
    fulfilment_of_package,
    packages_of,
    packed_in,
    save_packages,
)
from storeql.orders.fulfilment.pieces import merged, without
from storeql.orders.fulfilment.problems import fulfilment_conflict
from storeql.orders.fulfilment.rows import Work, held_work, number_of
from storeql.orders.fulfilment.scan import Scanned, labels_of, take
from storeql.orders.fulfilment.states import FulfilmentState, PackageState
from storeql.orders.journal import Journal, recorded

PACKING = "PACKING"
Change = Callable[[Connection, Journal, Work, list[PackageRow], PackageRow], None]


class PackageScan(Struct, frozen=True, kw_only=True):
    """Pieces that go into an open package, or out of it."""

    package_id: int
    scanned: Scanned
    is_out: bool = False


class PackageClose(Struct, frozen=True, kw_only=True):
    """A package that is full, with what it weighs and measures."""

    package_id: int
    box: Box = Box()


def begin_package(write: Write, fulfilment_id: int, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment with one more open, empty package.

    Raises Rejected when it is not to be packed now: its order waits, pieces are still to be picked.
    """

    def work(connection: Connection, journal: Journal) -> None:
        held = held_work(connection, fulfilment_id)
        refuse_unpackable(connection, held)
        boxes = packages_of(connection, fulfilment_id)
        if len(boxes) >= MOST_PACKAGES:
            raise refuse("TOO_MANY", f"At most {MOST_PACKAGES} packages.", "fulfilmentId")
        position = boxes[-1].position + 1 if boxes else 1
        add_open_package(connection, fulfilment_id, position, journal=journal)
        _note(connection, held, journal, package=position)

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return fulfilment_id


def scan_package(write: Write, wish: PackageScan, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment after pieces went into a package of it, or came out.

    Raises Rejected: WrongPiece, TooManyPieces, or the package is not open.
    """
    fields = Fields()
    check_scan(fields, wish.scanned)
    fields.refuse_problems()

    def change(
        connection: Connection,
        journal: Journal,
        work: Work,
        boxes: list[PackageRow],
        package: PackageRow,
    ) -> None:
        fields, labels = Fields(), labels_of(connection, work.named.pieces)
        left = package.pieces if wish.is_out else without(work.named.pieces, packed_in(boxes))
        taken = take(wish.scanned, left, labels, fields)
        fields.refuse_problems()
        pieces = without(package.pieces, taken) if wish.is_out else merged(package.pieces, taken)
        after = msgspec.structs.replace(package, pieces=pieces)
        save_packages(connection, [(package, after)], now=journal.now)

    return _changed(write, wish.package_id, change, actor=actor, hooks=hooks, now=now)


def close_package(write: Write, wish: PackageClose, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment after a package of it was closed, which must hold something.

    The one that closes over the last piece makes the fulfilment PACKED.
    """
    fields = Fields()
    check_box(fields, wish.box)
    fields.refuse_problems()

    def change(
        connection: Connection,
        journal: Journal,
        work: Work,
        boxes: list[PackageRow],
        package: PackageRow,
    ) -> None:
        if not package.pieces:
            raise refuse("PACKAGE_EMPTY", "There is nothing in this package.", "packageId")
        closed = msgspec.structs.replace(package, state=PackageState.CLOSED, box=wish.box)
        save_packages(connection, [(package, closed)], now=journal.now)
        others = [one for one in boxes if one.id != package.id]
        is_last = all(one.state is PackageState.CLOSED for one in others)
        if is_last and not without(work.named.pieces, packed_in(boxes)):
            become(connection, work, FulfilmentState.PACKED, kind=PACKED, journal=journal)

    return _changed(write, wish.package_id, change, actor=actor, hooks=hooks, now=now)


def remove_package(write: Write, package_id: int, *, actor: Actor, hooks: Hooks, now: int) -> int:
    """The row number of the fulfilment without an open package of it."""

    def change(
        connection: Connection,
        journal: Journal,
        work: Work,
        boxes: list[PackageRow],
        package: PackageRow,
    ) -> None:
        drop_packages(connection, [package])
        _note(connection, work, journal, package=package.position, removed=True)

    return _changed(write, package_id, change, actor=actor, hooks=hooks, now=now)


def finish_packing(
    write: Write, fulfilment_id: int, *, actor: Actor, hooks: Hooks, now: int
) -> int:
    """The row number of the fulfilment, PACKED; what is open of its packages is closed.

    Raises Rejected (PiecesMissing) when a piece is in no package; empty packages are taken away.
    """

    def work(connection: Connection, journal: Journal) -> None:
        held = held_work(connection, fulfilment_id)
        refuse_unpackable(connection, held)
        boxes = packages_of(connection, fulfilment_id)
        left = without(held.named.pieces, packed_in(boxes))
        refuse_missing(left, labels_of(connection, held.named.pieces) if left else {})
        drop_packages(connection, [one for one in boxes if not one.pieces])
        closing = [
            (one, msgspec.structs.replace(one, state=PackageState.CLOSED))
            for one in boxes
            if one.pieces and one.state is PackageState.OPEN
        ]
        save_packages(connection, closing, now=journal.now)
        become(connection, held, FulfilmentState.PACKED, kind=PACKED, journal=journal)

    recorded(write, work, hooks=hooks, actor=actor.key, now=now)
    return fulfilment_id


def _changed(
    write: Write, package_id: int, change: Change, *, actor: Actor, hooks: Hooks, now: int
) -> int:
    """Changes an open package of a fulfilment that may be packed now."""

    def work(connection: Connection, journal: Journal) -> int:
        fulfilment_id = fulfilment_of_package(connection, package_id)
        held = None if fulfilment_id is None else held_work(connection, fulfilment_id)
        boxes = [] if held is None else packages_of(connection, held.named.id)
        package = next((one for one in boxes if one.id == package_id), None)
        if held is None or package is None:
            raise refuse("PACKAGE_NOT_FOUND", "There is no such package.", "packageId")
        refuse_unpackable(connection, held)
        if package.state is not PackageState.OPEN:
            raise fulfilment_conflict(package.state, "packageId", what="package")
        change(connection, journal, held, boxes, package)
        return held.named.id

    return recorded(write, work, hooks=hooks, actor=actor.key, now=now)


def _note(connection: Connection, work: Work, journal: Journal, **data: Any) -> None:
    names = [number_of(work.order.number, work.named.position)]
    advance(
        connection, work.order, work.every, kind=PACKING, journal=journal, fulfilments=names, **data
    )
