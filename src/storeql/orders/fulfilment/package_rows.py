"""Reads and saves the packages of a fulfilment whose order is held."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, delete, func, insert, select, update

from storeql.db import Connection, any_of, statement
from storeql.orders.fulfilment.pieces import Pieces, merged, pieces_text, read_pieces
from storeql.orders.fulfilment.states import PackageState
from storeql.orders.fulfilment.tables import packages
from storeql.orders.journal import Journal

_package = packages.c
_OF_FULFILMENTS = statement(
    select(
        _package.id,
        _package.fulfilment_id,
        _package.position,
        _package.state,
        _package.pieces,
        _package.weight_grams,
        _package.length_mm,
        _package.width_mm,
        _package.height_mm,
        _package.carrier,
        _package.tracking_number,
        _package.version,
    )
    .where(any_of(_package.fulfilment_id, "fulfilment_ids"))
    .order_by(_package.fulfilment_id, _package.position)
)
_FULFILMENT_OF = statement(select(_package.fulfilment_id).where(_package.id == bindparam("id")))
_COLUMNS = (
    "fulfilment_id",
    "position",
    "state",
    "pieces",
    "weight_grams",
    "length_mm",
    "width_mm",
    "height_mm",
    "packed_by",
    "created_at",
    "updated_at",
)
_ADD = statement(insert(packages), *_COLUMNS)
_ADD_ONE = statement(
    insert(packages).values({name: bindparam(name) for name in _COLUMNS}).returning(_package.id)
)
_SAVE = statement(
    update(packages)
    .where(_package.id == bindparam("b_id"), _package.version == bindparam("seen"))
    .values(
        fulfilment_id=bindparam("new_fulfilment"),
        position=bindparam("new_position"),
        state=bindparam("new_state"),
        pieces=bindparam("new_pieces"),
        weight_grams=bindparam("new_weight"),
        length_mm=bindparam("new_length"),
        width_mm=bindparam("new_width"),
        height_mm=bindparam("new_height"),
        carrier=bindparam("new_carrier"),
        tracking_number=bindparam("new_number"),
        shipped_at=func.coalesce(_package.shipped_at, bindparam("left_at")),
        delivered_at=func.coalesce(_package.delivered_at, bindparam("came_at")),
        updated_at=bindparam("now"),
        version=_package.version + 1,
    )
)
_DROP = statement(delete(packages).where(any_of(_package.id, "ids")))


class Box(Struct, frozen=True, kw_only=True):
    """Weight in grams and size in millimetres of a package; None where nobody measured."""

    weight_grams: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None


class PackageRow(Struct, frozen=True, kw_only=True):
    """One box of a fulfilment; `position` counts from 1."""

    id: int
    fulfilment_id: int
    position: int
    state: PackageState
    pieces: Pieces
    box: Box
    carrier: str
    tracking_number: str
    version: int


def packages_of(connection: Connection, *fulfilment_ids: int) -> list[PackageRow]:
    """The packages of fulfilments, by fulfilment and position."""
    rows = connection.rows(_OF_FULFILMENTS, fulfilment_ids=list(fulfilment_ids))
    return [_of_row(row) for row in rows]


def fulfilment_of_package(connection: Connection, package_id: int) -> int | None:
    """The row number of the fulfilment that a package is of; None for no package."""
    found: int | None = connection.scalar(_FULFILMENT_OF, id=package_id)
    return found


def add_packages(
    connection: Connection,
    fulfilment_id: int,
    packed: Sequence[tuple[Pieces, Box]],
    *,
    after: int,
    journal: Journal,
) -> None:
    """Writes closed packages in one statement, numbered from `after` + 1."""
    closed = PackageState.CLOSED
    rows = [
        _entry(fulfilment_id, position, closed, pieces, box, journal)
        for position, (pieces, box) in enumerate(packed, after + 1)
    ]
    connection.run_many(_ADD, rows)


def add_open_package(
    connection: Connection, fulfilment_id: int, position: int, *, journal: Journal
) -> int:
    """The row number of a new, empty package."""
    entry = _entry(fulfilment_id, position, PackageState.OPEN, (), Box(), journal)
    row_id: int = connection.scalar(_ADD_ONE, **entry)
    return row_id


def save_packages(
    connection: Connection, pairs: Sequence[tuple[PackageRow, PackageRow]], *, now: int
) -> None:
    """Writes packages whose orders are held, (before, after) each, in one statement."""
    connection.run_many(_SAVE, [_change(before, after, now=now) for before, after in pairs])


def drop_packages(connection: Connection, rows: Sequence[PackageRow]) -> None:
    """Takes packages apart; what was in them is not packed any more."""
    if rows:
        connection.run(_DROP, ids=[one.id for one in rows])


def packed_in(rows: Sequence[PackageRow]) -> Pieces:
    """What is in packages, all together."""
    return merged(*(one.pieces for one in rows))


def _change(before: PackageRow, after: PackageRow, *, now: int) -> dict[str, Any]:
    return {
        "b_id": before.id,
        "seen": before.version,
        "new_fulfilment": after.fulfilment_id,
        "new_position": after.position,
        "new_state": after.state.value,
        "new_pieces": pieces_text(after.pieces),
        "new_weight": after.box.weight_grams,
        "new_length": after.box.length_mm,
        "new_width": after.box.width_mm,
        "new_height": after.box.height_mm,
        "new_carrier": after.carrier,
        "new_number": after.tracking_number,
        "left_at": now if after.state is PackageState.SHIPPED else None,
        "came_at": now if after.state is PackageState.DELIVERED else None,
        "now": now,
    }


def _entry(
    fulfilment_id: int,
    position: int,
    state: PackageState,
    pieces: Pieces,
    box: Box,
    journal: Journal,
) -> dict[str, Any]:
    return {
        "fulfilment_id": fulfilment_id,
        "position": position,
        "state": state.value,
        "pieces": pieces_text(pieces),
        **msgspec.structs.asdict(box),
        "packed_by": journal.actor,
        "created_at": journal.now,
        "updated_at": journal.now,
    }


def _of_row(row: tuple[Any, ...]) -> PackageRow:
    row_id, fulfilment_id, position, state, pieces, *measured = row
    *box, carrier, tracking_number, version = measured
    weight_grams, length_mm, width_mm, height_mm = box
    return PackageRow(
        id=row_id,
        fulfilment_id=fulfilment_id,
        position=position,
        state=PackageState(state),
        pieces=read_pieces(pieces),
        box=Box(
            weight_grams=weight_grams,
            length_mm=length_mm,
            width_mm=width_mm,
            height_mm=height_mm,
        ),
        carrier=carrier,
        tracking_number=tracking_number,
        version=version,
    )
