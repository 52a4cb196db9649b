"""Refusals of changes to something that is not there, or not as it was read."""

from __future__ import annotations

from storeql.errors import Problem, Rejected, StaleVersion, refuse


def missing(*field: str) -> Rejected:
    """An id that names nothing the actor may know of; somebody else's is answered the same."""
    return refuse("NOT_FOUND", "There is nothing with this id.", *(field or ("id",)))


def too_late(current: int | None, *field: str) -> Rejected:
    """Why a conditional UPDATE changed no row: `current` is the version now, None without one."""
    if current is None:
        return missing(*field)
    message = "This was changed after you read it: read it again."
    stale: Problem = StaleVersion(message=message, field=["expectedVersion"], current=current)
    return Rejected([stale])
