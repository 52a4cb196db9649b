"""Lets a paused subscription go on: what waited for it is sent now."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from storeql.db import Connection, statement
from storeql.webhooks.stored import take_for_change
from storeql.webhooks.tables import webhook_subscriptions

_row = webhook_subscriptions.c
_RESUME = statement(
    update(webhook_subscriptions)
    .where(_row.id == bindparam("b_id"))
    .values(
        paused_at=None,
        pause_reason="",
        failing_since=None,
        updated_at=bindparam("now"),
        version=_row.version + 1,
    )
)


def resume_subscription(connection: Connection, subscription_id: int, *, now: int) -> None:
    """Sends again; one that is not paused stays as it is. Raises Rejected (NOT_FOUND)."""
    before = take_for_change(connection, subscription_id)
    if before.paused_at is not None:
        connection.run(_RESUME, b_id=subscription_id, now=now)
