"""Prevents lost updates: a change names the version it was made upon."""

from __future__ import annotations

from storeql.errors import StaleVersion
from storeql.inputs import Fields


def check_version(current: int, expected: int | None) -> None:
    """Raises Rejected with StaleVersion unless the versions agree; None expects nothing.

    The row must be locked: only then does its version stay what was read.
    """
    fields = Fields()
    note_version(fields, current, expected)
    fields.refuse_problems()


def note_version(fields: Fields, current: int, expected: int | None) -> None:
    """Notes StaleVersion among the problems of an input unless the versions agree."""
    if expected is None or expected == current:
        return
    name = "expectedVersion"
    fields.problems.append(
        StaleVersion(
            message=f"This changed after you read it: its version is {current} now.",
            field=fields.path(name),
            index=fields.index(name),
            current=current,
        )
    )
