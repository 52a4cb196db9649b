"""Gives events their numbers, in the order in which their transactions were committed.

Row numbers are given when a row is written and seen when it is committed, so that "more than the
last I saw" loses a row committed late. Here a row waits without a number until somebody finds it;
one lock makes numbering wait for numbering. Of one object the order is that of its changes: whoever
changes it second waits for its row, and so writes a later event.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.db import Connection, statement
from storeql.events.tables import event_numbers, events

AT_ONCE = 500

_event = events.c
_is_waiting = _event.number.is_(None)
_IS_ANY = statement(select(_event.id).where(_is_waiting).limit(1))
_LAST = statement(
    insert(event_numbers)
    .values(id=1, last_number=0)
    .on_conflict_do_update(index_elements=["id"], set_={"last_number": event_numbers.c.last_number})
    .returning(event_numbers.c.last_number)
)
_WAITING = statement(
    select(_event.id, _event.kind, _event.channel_id)
    .where(_is_waiting)
    .order_by(_event.id)
    .limit(AT_ONCE)
)
_NUMBER = statement(update(events).where(_event.id == bindparam("b_id")), "number")
_KEEP = statement(
    update(event_numbers).where(event_numbers.c.id == 1).values(last_number=bindparam("last"))
)


class Numbered(Struct, frozen=True, kw_only=True):
    """An event that has just got its number."""

    id: int
    kind: str
    channel_id: int | None


def is_any_waiting(connection: Connection) -> bool:
    """Whether there is an event without a number."""
    return connection.one(_IS_ANY) is not None


def number_events(connection: Connection) -> Sequence[Numbered]:
    """The next events in order, at most 500, each with its number from now on."""
    last: int = connection.scalar(_LAST)
    rows = connection.rows(_WAITING)
    numbers = [{"b_id": row[0], "number": last + place} for place, row in enumerate(rows, start=1)]
    connection.run_many(_NUMBER, numbers)
    connection.run(_KEEP, last=last + len(rows))
    return [Numbered(id=row_id, kind=kind, channel_id=channel) for row_id, kind, channel in rows]
