"""Who sends a delivery: taken for a minute, so that no two workers send one attempt at once.

A worker that dies leaves its lease behind, and when it is over the next one sends again: a receiver
may hear of an event twice, and never not at all. Whoever writes how it went must still hold it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from sqlalchemy import bindparam, exists, select, update

from storeql.db import Connection, any_of, statement
from storeql.events.tables import events
from storeql.webhooks.records import DeliveryState
from storeql.webhooks.tables import webhook_deliveries, webhook_subscriptions

LEASE_MS = 60_000

_delivery, _to, _event = webhook_deliveries.c, webhook_subscriptions.c, events.c
_is_due = (
    _delivery.state == DeliveryState.WAITING.value,
    _delivery.due_at <= bindparam("due"),
)
_RECEIVERS = statement(
    select(_to.id)
    .where(
        _to.is_active,
        _to.paused_at.is_(None),
        exists().where(_delivery.subscription_id == _to.id, *_is_due),
    )
    .order_by(_to.id)
)
_oldest = (
    select(_delivery.id)
    .where(_delivery.subscription_id == bindparam("receiver"), *_is_due)
    .order_by(_delivery.due_at, _delivery.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_TAKE = statement(
    update(webhook_deliveries)
    .where(_delivery.id.in_(_oldest))
    .values(
        holder=bindparam("new_holder"),
        attempts=_delivery.attempts + 1,
        tries=_delivery.tries + 1,
        due_at=bindparam("until"),
    )
    .returning(_delivery.id)
)
_TAKEN = statement(
    select(
        _delivery.id,
        _delivery.holder,
        _delivery.attempts,
        _delivery.tries,
        _delivery.event_id,
        _event.kind,
        _event.number,
        _event.subject,
        _event.object_id,
        _to.id,
        _to.url,
        _to.document,
        _to.owner,
        _to.secret_salt,
        _to.previous_salt,
        _to.previous_until,
    )
    .join(events, _event.id == _delivery.event_id)
    .join(webhook_subscriptions, _to.id == _delivery.subscription_id)
    .where(any_of(_delivery.id, "ids"))
    .order_by(_delivery.id)
)


class Taken(Struct, frozen=True):
    """A delivery in hand: what to send, to whom, in whose name, signed with what."""

    id: int
    holder: str
    attempt: int
    tries: int
    event_id: int
    kind: str
    number: int
    subject: str
    object_id: int
    subscription_id: int
    url: str
    document: str
    owner: str
    secret_salt: str
    previous_salt: str | None
    previous_until: int | None


def receivers(connection: Connection, *, now: int) -> list[int]:
    """The subscriptions for which something is due and that are neither off nor paused."""
    return [row[0] for row in connection.rows(_RECEIVERS, due=now)]


def take_due(
    connection: Connection, room: Mapping[int, int], *, holder: str, now: int
) -> Sequence[Taken]:
    """Deliveries that are the holder's for a minute: at most `room[subscription]` of each.

    The oldest come first, deliveries whose last holder fell silent included.
    """
    ids: list[int] = []
    for receiver, most in room.items():
        rows = connection.rows(
            _TAKE, receiver=receiver, most=most, new_holder=holder, until=now + LEASE_MS, due=now
        )
        ids += [row[0] for row in rows]
    return [Taken(*row) for row in connection.rows(_TAKEN, ids=ids)] if ids else []
