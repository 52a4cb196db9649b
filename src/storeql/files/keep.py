"""Keeps files: opened, filled part by part in as many transactions as it takes, made whole."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, func, insert, select, update

from storeql.db import Connection, statement
from storeql.errors import refuse
from storeql.files.tables import file_parts, files
from storeql.inputs import LONGEST_NAME, has_controls, plain

MOST_KEPT = 200
MOST_BYTES_KEPT = 2_000_000_000
PART_BYTES = 512 * 1024
NAMELESS = "file"

_file = files.c
_KEPT = statement(
    select(func.count(), func.coalesce(func.sum(_file.size), 0)).where(
        _file.created_by == bindparam("actor"), _file.expires_at > bindparam("now")
    )
)
_OPEN = statement(
    insert(files).returning(_file.id), "name", "created_by", "created_at", "expires_at"
)
_ADD = statement(insert(file_parts), "file_id", "position", "data")
_EMPTY = statement(delete(file_parts).where(file_parts.c.file_id == bindparam("id")))
_MAKE_WHOLE = statement(
    update(files)
    .where(_file.id == bindparam("b_id"), _file.is_whole.is_(False))
    .values(is_whole=True),
    "size",
    "sha256",
    "expires_at",
)
_FORGET = statement(delete(files).where(_file.id == bindparam("id")))
_FORGET_EXPIRED = statement(delete(files).where(_file.expires_at <= bindparam("now")))


def open_file(connection: Connection, name: str, *, actor: str, now: int, expires_at: int) -> int:
    """The row number of a new file without anything in it.

    Raises Rejected (TOO_MANY_FILES) while the same actor has 200 others, or 2 GB of them.
    """
    kept = connection.one(_KEPT, actor=actor, now=now)
    assert kept is not None
    if kept[0] >= MOST_KEPT or kept[1] >= MOST_BYTES_KEPT:
        message = f"Your {kept[0]} files of the last days are kept: wait until some have gone."
        raise refuse("TOO_MANY_FILES", message)
    row_id: int = connection.scalar(
        _OPEN, name=file_name(name), created_by=actor, created_at=now, expires_at=expires_at
    )
    return row_id


def add_part(connection: Connection, file_id: int, position: int, data: bytes) -> None:
    """Adds the part at this place; parts are counted from 0."""
    connection.run(_ADD, file_id=file_id, position=position, data=data)


def replace_parts(connection: Connection, file_id: int, parts: Iterable[bytes]) -> None:
    """Makes these the parts of a file that is not whole yet."""
    connection.run(_EMPTY, id=file_id)
    connection.run_many(
        _ADD,
        [
            {"file_id": file_id, "position": position, "data": part}
            for position, part in enumerate(parts)
        ],
    )


def make_whole(
    connection: Connection, file_id: int, *, size: int, sha256: str, expires_at: int
) -> bool:
    """Says that nothing more comes; False when the file is whole already, or gone."""
    changed = connection.run(
        _MAKE_WHOLE, b_id=file_id, size=size, sha256=sha256, expires_at=expires_at
    )
    return bool(changed)


def forget_file(connection: Connection, file_id: int) -> None:
    """Deletes a file with its parts, if it is still there."""
    connection.run(_FORGET, id=file_id)


def forget_expired_files(connection: Connection, *, now: int) -> int:
    """How many files went whose time was over, half-sent ones among them."""
    return connection.run(_FORGET_EXPIRED, now=now)


def file_name(typed: str) -> str:
    """A name to show and to download by: the last part of a path, one line, at most 200."""
    name = plain(typed.replace("\\", "/").rpartition("/")[2])
    shown = "".join(one for one in name if not has_controls(one))[-LONGEST_NAME:].strip()
    return shown or NAMELESS
