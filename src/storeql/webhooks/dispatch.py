"""Puts what happened in line for everybody who wants to hear of it, event by event in order.

Numbering and putting in line are one transaction, so that an event with a number has all its
deliveries, and one without has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, literal, select
from sqlalchemy.dialects.postgresql import insert

from storeql.db import Connection, statement
from storeql.events.numbering import Numbered, number_events
from storeql.webhooks.records import DeliveryState
from storeql.webhooks.tables import webhook_deliveries, webhook_subscriptions

_row = webhook_subscriptions.c
# Held so that none is deleted while deliveries of it are being written.
_ACTIVE = statement(
    select(_row.id, _row.kinds, _row.channel_id)
    .where(_row.is_active)
    .order_by(_row.id)
    .with_for_update(read=True, key_share=True)
)
_ADD = statement(
    insert(webhook_deliveries)
    .values(
        subscription_id=bindparam("subscription_id"),
        event_id=bindparam("event_id"),
        state=literal(DeliveryState.WAITING.value),
        due_at=bindparam("now"),
        created_at=bindparam("now"),
    )
    .on_conflict_do_nothing(index_elements=["event_id", "subscription_id"])
)


class _Listener(Struct, frozen=True):
    id: int
    kinds: frozenset[str]
    channel_id: int | None

    def wants(self, event: Numbered) -> bool:
        """An event that is about no channel is about all of them."""
        elsewhere = None not in (self.channel_id, event.channel_id)
        return event.kind in self.kinds and not (elsewhere and self.channel_id != event.channel_id)


def dispatch(connection: Connection, *, now: int) -> int:
    """How many events were put in line, at most 500: call it again while it is not 0."""
    found = number_events(connection)
    if found:
        connection.run_many(_ADD, _entries(found, _listeners(connection), now))
    return len(found)


def _listeners(connection: Connection) -> Sequence[_Listener]:
    return [
        _Listener(row_id, frozenset(msgspec.json.decode(kinds, type=list[str])), channel_id)
        for row_id, kinds, channel_id in connection.rows(_ACTIVE)
    ]


def _entries(
    found: Sequence[Numbered], listeners: Sequence[_Listener], now: int
) -> list[Mapping[str, Any]]:
    return [
        {"subscription_id": one.id, "event_id": event.id, "now": now}
        for event in found
        for one in listeners
        if one.wants(event)
    ]
