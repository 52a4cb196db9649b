"""Reads files that are whole: what is known of one, its parts in order, all of it."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from sqlalchemy import bindparam, select

from storeql.db import Connection, Database, statement
from storeql.files.tables import file_parts, files


class StoredFile(Struct, frozen=True, kw_only=True):
    """A whole file; `size` is in bytes."""

    id: int
    name: str
    size: int
    sha256: str


_file = files.c
_OWNED = statement(
    select(_file.id, _file.name, _file.size, _file.sha256).where(
        _file.id == bindparam("id"),
        _file.created_by == bindparam("actor"),
        _file.is_whole,
        _file.expires_at > bindparam("now"),
    )
)
_PARTS = statement(
    select(file_parts.c.data)
    .where(file_parts.c.file_id == bindparam("id"))
    .order_by(file_parts.c.position)
)
_PART = statement(
    select(file_parts.c.data).where(
        file_parts.c.file_id == bindparam("id"), file_parts.c.position == bindparam("position")
    )
)


def owned_file(connection: Connection, file_id: int, *, actor: str, now: int) -> StoredFile | None:
    """A whole file of this actor's that has not expired; None for anything else."""
    row = connection.one(_OWNED, id=file_id, actor=actor, now=now)
    if row is None:
        return None
    found, name, size, sha256 = row
    return StoredFile(id=found, name=name, size=size, sha256=sha256)


def content_of(connection: Connection, file_id: int) -> bytes:
    """All of a file; empty when there is none."""
    return b"".join(row[0] for row in connection.rows(_PARTS, id=file_id))


def parts_of(database: Database, file_id: int) -> Iterator[bytes]:
    """The parts one after the other, a transaction each: memory does not grow with the file."""
    position = 0
    while True:
        with database.reading() as connection:
            part: bytes | None = connection.scalar(_PART, id=file_id, position=position)
        if part is None:
            return
        yield part
        position += 1
