"""What tells that a variant's stock changed: its topic, and the state that is compared."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, func, select

from storeql.catalog.tables import stock_levels, variants
from storeql.db import Connection, statement
from storeql.db.notices import announce

STATE = statement(
    select(
        variants.c.id,
        func.coalesce(func.sum(stock_levels.c.on_hand), 0),
        func.coalesce(func.sum(stock_levels.c.reserved), 0),
    )
    .join(stock_levels, stock_levels.c.variant_id == variants.c.id, isouter=True)
    .where(variants.c.id == bindparam("id"))
    .group_by(variants.c.id)
)


def variant_topic(variant_id: int) -> str:
    """The topic of notices about a variant's stock."""
    return f"variant:{variant_id}"


def variant_state(connection: Connection, variant_id: int) -> tuple[int, ...] | None:
    """The variant's id, pieces on hand and reserved, all warehouses together; None if unknown."""
    return connection.one(STATE, id=variant_id)


def stock_changed(connection: Connection, variant_ids: Iterable[int]) -> None:
    """Tells subscribers, once this transaction commits, that these variants' stock changed."""
    announce(connection, *(variant_topic(one) for one in sorted(set(variant_ids))))
