"""Subscriptions as rows: how one is held for a change, and who listens to what afterwards."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import bindparam, select

from storeql.db import Connection, statement
from storeql.errors import Rejected, StaleVersion, refuse
from storeql.events.listening import hold_listening, listen_to
from storeql.webhooks.records import Subscription
from storeql.webhooks.tables import webhook_subscriptions

COLUMNS = Subscription.__struct_fields__[:-2]

_row = webhook_subscriptions.c
SELECT = select(*(_row[name] for name in COLUMNS))
_FOR_CHANGE = statement(SELECT.where(_row.id == bindparam("id")).with_for_update())
_LISTENING = statement(select(_row.kinds).where(_row.is_active))


def take_for_change(
    connection: Connection, subscription_id: int, expected_version: int | None = None
) -> Subscription:
    """The subscription, nobody else's to change until the transaction ends.

    Whatever changes who listens waits for it. Raises Rejected (NOT_FOUND, StaleVersion).
    """
    hold_listening(connection)
    row = connection.one(_FOR_CHANGE, id=subscription_id)
    if row is None:
        raise refuse("NOT_FOUND", "There is no such subscription.", "id")
    found = subscription_of(row)
    if expected_version is not None and found.version != expected_version:
        message = "The subscription changed after it was read."
        raise Rejected(
            [StaleVersion(message=message, field=("expectedVersion",), current=found.version)]
        )
    return found


def listen_again(connection: Connection) -> None:
    """Says what all active subscriptions together listen to, once they are written."""
    kinds: set[str] = set()
    for (names,) in connection.rows(_LISTENING):
        kinds.update(msgspec.json.decode(names, type=list[str]))
    listen_to(connection, kinds)


def subscription_of(row: tuple[Any, ...], *, waiting: int = 0, dead: int = 0) -> Subscription:
    """The record of a row with COLUMNS."""
    named = dict(zip(COLUMNS, row, strict=True))
    named["kinds"] = msgspec.json.decode(named["kinds"], type=tuple[str, ...])
    named["is_active"] = bool(named["is_active"])
    return Subscription(**named, waiting=waiting, dead=dead)


def kinds_text(kinds: tuple[str, ...]) -> str:
    """Kinds as the column keeps them."""
    return msgspec.json.encode(kinds).decode()
