"""Tells of a change: a row in the same transaction, if anybody listens to changes of this kind."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import insert

from storeql.db import Connection, statement
from storeql.events.kinds import EventKind
from storeql.events.tables import events

_WRITE = statement(
    insert(events), "kind", "subject", "object_id", "channel_id", "actor", "facts", "at"
)


class _Told(Struct, frozen=True, kw_only=True):
    """One event to write; equal ones of a transaction are one."""

    kind: str
    subject: str
    object_id: int
    channel_id: int | None
    actor: str
    facts: str
    at: int


def hears(connection: Connection, *kinds: EventKind) -> bool:
    """Whether somebody listens to one of the kinds: ask before reading what only an event needs."""
    return any(kind.name in connection.listened for kind in kinds)


def tell(
    connection: Connection,
    kind: EventKind,
    object_id: int,
    *,
    now: int,
    channel_id: int | None = None,
    facts: Struct | None = None,
    actor: str | None = None,
) -> None:
    """Tells that this happened to the object with this row number; `facts` are the kind's own.

    All events of a transaction are written in one statement at its end, none when nobody listens;
    the same event told twice is one. `actor` is who did it, the transaction's author if not given.
    `channel_id` is for events that are about one channel.
    """
    if kind.name not in connection.listened:
        return
    told = _Told(
        kind=kind.name,
        subject=kind.subject,
        object_id=object_id,
        channel_id=channel_id,
        actor=actor or connection.author,
        facts="{}" if facts is None else msgspec.json.encode(facts).decode(),
        at=now,
    )
    connection.told[told] = None
    connection.before_commit(_write_told)


def _write_told(connection: Connection) -> None:
    entries: list[dict[str, Any]] = [msgspec.structs.asdict(one) for one in connection.told]
    connection.run_many(_WRITE, entries)
