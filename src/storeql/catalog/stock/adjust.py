"""Changes what is on hand: goods received, counted, damaged; never less than is promised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from sqlalchemy.dialects.postgresql import insert

from storeql.catalog.inputs import StockChange
from storeql.catalog.known_ids import known_ids
from storeql.catalog.problems import StockChanged, StockReserved
from storeql.catalog.stock.moves import Level, Move, locked_levels, move
from storeql.catalog.tables import stock_levels, variants, warehouses
from storeql.db import Connection, statement
from storeql.inputs import MOST_PIECES, Fields

MOST_CHANGES = 100
LONGEST_NOTE = 500


class StockReason(StrEnum):
    """Why staff change what is on hand."""

    RECEIVED = "RECEIVED"
    RETURNED = "RETURNED"
    CORRECTED = "CORRECTED"
    DAMAGED = "DAMAGED"
    LOST = "LOST"


ONLY_MORE = (StockReason.RECEIVED, StockReason.RETURNED)
ONLY_LESS = (StockReason.DAMAGED, StockReason.LOST)

_OPEN_LEVEL = statement(insert(stock_levels).on_conflict_do_nothing(), "variant_id", "warehouse_id")


def adjust_stock(
    connection: Connection, changes: Sequence[StockChange], *, now: int, actor: str
) -> None:
    """Makes the changes and writes them into the ledger, all or none.

    At most 100, one for each variant and warehouse. Raises Rejected with all problems: one of
    them is StockReserved, when less would be on hand than orders were promised.
    """
    fields = Fields()
    fields.count("changes", changes, least=1, most=MOST_CHANGES)
    notes = [
        _checked_note(entry, change)
        for entry, change in zip(fields.each("changes", len(changes)), changes, strict=True)
    ]
    _check_places(connection, fields, changes)
    fields.refuse_problems()
    open_levels(connection, ((one.variant_id, one.warehouse_id) for one in changes))
    levels = _levels(connection, fields, changes)
    moves = [
        _move(fields.at("changes", str(place)), change, levels, note)
        for place, (change, note) in enumerate(zip(changes, notes, strict=True))
    ]
    fields.refuse_problems()
    move(connection, [one for one in moves if one.on_hand_change], now=now, actor=actor)


def open_levels(connection: Connection, places: Iterable[tuple[int, int]]) -> None:
    """Makes sure that each (variant, warehouse) has a level, empty when it is new."""
    entries = [{"variant_id": one, "warehouse_id": house} for one, house in sorted(set(places))]
    connection.run_many(_OPEN_LEVEL, entries)


def _checked_note(fields: Fields, change: StockChange) -> str:
    if (change.change is None) == (change.on_hand is None):
        fields.report("ONE_OF", "Give either a change or what is on hand.", "quantity")
    if change.change is not None:
        fields.at("quantity").whole("change", change.change, least=-MOST_PIECES, most=MOST_PIECES)
    if change.on_hand is not None:
        fields.at("quantity").whole("onHand", change.on_hand, most=MOST_PIECES)
    return fields.line("note", change.note, most=LONGEST_NOTE, required=False)


def _check_places(connection: Connection, fields: Fields, changes: Sequence[StockChange]) -> None:
    known_variants = known_ids(connection, variants, (one.variant_id for one in changes))
    known_houses = known_ids(connection, warehouses, (one.warehouse_id for one in changes))
    seen: set[tuple[int, int]] = set()
    for entry, change in zip(fields.each("changes", len(changes)), changes, strict=True):
        if change.variant_id not in known_variants:
            entry.missing("variant", "variantId")
        if change.warehouse_id not in known_houses:
            entry.missing("warehouse", "warehouseId")
        place = change.variant_id, change.warehouse_id
        if place in seen:
            entry.report("DUPLICATE", "This variant and warehouse come twice.", "variantId")
        seen.add(place)


def _levels(
    connection: Connection, fields: Fields, changes: Sequence[StockChange]
) -> Mapping[tuple[int, int], Level]:
    locked = locked_levels(connection, (one.variant_id for one in changes))
    levels = {(level.variant_id, level.warehouse_id): level for level in locked}
    for entry, change in zip(fields.each("changes", len(changes)), changes, strict=True):
        if (change.variant_id, change.warehouse_id) not in levels:
            # It was there a moment ago, and its variant is being deleted.
            entry.missing("variant", "variantId")
    fields.refuse_problems()
    return levels


def _move(
    fields: Fields, asked: StockChange, levels: Mapping[tuple[int, int], Level], note: str
) -> Move:
    level = levels[asked.variant_id, asked.warehouse_id]
    change = asked.change if asked.on_hand is None else asked.on_hand - level.on_hand
    assert change is not None
    _check_change(fields, asked, level, change)
    return Move(asked.variant_id, asked.warehouse_id, change, 0, asked.reason, note=note)


def _check_change(fields: Fields, asked: StockChange, level: Level, change: int) -> None:
    field = ("quantity", "change" if asked.on_hand is None else "onHand")
    after = level.on_hand + change
    if asked.expected_on_hand not in (None, level.on_hand):
        message = f"{level.on_hand} are on hand now."
        fields.problems.append(
            StockChanged(
                message=message,
                field=fields.path("expectedOnHand"),
                index=fields.index(),
                on_hand=level.on_hand,
            )
        )
    elif (change < 0 and asked.reason in ONLY_MORE) or (change > 0 and asked.reason in ONLY_LESS):
        fields.report("WRONG_SIGN", f"{asked.reason} cannot change stock that way.", *field)
    elif after < level.reserved:
        _report_reserved(fields, level, *field)
    elif after > MOST_PIECES:
        fields.report("OUT_OF_RANGE", f"At most {MOST_PIECES} can be on hand.", *field)


def _report_reserved(fields: Fields, level: Level, *field: str) -> None:
    fields.problems.append(
        StockReserved(
            message=f"{level.reserved} of {level.on_hand} are promised to orders.",
            field=fields.path(*field),
            index=fields.index(),
            on_hand=level.on_hand,
            reserved=level.reserved,
        )
    )
