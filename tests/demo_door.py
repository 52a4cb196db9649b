"""A small demo shop behind HTTP, for examples that promise to run on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storeql.db import Database
from storeql.demo.accounts import PASSWORD, STAFF
from storeql.demo.seed import seed_demo
from tests.scenarios.people_door import Door, open_door

NOW = 1_795_000_000_000


@contextmanager
def open_demo(migrated_file: Path, folder: Path, *, products: int = 40) -> Iterator[Door]:
    """The shop that `storeql demo` makes, without pictures, on a SQLite file in `folder`.

    Its clock stands at `NOW`.
    """
    shutil.copy(migrated_file, folder / "shop.sqlite")
    url, media_dir = f"sqlite:///{folder}/shop.sqlite", folder / "media"
    database = Database(url)
    seed_demo(
        database,
        media_dir=media_dir,
        products=products,
        customers=products * 3 // 10,
        orders=products * 3 // 2,
        now=NOW,
        images=False,
    )
    database.close()
    with open_door(url, str(media_dir)) as door:
        door.clock.now = NOW
        yield door


def owner_token(door: Door) -> str:
    """The token of the demo's owner, who may do everything."""
    return door.staff(STAFF[0].email, PASSWORD)
