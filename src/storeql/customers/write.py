"""The way into write transactions, for writes that must do slow work between two of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from storeql.db import Connection

Result = TypeVar("Result")


class Write(Protocol):
    """Runs `work` in a write transaction of its own: `Database.write`, `RequestContext.write`."""

    def __call__(self, work: Callable[[Connection], Result], /) -> Result:
        """What `work` returned, once it is committed."""
        ...
