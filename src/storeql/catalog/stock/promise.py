"""Promises stock to orders and takes promises back, never more than the warehouses hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import select

from storeql.catalog.problems import InsufficientStock
from storeql.catalog.stock.moves import Level, Move, locked_levels, move
from storeql.catalog.tables import variants
from storeql.db import Connection, any_of, statement
from storeql.errors import Rejected

RESERVED = "RESERVED"
RELEASED = "RELEASED"
RESHELVED = "RESHELVED"
SHIPPED = "SHIPPED"


class Reservation(Struct, frozen=True, order=True):
    """Pieces of one variant promised out of one warehouse."""

    variant_id: int
    warehouse_id: int
    quantity: int


_SKUS = statement(select(variants.c.id, variants.c.sku).where(any_of(variants.c.id, "ids")))


def reserve(
    connection: Connection,
    wanted: Mapping[int, int],
    *,
    now: int,
    actor: str,
    reference: str,
) -> list[Reservation]:
    """Reserves `wanted[variant_id]` pieces of each variant: three statements whatever the number.

    Ordered by variant, then warehouse; the quantities of a variant add up to what was wanted.
    A line comes from one warehouse where one holds it all. `reference` names what it is for
    ("order:12"). Raises Rejected with one InsufficientStock for every variant that is short,
    and then reserves nothing.
    """
    wanted = {variant_id: quantity for variant_id, quantity in wanted.items() if quantity > 0}
    levels = _by_variant(locked_levels(connection, wanted), wanted)
    _refuse_short(connection, wanted, levels)
    reservations = choose_warehouses(wanted, levels)
    move(connection, _moves(reservations, 1, RESERVED, reference), now=now, actor=actor)
    return reservations


def release(
    connection: Connection,
    reservations: Iterable[Reservation],
    *,
    reshelved: Iterable[Reservation] = (),
    now: int,
    actor: str,
    reference: str,
) -> None:
    """Takes promises back, so that the pieces can be sold again: two statements.

    `reshelved` are taken back too: pieces that were off their shelves already, and return there.
    The caller makes sure that a reservation is released once (what keeps it is given up).
    """
    moves = [
        *_moves(_merged(reservations), -1, RELEASED, reference),
        *_moves(_merged(reshelved), -1, RESHELVED, reference),
    ]
    move(connection, moves, now=now, actor=actor)


def ship(
    connection: Connection,
    reservations: Iterable[Reservation],
    *,
    now: int,
    actor: str,
    reference: str,
) -> None:
    """The promised pieces leave the house: on hand and reserved go down together."""
    gone = [
        Move(
            one.variant_id,
            one.warehouse_id,
            -one.quantity,
            -one.quantity,
            SHIPPED,
            reference=reference,
        )
        for one in _merged(reservations)
    ]
    move(connection, gone, now=now, actor=actor)


def choose_warehouses(
    wanted: Mapping[int, int], levels: Mapping[int, Sequence[Level]]
) -> list[Reservation]:
    """Where each line comes from, given levels that hold enough: as few parcels as is easy.

    Warehouses that hold the most lines whole come first, of equal ones the older. A line that
    none holds whole is split, the fullest warehouse first.
    """
    holds_whole: dict[int, int] = defaultdict(int)
    for variant_id, quantity in wanted.items():
        for level in levels[variant_id]:
            holds_whole[level.warehouse_id] += level.available >= quantity
    chosen: list[Reservation] = []
    for variant_id, quantity in wanted.items():
        ranked = sorted(
            levels[variant_id], key=lambda at: (-holds_whole[at.warehouse_id], at.warehouse_id)
        )
        whole = [level for level in ranked if level.available >= quantity]
        chosen += _take(quantity, whole[:1] or sorted(ranked, key=lambda at: -at.available))
    return sorted(chosen)


def _take(quantity: int, levels: Iterable[Level]) -> list[Reservation]:
    taken: list[Reservation] = []
    for level in levels:
        part = min(quantity, level.available)
        if part > 0:
            taken.append(Reservation(level.variant_id, level.warehouse_id, part))
        quantity -= part
    return taken


def _by_variant(levels: Iterable[Level], wanted: Iterable[int]) -> dict[int, list[Level]]:
    grouped: dict[int, list[Level]] = {variant_id: [] for variant_id in wanted}
    for level in levels:
        grouped[level.variant_id].append(level)
    return grouped


def _refuse_short(
    connection: Connection, wanted: Mapping[int, int], levels: Mapping[int, Sequence[Level]]
) -> None:
    available = {key: sum(level.available for level in levels[key]) for key in wanted}
    short = [key for key, quantity in wanted.items() if available[key] < quantity]
    if not short:
        return
    skus: dict[int, str] = dict(connection.rows(_SKUS, ids=short))
    raise Rejected(
        InsufficientStock(
            message=f"Only {available[key]} of {skus.get(key, key)} left, {wanted[key]} wanted.",
            variant_id=key,
            sku=skus.get(key, ""),
            wanted=wanted[key],
            available=available[key],
        )
        for key in short
    )


def _merged(reservations: Iterable[Reservation]) -> list[Reservation]:
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for one in reservations:
        sums[one.variant_id, one.warehouse_id] += one.quantity
    return [Reservation(*key, quantity) for key, quantity in sums.items()]


def _moves(
    reservations: Iterable[Reservation], sign: int, reason: str, reference: str
) -> list[Move]:
    return [
        Move(one.variant_id, one.warehouse_id, 0, sign * one.quantity, reason, reference=reference)
        for one in reservations
    ]
