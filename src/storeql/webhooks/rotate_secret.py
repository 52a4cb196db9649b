"""Gives a subscription a new secret; the one before holds for a while, so that none is missed."""

from __future__ import annotations

from sqlalchemy import bindparam, update

from storeql.db import Connection, statement
from storeql.inputs import Fields
from storeql.webhooks.signing_keys import new_salt
from storeql.webhooks.stored import take_for_change
from storeql.webhooks.tables import webhook_subscriptions

HOUR_MS = 3_600_000
MOST_HOURS = 24 * 30
DEFAULT_HOURS = 24

_row = webhook_subscriptions.c
_ROTATE = statement(
    update(webhook_subscriptions)
    .where(_row.id == bindparam("b_id"))
    .values(
        secret_salt=bindparam("new_salt"),
        previous_salt=_row.secret_salt,
        previous_until=bindparam("until"),
        updated_at=bindparam("now"),
        version=_row.version + 1,
    )
)


def rotate_secret(
    connection: Connection, subscription_id: int, *, overlap_hours: int, now: int
) -> str:
    """The salt of the new secret; for `overlap_hours` requests are signed with both.

    0 ends the old one at once, which is for a secret that became known. Raises Rejected.
    """
    fields = Fields()
    fields.whole("overlapHours", overlap_hours, most=MOST_HOURS)
    fields.refuse_problems()
    take_for_change(connection, subscription_id)
    salt, until = new_salt(), now + overlap_hours * HOUR_MS
    connection.run(_ROTATE, b_id=subscription_id, new_salt=salt, until=until, now=now)
    return salt
