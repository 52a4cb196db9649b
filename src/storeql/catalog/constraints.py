"""Turns what a database refuses at the last moment into problems people can act on.

Writes look first, so that all problems come at once; another writer can still be faster. Then
the constraint decides, and the transaction ends with one problem instead of a masked bug.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from storeql.errors import Problem, Rejected

UNIQUE = "23505"
RESTRICTED = ("23503", "23001")
SQLITE_UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY")
# SQLite carries out ON DELETE RESTRICT as a trigger.
SQLITE_RESTRICTED = ("SQLITE_CONSTRAINT_FOREIGNKEY", "SQLITE_CONSTRAINT_TRIGGER")


@contextmanager
def refusing_duplicates(problems: Mapping[str, Problem]) -> Iterator[None]:
    """Raises Rejected with the problem of the column ("products.slug") that must be unique."""
    try:
        yield
    except Exception as error:
        column = _duplicate_column(error)
        if column is None or column not in problems:
            raise
        raise Rejected([problems[column]]) from error


@contextmanager
def refusing_use(problem: Problem) -> Iterator[None]:
    """Raises Rejected with `problem` when rows elsewhere refer to what goes, or it has gone."""
    try:
        yield
    except Exception as error:
        if not _is_restricted(error):
            raise
        raise Rejected([problem]) from error


def _duplicate_column(error: Exception) -> str | None:
    if getattr(error, "sqlstate", None) == UNIQUE:
        name: str = error.diag.constraint_name  # type: ignore[attr-defined]
        table: str = error.diag.table_name  # type: ignore[attr-defined]
        return f"{table}.{name.removeprefix(f'uq_{table}_')}"
    if getattr(error, "sqlite_errorname", None) in SQLITE_UNIQUE:
        return str(error).removeprefix("UNIQUE constraint failed: ")
    return None


def _is_restricted(error: Exception) -> bool:
    by_sqlite = getattr(error, "sqlite_errorname", None) in SQLITE_RESTRICTED
    return by_sqlite or getattr(error, "sqlstate", None) in RESTRICTED
