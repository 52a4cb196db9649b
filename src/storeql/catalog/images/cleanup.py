"""Gives up the files of pictures that no product has any more."""

from __future__ import annotations

from sqlalchemy import select

from storeql.catalog.tables import product_images
from storeql.db import Connection
from storeql.media.keep import DAY_MS, doom_statement
from storeql.media.tables import media_files

_DOOM = doom_statement(
    select(product_images.c.id).where(product_images.c.path == media_files.c.path)
)


def doom_unnamed(connection: Connection, *, now: int) -> int:
    """How many files are given up that no row names, a day after they were last wanted."""
    return connection.run(_DOOM, before=now - DAY_MS, now=now)
