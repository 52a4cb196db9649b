"""What people can be told about accounts, roles and tokens beyond a plain problem."""

from __future__ import annotations

from storeql.errors import Problem


class TooManyAttempts(Problem, frozen=True, kw_only=True):
    """Too many failures in a short time; the next attempt is taken after the seconds given."""

    retry_after_seconds: int
    code: str = "TOO_MANY_ATTEMPTS"


class GrantExceedsOwn(Problem, frozen=True, kw_only=True):
    """Nobody hands out what they do not hold; `permissions` are those beyond the actor's."""

    permissions: tuple[str, ...]
    code: str = "GRANT_EXCEEDS_OWN"


class RoleInUse(Problem, frozen=True, kw_only=True):
    """A role that staff members still have cannot be deleted."""

    members: int
    code: str = "IN_USE"
