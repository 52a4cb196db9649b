"""How tests read what a write refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from storeql.db import Connection, Database
from storeql.errors import Problem, Rejected


def problems_of(database: Database, work: Callable[[Connection], object]) -> list[Problem]:
    """The problems a write is refused with."""
    with pytest.raises(Rejected) as refusal:
        database.write(work)
    return refusal.value.problems


def codes_of(database: Database, work: Callable[[Connection], object]) -> list[tuple[str, str]]:
    """(code, dotted field) of each problem a write is refused with."""
    problems = problems_of(database, work)
    return [(problem.code, ".".join(problem.field or ())) for problem in problems]
