"""Why an order waits: its holds, written and let go while the order is held."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, func, insert, select, update

from storeql.db import Connection, any_of, statement
from storeql.orders.fulfilment.states import HoldReason
from storeql.orders.fulfilment.tables import order_holds
from storeql.orders.journal import Journal

_hold = order_holds.c
_OPEN = statement(
    select(_hold.id, _hold.reason, _hold.note)
    .where(_hold.order_id == bindparam("order_id"), _hold.released_at.is_(None))
    .order_by(_hold.id)
)
_COUNT = statement(
    select(func.count()).select_from(order_holds).where(_hold.order_id == bindparam("order_id"))
)
_PLACE = statement(insert(order_holds), "order_id", "reason", "note", "placed_by", "placed_at")
_RELEASE = statement(
    update(order_holds)
    .where(any_of(_hold.id, "ids"), _hold.released_at.is_(None))
    .values(
        released_by=bindparam("actor"), release_note=bindparam("note"), released_at=bindparam("now")
    )
)


class OpenHold(Struct, frozen=True):
    """Something an order waits for."""

    id: int
    reason: HoldReason
    note: str


def open_holds(connection: Connection, order_id: int) -> list[OpenHold]:
    """What a held order waits for, the oldest first."""
    rows = connection.rows(_OPEN, order_id=order_id)
    return [OpenHold(row_id, HoldReason(reason), note) for row_id, reason, note in rows]


def count_holds(connection: Connection, order_id: int) -> int:
    """How many holds an order has and had."""
    count: int = connection.scalar(_COUNT, order_id=order_id)
    return count


def place_hold(
    connection: Connection, order_id: int, reason: HoldReason, note: str, journal: Journal
) -> None:
    """Writes one more reason to wait."""
    row = {
        "order_id": order_id,
        "reason": reason.value,
        "note": note,
        "placed_by": journal.actor,
        "placed_at": journal.now,
    }
    connection.run_many(_PLACE, [row])


def hold_for_missing(connection: Connection, order_id: int, what: str, journal: Journal) -> None:
    """Writes that the order waits for pieces; once, however many of them are missing."""
    open_now = open_holds(connection, order_id)
    if not any(one.reason is HoldReason.SHORT_PICKED for one in open_now):
        place_hold(connection, order_id, HoldReason.SHORT_PICKED, what, journal)


def let_go(connection: Connection, holds: Sequence[OpenHold], note: str, journal: Journal) -> None:
    """Ends holds."""
    ids = [one.id for one in holds]
    connection.run(_RELEASE, ids=ids, actor=journal.actor, note=note, now=journal.now)
