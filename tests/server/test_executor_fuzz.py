"""The compiled executor answers what the stock executor answers: data and errors alike.

STOREQL_FUZZ_SCHEMAS sets how many random schemas are tried; STOREQL_FUZZ_SEED the first one.
"""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest

from storeql.server.documents import Documents, Operation
from storeql.server.faults import Refusal
from storeql.server.limits import Limits
from storeql.server.permissions import Guards
from storeql.server.plans import Plans
from storeql.server.preparation import Preparation
from tests.server.fuzz.permissions import PERMISSIONS, Asking
from tests.server.fuzz.queries import Queries, variables
from tests.server.fuzz.stock import stock_answer, told
from tests.server.fuzz.values import Values
from tests.server.fuzz.worlds import World

SCHEMAS = int(os.environ.get("STOREQL_FUZZ_SCHEMAS", "100"))
FIRST_SEED = int(os.environ.get("STOREQL_FUZZ_SEED", "0"))
BLOCK = 10
DOCUMENTS = 6
SETTINGS = 4
DRAWN = 4
ODD = (0, 0.01, 0.04)
LIMITS = Limits(
    aliases=10_000,
    root_fields=10_000,
    depth=1_000,
    cost=10**15,
    tokens=100_000,
    directives=10_000,
    document_length=1_000_000,
    merges=1_000_000,
)


class Trial:
    """One random schema: how many answers were compared, and how many plans made some."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._random = Random(seed)
        self._world = World(self._random)
        schema = self._world.schema._schema
        guards = Guards(schema)
        self._documents = Documents(schema, guards, LIMITS, suggestions=True)
        self._preparation = Preparation(schema, guards, True)
        self.compared = 0
        self.compiled = 0

    def run(self) -> Trial:
        """The trial with its counts; fails on the first difference."""
        queries = Queries(self._world, self._random)
        for _ in range(DOCUMENTS):
            try:
                operation = self._documents.document(queries.document()).operation(None)
            except Refusal:
                continue  # fields that may not merge
            operation.plans = Plans(warm_up=0)
            drawn = [self._root_values() for _ in range(DRAWN)]
            for _ in range(SETTINGS):
                self._compare(operation, drawn)
            self.compiled += operation.plans.compiled()
        return self

    def _root_values(self) -> dict[str, Any]:
        values = Values(self._world, self._random, self._random.choice(ODD))
        return {name: values.value(a) for name, a in self._world.root_fields.items()}

    def _compare(self, operation: Operation, drawn: list[dict[str, Any]]) -> None:
        """Several requests that share one variant of the plans, each with values of its own."""
        granted = frozenset(self._random.sample(PERMISSIONS, self._random.randint(0, 3)))
        given = variables(self._random)
        for number, self._world.root_values in enumerate(drawn):
            asking = Asking(granted, self._random.random() < 0.5, number % 2)
            expected = stock_answer(self._world, operation.document.ast, given, asking)
            executor = self._preparation.executor(operation, given, asking)
            assert told(executor.execute_operation()) == expected, self._case(operation, given)
            self.compared += 1

    def _case(self, operation: Operation, given: dict[str, Any]) -> str:
        text = operation.document.ast.loc.source.body if operation.document.ast.loc else ""
        replay = f"STOREQL_FUZZ_SEED={self._seed} STOREQL_FUZZ_SCHEMAS=1"
        return f"{replay} shows it again: {text} with {given}"


@pytest.mark.parametrize("first", range(FIRST_SEED, FIRST_SEED + SCHEMAS, BLOCK))
def test_compiled_answers_are_the_stock_executors(first: int) -> None:
    seeds = range(first, min(first + BLOCK, FIRST_SEED + SCHEMAS))
    trials = [Trial(seed).run() for seed in seeds]
    assert all(trial.compared and trial.compiled for trial in trials)
