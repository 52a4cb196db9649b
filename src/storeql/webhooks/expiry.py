"""Forgets events that are long over, with all that was sent of them."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select

from storeql.db import Connection, any_of, statement
from storeql.events.tables import events
from storeql.webhooks.records import DeliveryState
from storeql.webhooks.tables import webhook_deliveries, webhook_subscriptions

AT_ONCE = 500

_event = events.c
# What is on its way keeps its event, however old; what waits for a subscription that is paused or
# off waits no longer than that. An event that nobody numbered has not been told yet.
_is_awaited = (
    select(webhook_deliveries.c.id)
    .join(
        webhook_subscriptions,
        webhook_subscriptions.c.id == webhook_deliveries.c.subscription_id,
    )
    .where(
        webhook_deliveries.c.event_id == _event.id,
        webhook_deliveries.c.state == DeliveryState.WAITING.value,
        webhook_subscriptions.c.is_active,
        webhook_subscriptions.c.paused_at.is_(None),
    )
    .exists()
)
_OLD = statement(
    select(_event.id)
    .where(_event.at < bindparam("before"), _event.number.is_not(None), ~_is_awaited)
    .order_by(_event.at, _event.id)
    .limit(AT_ONCE)
)
_FORGET = statement(delete(events).where(any_of(_event.id, "ids")))


def forget_events(connection: Connection, *, before: int) -> int:
    """How many events went that happened before this instant, at most 500 at once.

    Their deliveries and attempts go with them.
    """
    ids = [row[0] for row in connection.rows(_OLD, before=before)]
    return connection.run(_FORGET, ids=ids) if ids else 0
