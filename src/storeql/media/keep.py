"""Keeps pictures so that no row ever names a file that is not there, and no file stays for nothing.

A name is claimed in one transaction, its file written, and the row that names it added in another,
which holds the claim once more. A file that nobody names for a day is doomed; a doomed name is
never taken again, and a day later its file is deleted. So whoever dies in between leaves a file
that goes by itself, and a deletion never meets a new upload of the same picture.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from msgspec import Struct
from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.db import Connection, Statement, statement
from storeql.errors import refuse
from storeql.media.names import WEBP, PictureSize, picture_path, thumbnail_path
from storeql.media.pictures import Picture
from storeql.media.storage import Storage
from storeql.media.tables import media_files

Result = TypeVar("Result")
Write = Callable[[Callable[[Connection], Result]], Result]

DAY_MS = 24 * 60 * 60 * 1000
AT_ONCE = 200

_file = media_files.c
_KEEP = statement(
    update(media_files)
    .where(_file.sha256 == bindparam("b_sha256"), _file.doomed_at.is_(None))
    .values(kept_at=bindparam("now"))
    .returning(_file.path)
)
_GENERATIONS = statement(
    select(func.count()).select_from(media_files).where(_file.sha256 == bindparam("sha256"))
)
_CLAIM = statement(
    insert(media_files).on_conflict_do_nothing(), "sha256", "generation", "path", "kept_at"
)
_HOLD = statement(
    update(media_files)
    .where(_file.path == bindparam("b_path"), _file.doomed_at.is_(None))
    .values(kept_at=bindparam("now"))
)
_DOOMED = statement(
    select(_file.id, _file.path)
    .where(_file.doomed_at < bindparam("before"), _file.deleted_at.is_(None))
    .order_by(_file.id)
    .limit(AT_ONCE)
)
_DELETED = statement(update(media_files).where(_file.id == bindparam("b_id")), "deleted_at")


class Kept(Struct, frozen=True, kw_only=True):
    """A picture whose files are in the storage, not yet named by a row."""

    path: str
    width: int
    height: int


def keep_picture(storage: Storage, write: Write[str], picture: Picture, *, now: int) -> Kept:
    """Puts a picture and its thumbnails into the storage; no transaction is open meanwhile."""
    path = write(lambda connection: _claimed(connection, picture, now))
    storage.put(path, picture.content, picture.content_type)
    for size, content in picture.thumbnails.items():
        storage.put(thumbnail_path(path, size), content, WEBP)
    return Kept(path=path, width=picture.width, height=picture.height)


def hold(connection: Connection, path: str, *, now: int) -> None:
    """Makes sure that the file stays, in the transaction of the row that names it.

    Raises Rejected when it was given up meanwhile, which takes a day.
    """
    if not connection.run(_HOLD, b_path=path, now=now):
        raise refuse("NOT_FOUND", "This picture is no longer there: upload it again.", "uploadId")


def doom_statement(named: Select[tuple[int]]) -> Statement:
    """Dooms files older than `before` that no row names; `named` selects rows that name `path`."""
    return statement(
        update(media_files)
        .where(_file.doomed_at.is_(None), _file.kept_at < bindparam("before"), ~named.exists())
        .values(doomed_at=bindparam("now"))
    )


def sweep(
    storage: Storage, read: Callable[[], list[tuple[int, str]]], write: Write[int], *, now: int
) -> int:
    """Deletes the files of doomed names, with no transaction open; how many pictures went.

    What is done is noted after it is done: whoever dies in between deletes once more.
    """
    swept = 0
    while doomed := read():
        for row_id, path in doomed:
            for name in (path, *(thumbnail_path(path, size) for size in PictureSize)):
                storage.delete(name)
            write(partial(_note_deleted, row_id, now))
            swept += 1
    return swept


def _note_deleted(row_id: int, now: int, connection: Connection) -> int:
    return connection.run(_DELETED, b_id=row_id, deleted_at=now)


def doomed_files(connection: Connection, *, now: int) -> list[tuple[int, str]]:
    """Some of the files that were doomed a day ago or more: row number and name."""
    return [(row[0], row[1]) for row in connection.rows(_DOOMED, before=now - DAY_MS)]


def _claimed(connection: Connection, picture: Picture, now: int) -> str:
    """The name for the picture's file, which nobody dooms within a day."""
    while True:
        kept: str | None = connection.scalar(_KEEP, b_sha256=picture.sha256, now=now)
        if kept is not None:
            return kept
        generation: int = connection.scalar(_GENERATIONS, sha256=picture.sha256)
        path = picture_path(picture.sha256, picture.extension, generation=generation)
        row = {"sha256": picture.sha256, "generation": generation, "path": path}
        if connection.run(_CLAIM, **row, kept_at=now):
            return path
        # Somebody else has just claimed the same name: it is kept for both.
