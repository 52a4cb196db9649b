"""Deletes a subscription with all that was to be sent for it."""

from __future__ import annotations

from sqlalchemy import bindparam, delete

from storeql.db import Connection, statement
from storeql.webhooks.stored import listen_again, take_for_change
from storeql.webhooks.tables import webhook_subscriptions

_DELETE = statement(
    delete(webhook_subscriptions).where(webhook_subscriptions.c.id == bindparam("b_id"))
)


def delete_subscription(
    connection: Connection, subscription_id: int, *, expected_version: int | None
) -> None:
    """Deletes it with its deliveries; raises Rejected (NOT_FOUND, StaleVersion)."""
    take_for_change(connection, subscription_id, expected_version)
    connection.run(_DELETE, b_id=subscription_id)
    listen_again(connection)
