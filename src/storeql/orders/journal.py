"""The event log of orders: what happened is written with the change itself, and told afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import insert

from storeql.customers.write import Write
from storeql.db import Connection, statement
from storeql.db.notices import announce
from storeql.events import tell
from storeql.hooks import Hooks, OrderChange, OrderSnapshot
from storeql.orders.changes import order_topic
from storeql.orders.event_kinds import facts_of_entry, kinds_of_entry
from storeql.orders.snapshots import order_snapshots
from storeql.orders.tables import order_events

PLACED = "PLACED"

Result = TypeVar("Result")

_WRITE = statement(insert(order_events), "order_id", "kind", "actor", "data", "at")


class Event(Struct, frozen=True, kw_only=True):
    """One thing that happened to an order, with its state before and after."""

    order_id: int
    channel_id: int
    kind: str
    before: str
    after: str
    data: dict[str, Any]


class Journal:
    """The events of one transaction, done by one actor at one instant."""

    def __init__(self, actor: str, now: int) -> None:
        self.actor = actor
        self.now = now
        self.events: list[Event] = []

    def note(
        self, order_id: int, kind: str, *, channel_id: int, before: str, after: str, **data: Any
    ) -> None:
        """Notes an event; `data` is JSON."""
        self.events.append(
            Event(
                order_id=order_id,
                channel_id=channel_id,
                kind=kind,
                before=before,
                after=after,
                data=data,
            )
        )

    def write(self, connection: Connection) -> None:
        """Writes all events in one statement, tells whoever listens outside, and announces.

        Nobody can be watching an order that is only just placed.
        """
        connection.run_many(_WRITE, [self._entry(event) for event in self.events])
        for event in self.events:
            self._tell(connection, event)
        new = {event.order_id for event in self.events if event.kind == PLACED}
        changed = dict.fromkeys(
            event.order_id for event in self.events if event.order_id not in new
        )
        announce(connection, *map(order_topic, changed))

    def _tell(self, connection: Connection, event: Event) -> None:
        said: dict[str, Any] = {"before": event.before, "after": event.after}
        for kind in kinds_of_entry(event.kind, **said):
            tell(
                connection,
                kind,
                event.order_id,
                now=self.now,
                channel_id=event.channel_id,
                facts=facts_of_entry(kind, event.kind, **said, data=event.data),
                actor=self.actor,
            )

    def _entry(self, event: Event) -> dict[str, Any]:
        data = {**event.data, "before": event.before, "after": event.after}
        return {
            "order_id": event.order_id,
            "kind": event.kind,
            "actor": self.actor,
            "data": msgspec.json.encode(data).decode(),
            "at": self.now,
        }


def recorded(
    write: Write,
    work: Callable[[Connection, Journal], Result],
    *,
    hooks: Hooks,
    actor: str,
    now: int,
) -> Result:
    """Runs `work` in a transaction with a journal; tells plugins of its events once committed."""

    def attempt(connection: Connection) -> tuple[Result, Journal, dict[int, OrderSnapshot]]:
        journal = Journal(actor, now)
        result = work(connection, journal)
        journal.write(connection)
        told = {event.order_id for event in journal.events} if hooks.hears_orders else ()
        return result, journal, order_snapshots(connection, sorted(told))

    result, journal, snapshots = write(attempt)
    for event in journal.events if snapshots else ():
        _tell(hooks, snapshots[event.order_id], event, journal, write)
    return result


def _tell(hooks: Hooks, order: OrderSnapshot, event: Event, journal: Journal, write: Write) -> None:
    if event.kind == PLACED:
        hooks.order_placed(order, write)
        return
    change = OrderChange(
        kind=event.kind,
        at=datetime.fromtimestamp(journal.now / 1000, UTC),
        actor=journal.actor,
        state_before=event.before,
        state_after=event.after,
        data=event.data,
    )
    hooks.order_changed(order, change, write)
