"""Prevents lost updates: a change names the version it was made upon."""

from __future__ import annotations

from storeql.errors import Rejected, StaleVersion


def check_version(current: int, expected: int | None) -> None:
    """Raises Rejected with StaleVersion unless the versions agree; None expects nothing.

    The row must be locked: only then does its version stay what was read.
    """
    if expected is not None and expected != current:
        message = f"This changed after you read it: its version is {current} now."
        raise Rejected([StaleVersion(message=message, field=("expectedVersion",), current=current)])
