"""What can go wrong in a shop, said once: codes and data that every layer shares.

A `Problem` is something the person who sent an input can act on; it travels in a payload's
`userErrors`. A `StoreError` ends an operation; it becomes a top-level GraphQL error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from msgspec import Struct


class Problem(Struct, frozen=True, kw_only=True):
    """One thing to mend in an input.

    `field` is the path inside the mutation's `input` (camelCase names and list indexes as text);
    `index` is the entry's place when the input is a list. `zh` is the message in Chinese where
    whoever reports it has one; otherwise the code tells it.
    """

    code: str
    message: str
    zh: str = ""
    field: Sequence[str] | None = None
    index: int | None = None


class StaleVersion(Problem, frozen=True, kw_only=True):
    """The object changed after it was read; `current` is its version now."""

    current: int
    code: str = "STALE_VERSION"


class StoreError(Exception):
    """An operation that cannot go on; `code` is stable, `data` goes into `extensions`."""

    code: ClassVar[str] = "STORE_ERROR"

    def __init__(self, message: str, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


class Rejected(StoreError):
    """A write refused for problems of its input; carries all of them at once."""

    code = "REJECTED"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("; ".join(problem.message for problem in self.problems))


class BadInput(StoreError):
    """An argument outside a payload (a cursor, an id, a page size) that cannot be read."""

    code = "BAD_USER_INPUT"


class NotSignedIn(StoreError):
    """The operation needs a signed-in actor, or the credentials no longer hold."""

    code = "UNAUTHENTICATED"


class Forbidden(StoreError):
    """The actor may not do this."""

    code = "FORBIDDEN"


class DeadlineExceeded(StoreError):
    """The operation took longer than the shop allows."""

    code = "DEADLINE_EXCEEDED"


class DatabaseUnavailable(StoreError):
    """The database cannot be reached; `reason` says why, to the operator alone."""

    code = "DATABASE_UNAVAILABLE"

    def __init__(self, reason: str) -> None:
        super().__init__("The shop cannot reach its database: try again in a moment.")
        self.reason = reason

    def __str__(self) -> str:
        """What the log is to say."""
        return self.reason


class SettingsError(StoreError):
    """A setting that cannot be used; the message is one sentence for the operator."""

    code = "SETTINGS"


def refuse(code: str, message: str, *field: str) -> Rejected:
    """A refusal with one plain problem, at `field` when given."""
    return Rejected([Problem(code=code, message=message, field=field or None)])
