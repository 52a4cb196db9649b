"""What a kind of job is: typed arguments, and a step that is repeated until it says it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from msgspec import Struct

from storeql.access import Permission
from storeql.db import Connection

Save = Callable[[Connection], None]


class Step(Struct, frozen=True, kw_only=True):
    """One step's outcome: where to go on, how far it is, and what to write.

    `cursor` is of the kind's Cursor. `save` runs in the write transaction that also saves the
    cursor, so the two cannot come apart; it may run again after a conflict, so it must change
    nothing but the database. `result` ends the job.
    """

    cursor: Struct
    done: int
    total: int
    save: Save | None = None
    result: Struct | None = None


class JobKind(Struct, frozen=True, kw_only=True):
    """A kind of job. `Cursor()` is where every job of the kind begins.

    `step(connection, arguments, cursor, now)` reads and computes in a read-only transaction, for a
    second or so: a worker that is told to stop, and a job that is cancelled, wait for its end. A
    worker may die at any time, and the step is then taken again from the last saved cursor.
    """

    key: str
    permission: Permission
    Arguments: type[Struct]
    Cursor: type[Struct]
    step: Callable[[Connection, Any, Any, int], Step]

    def read(self, arguments: str, cursor: str) -> tuple[Any, Any]:
        """Arguments and cursor as they are stored."""
        return (
            msgspec.json.decode(arguments, type=self.Arguments),
            msgspec.json.decode(cursor, type=self.Cursor),
        )


class JobKinds:
    """The kinds that a worker knows, by their keys."""

    def __init__(self, kinds: Iterable[JobKind]) -> None:
        self._by_key = {kind.key: kind for kind in kinds}
        self.keys = tuple(sorted(self._by_key))

    def __getitem__(self, key: str) -> JobKind:
        return self._by_key[key]
