"""What holds after every movement of stock: the ledger sums to the levels."""

from __future__ import annotations

from sqlalchemy import func, select

from storeql.catalog.tables import stock_levels, stock_movements
from storeql.db import Connection, Database, statement

_level = stock_levels.c
_movement = stock_movements.c
_LEVELS = statement(select(_level.variant_id, _level.warehouse_id, _level.on_hand, _level.reserved))
_SUMS = statement(
    select(
        _movement.variant_id,
        _movement.warehouse_id,
        func.sum(_movement.on_hand_change),
        func.sum(_movement.reserved_change),
    ).group_by(_movement.variant_id, _movement.warehouse_id)
)

Levels = dict[tuple[int, int], tuple[int, int]]


def levels(database: Database) -> Levels:
    """(on hand, reserved) by (variant, warehouse), after the ledger was found to agree."""
    with database.reading() as connection:
        stored = _by_key(connection, _LEVELS)
        assert _by_key(connection, _SUMS) == {
            key: level for key, level in stored.items() if key in _by_key(connection, _SUMS)
        }
        unmoved = stored.keys() - _by_key(connection, _SUMS).keys()
        assert all(stored[key] == (0, 0) for key in unmoved)
        return stored


def _by_key(connection: Connection, read: object) -> Levels:
    rows = connection.rows(read)  # type: ignore[arg-type]
    return {(row[0], row[1]): (int(row[2]), int(row[3])) for row in rows}
