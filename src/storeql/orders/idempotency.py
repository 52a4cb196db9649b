"""Makes a change with a key happen once: the key is kept in the transaction of the change."""

from __future__ import annotations

import hashlib

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from storeql.access import Actor
from storeql.db import Connection, statement
from storeql.errors import Rejected, refuse
from storeql.orders.tables import idempotency_keys

LONGEST_KEY = 128

_key = idempotency_keys.c
_FIND = statement(
    select(_key.input_hash, _key.object_id).where(
        _key.actor == bindparam("actor"),
        _key.mutation == bindparam("mutation"),
        _key.key == bindparam("key"),
    )
)
_COLUMNS = ("actor", "mutation", "key", "input_hash", "object_id", "created_at")
_KEEP = statement(
    insert(idempotency_keys)
    .values({name: bindparam(name) for name in _COLUMNS})
    .on_conflict_do_nothing(index_elements=["actor", "mutation", "key"])
)


class Key(Struct, frozen=True, kw_only=True):
    """A client's name for one change, and what it asked for under that name."""

    actor: str
    mutation: str
    key: str
    input_hash: str


def key_of(actor: Actor, mutation: str, key: str, wish: Struct, *, secret: str = "") -> Key:
    """The key of a change, scoped to who asks; `wish` is the input that goes with it.

    Guests are many: `secret` (their cart's token) keeps one guest's keys apart from another's.
    Raises Rejected for a key that is empty or too long.
    """
    if not 0 < len(key) <= LONGEST_KEY or "\0" in key:
        message = f"A key has 1 to {LONGEST_KEY} characters."
        raise refuse("INVALID_IDEMPOTENCY_KEY", message, "idempotencyKey")
    who = actor.key if actor.id is not None else f"guest:{_hash(secret.encode())[:32]}"
    return Key(actor=who, mutation=mutation, key=key, input_hash=_hash(msgspec.json.encode(wish)))


def object_of(connection: Connection, key: Key) -> int | None:
    """The row that a change with this key made before; None when there was none.

    Raises Rejected when the key was used with another input.
    """
    row = connection.one(_FIND, actor=key.actor, mutation=key.mutation, key=key.key)
    if row is None:
        return None
    input_hash, object_id = row
    if input_hash != key.input_hash:
        raise _reused()
    made: int = object_id
    return made


def keep_key(connection: Connection, key: Key, *, object_id: int, now: int) -> None:
    """Keeps the key with the change; raises Rejected when it names another one already."""
    kept = connection.run(
        _KEEP,
        actor=key.actor,
        mutation=key.mutation,
        key=key.key,
        input_hash=key.input_hash,
        object_id=object_id,
        created_at=now,
    )
    if not kept:
        raise _reused()


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _reused() -> Rejected:
    return refuse(
        "IDEMPOTENCY_KEY_REUSED",
        "This key was used for another input: take a new key.",
        "idempotencyKey",
    )
