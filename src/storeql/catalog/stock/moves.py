"""Moves stock levels and writes the same change into the ledger, so that the two always agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import bindparam, insert, select, update

from storeql.catalog.event_kinds import VARIANT_STOCK_CHANGED, StockFacts
from storeql.catalog.stock.changes import stock_changed
from storeql.catalog.tables import stock_levels, stock_movements
from storeql.db import Connection, any_of, statement
from storeql.events import tell


class Move(Struct, frozen=True):
    """A change of one variant's level in one warehouse, in pieces."""

    variant_id: int
    warehouse_id: int
    on_hand_change: int
    reserved_change: int
    reason: str
    note: str = ""
    reference: str = ""


class Level(Struct, frozen=True):
    """One variant in one warehouse, in pieces."""

    variant_id: int
    warehouse_id: int
    on_hand: int
    reserved: int
    version: int

    @property
    def available(self) -> int:
        """What can still be promised to somebody."""
        return self.on_hand - self.reserved


_level = stock_levels.c

# The order of the rows is the order in which every write locks them: no two can deadlock.
_LOCKED_LEVELS = statement(
    select(_level.variant_id, _level.warehouse_id, _level.on_hand, _level.reserved, _level.version)
    .where(any_of(_level.variant_id, "variant_ids"))
    .order_by(_level.variant_id, _level.warehouse_id)
    .with_for_update(key_share=True)
)
_RESERVED = statement(
    update(stock_levels)
    .where(_level.variant_id == bindparam("b_variant"), _level.warehouse_id == bindparam("b_house"))
    .values(reserved=_level.reserved + bindparam("reserved_change"))
)
_MOVED = statement(
    update(stock_levels)
    .where(_level.variant_id == bindparam("b_variant"), _level.warehouse_id == bindparam("b_house"))
    .values(
        on_hand=_level.on_hand + bindparam("on_hand_change"),
        reserved=_level.reserved + bindparam("reserved_change"),
        version=_level.version + 1,
    )
)
_LEDGER = statement(
    insert(stock_movements),
    "variant_id",
    "warehouse_id",
    "on_hand_change",
    "reserved_change",
    "reason",
    "note",
    "reference",
    "actor",
    "at",
)


def locked_levels(connection: Connection, variant_ids: Iterable[int]) -> list[Level]:
    """The levels of the variants, nobody else's to change until the transaction ends.

    Ordered by variant, then warehouse; a variant never stocked anywhere has none.
    """
    rows = connection.rows(_LOCKED_LEVELS, variant_ids=sorted(set(variant_ids)))
    return [Level(*row) for row in rows]


def move(connection: Connection, moves: Iterable[Move], *, now: int, actor: str) -> None:
    """Makes the changes and their ledger rows: two statements however many there are.

    Levels must exist and allow the changes (see `locked_levels`); the table's own check stops a
    caller that forgot. A level's version counts the changes of what is on hand, so that staff
    counting a shelf do not lose against every sale.
    """
    ordered = sorted(moves, key=lambda one: (one.variant_id, one.warehouse_id))
    if not ordered:
        return
    on_hand_stays = all(one.on_hand_change == 0 for one in ordered)
    connection.run_many(
        _RESERVED if on_hand_stays else _MOVED,
        _level_entries(ordered, with_on_hand=not on_hand_stays),
    )
    connection.run_many(_LEDGER, [_ledger_entry(one, now, actor) for one in ordered])
    stock_changed(connection, (one.variant_id for one in ordered))
    for one in ordered:
        facts = _facts(one)
        tell(connection, VARIANT_STOCK_CHANGED, one.variant_id, now=now, facts=facts, actor=actor)


def _facts(one: Move) -> StockFacts:
    return StockFacts(
        warehouse_id=one.warehouse_id,
        on_hand_change=one.on_hand_change,
        reserved_change=one.reserved_change,
        reason=one.reason,
    )


def _level_entries(moves: Sequence[Move], *, with_on_hand: bool) -> list[Mapping[str, int]]:
    return [
        {
            "b_variant": one.variant_id,
            "b_house": one.warehouse_id,
            "reserved_change": one.reserved_change,
            **({"on_hand_change": one.on_hand_change} if with_on_hand else {}),
        }
        for one in moves
    ]


def _ledger_entry(one: Move, now: int, actor: str) -> Mapping[str, object]:
    return {
        "variant_id": one.variant_id,
        "warehouse_id": one.warehouse_id,
        "on_hand_change": one.on_hand_change,
        "reserved_change": one.reserved_change,
        "reason": one.reason,
        "note": one.note,
        "reference": one.reference,
        "actor": actor,
        "at": now,
    }
