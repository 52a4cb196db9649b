"""What one request carries: its actor, its instant, and its way into the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from storeql.access import GUEST, Actor
from storeql.db import Connection, Database

Result = TypeVar("Result")


class RequestContext:
    """The context of one GraphQL operation, used by the one thread that runs it.

    `now` is the request's instant in milliseconds since 1970 UTC: everything the operation
    decides, it decides at that instant. `shop` is the process's `storeql.shop.Shop`. `event_id` is
    the event that a webhook is about to send, None in every request.
    """

    def __init__(
        self,
        database: Database,
        now: int,
        *,
        actor: Actor = GUEST,
        shop: Any = None,
        request_id: str = "",
        client_ip: str = "",
        headers: Mapping[str, str] | None = None,
        deadline: float | None = None,
        event_id: int | None = None,
    ) -> None:
        self.database = database
        self.actor = actor
        self.now = now
        self.shop = shop
        self.request_id = request_id
        self.client_ip = client_ip
        self.headers: Mapping[str, str] = headers or {}
        self.deadline = deadline
        self.event_id = event_id
        self.response_cookies: list[str] = []
        self.response_headers: dict[str, str] = {}
        self._reading: AbstractContextManager[Connection] | None = None
        self._connection: Connection | None = None

    @property
    def granted(self) -> frozenset[str]:
        """Names of the permissions the executor may let through."""
        return self.actor.permissions

    @property
    def is_authenticated(self) -> bool:
        """False for guests."""
        return self.actor.kind != "guest"

    @property
    def connection(self) -> Connection:
        """The operation's read-only transaction, begun at its first read."""
        if self._connection is None:
            self._reading = self.database.reading(self.deadline)
            self._connection = self._reading.__enter__()
        return self._connection

    def write(self, work: Callable[[Connection], Result]) -> Result:
        """Runs `work` in a write transaction of its own; earlier reads are let go first."""
        self._finish_reading()
        return self.database.write(work, self.deadline, author=self.actor.key)

    def close(self, failed: bool = False) -> None:
        """Ends the operation's read transaction."""
        self._finish_reading()

    def _finish_reading(self) -> None:
        reading, self._reading, self._connection = self._reading, None, None
        if reading is not None:
            reading.__exit__(None, None, None)
