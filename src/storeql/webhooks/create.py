"""Adds a subscription: whoever adds it owns it, and it sees what its owner may see."""

from __future__ import annotations

from msgspec import UNSET
from sqlalchemy import func, insert, select

from storeql.access import Actor
from storeql.db import Connection, statement
from storeql.events.listening import hold_listening
from storeql.inputs import Fields
from storeql.webhooks.forms import Rules, Settled, SubscriptionChange, settled
from storeql.webhooks.signing_keys import new_salt
from storeql.webhooks.stored import kinds_text, listen_again
from storeql.webhooks.tables import webhook_subscriptions

MOST_SUBSCRIPTIONS = 100

_COUNT = statement(select(func.count()).select_from(webhook_subscriptions))
_ADD = statement(
    insert(webhook_subscriptions).returning(webhook_subscriptions.c.id),
    "name",
    "url",
    "kinds",
    "channel_id",
    "document",
    "is_active",
    "owner",
    "secret_salt",
    "created_at",
    "updated_at",
)


def create_subscription(
    connection: Connection,
    change: SubscriptionChange,
    *,
    fields: Fields,
    rules: Rules,
    owner: Actor,
    now: int,
) -> tuple[int, str]:
    """The row number of the new subscription and its salt; raises Rejected with all problems.

    `fields` has what `looked_up` found. It hears of changes whose transactions begin after this
    one is committed.
    """
    hold_listening(connection)
    for name in ("name", "url", "kinds"):
        if getattr(change, name) is UNSET:
            fields.report("REQUIRED", "This must be given.", name)
    wanted = settled(connection, Settled(), change, fields=fields, rules=rules, owner=owner)
    if connection.scalar(_COUNT) >= MOST_SUBSCRIPTIONS:
        fields.report("TOO_MANY", f"A shop has at most {MOST_SUBSCRIPTIONS} subscriptions.")
    fields.refuse_problems()
    salt = new_salt()
    row_id: int = connection.scalar(
        _ADD,
        name=wanted.name,
        url=wanted.url,
        kinds=kinds_text(wanted.kinds),
        channel_id=wanted.channel_id,
        document=wanted.document,
        is_active=wanted.is_active,
        owner=owner.key,
        secret_salt=salt,
        created_at=now,
        updated_at=now,
    )
    listen_again(connection)
    return row_id, salt
