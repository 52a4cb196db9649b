"""Changes a subscription, by nobody who may see less than its owner, and lets another own it."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from storeql.access import Actor
from storeql.customers.actors import staff_or_app
from storeql.customers.staff.grants import beyond_own
from storeql.db import Connection, statement
from storeql.errors import Rejected, refuse
from storeql.inputs import Fields
from storeql.webhooks.forms import Rules, Settled, SubscriptionChange, settled
from storeql.webhooks.records import Subscription
from storeql.webhooks.stored import kinds_text, listen_again, take_for_change
from storeql.webhooks.tables import webhook_subscriptions

_row = webhook_subscriptions.c
_COLUMNS = ("name", "url", "kinds", "channel_id", "document", "is_active", "owner")
_SAVE = statement(
    update(webhook_subscriptions)
    .where(_row.id == bindparam("b_id"))
    .values(
        {name: bindparam(f"new_{name}") for name in _COLUMNS}
        | {"updated_at": bindparam("now"), "version": _row.version + 1}
    )
)


def update_subscription(
    connection: Connection,
    subscription_id: int,
    change: SubscriptionChange,
    *,
    expected_version: int,
    take_over: bool,
    fields: Fields,
    rules: Rules,
    actor: Actor,
    now: int,
) -> None:
    """Changes what the input gives; with `take_over` the actor owns it from now on.

    Raises Rejected with all problems: among them GrantExceedsOwn when the owner may see more than
    the actor, who could otherwise send it to an address of theirs.
    """
    before = take_for_change(connection, subscription_id, expected_version)
    owner = _owner(connection, before, actor=actor, take_over=take_over, now=now)
    after = settled(connection, _settled(before), change, fields=fields, rules=rules, owner=owner)
    fields.refuse_problems()
    connection.run(
        _SAVE,
        b_id=subscription_id,
        new_name=after.name,
        new_url=after.url,
        new_kinds=kinds_text(after.kinds),
        new_channel_id=after.channel_id,
        new_document=after.document,
        new_is_active=after.is_active,
        new_owner=owner.key,
        now=now,
    )
    listen_again(connection)


def _owner(
    connection: Connection, before: Subscription, *, actor: Actor, take_over: bool, now: int
) -> Actor:
    if take_over or before.owner == actor.key:
        return actor
    owner = staff_or_app(connection, before.owner, now=now)
    if owner is None:
        message = "Whoever owned it may not sign in any more: take it over."
        raise refuse("OWNER_GONE", message, "takeOver")
    problems = beyond_own(actor, owner.permissions, "takeOver")
    if problems:
        raise Rejected(problems)
    return owner


def _settled(before: Subscription) -> Settled:
    return Settled(
        name=before.name,
        url=before.url,
        kinds=tuple(before.kinds),
        channel_id=before.channel_id,
        document=before.document,
        is_active=before.is_active,
    )
