"""The compiled executor answers what the stock executor answers: data and errors alike.

STOREQL_FUZZ_SCHEMAS sets how many random schemas are tried; STOREQL_FUZZ_SEED the first one.
"""

from __future__ import annotations

import os
from random import Random
from typing import Any

import pytest
from graphql import GraphQLError
from graphql.execution import Executor

from storeql.server.documents import Document, Documents
from storeql.server.faults import Refusal
from storeql.server.limits import Limits
from storeql.server.permissions import Guards
from storeql.server.plans import Plans
from storeql.server.preparation import Preparation
from tests.server.fuzz_data import ODD, Queries, Values
from tests.server.fuzz_schemas import PERMISSIONS, World

SCHEMAS = int(os.environ.get("STOREQL_FUZZ_SCHEMAS", "60"))
FIRST_SEED = int(os.environ.get("STOREQL_FUZZ_SEED", "0"))
BLOCK = 10
DOCUMENTS = 10
RUNS = 4
LIMITS = Limits(
    aliases=10_000,
    root_fields=10_000,
    depth=1_000,
    cost=10**15,
    tokens=100_000,
    directives=10_000,
    document_length=1_000_000,
)


class Asking:
    """A context with some permissions."""

    is_authenticated = True

    def __init__(self, granted: frozenset[str]) -> None:
        self.granted = granted

    def close(self, failed: bool) -> None: ...


def never(value: Any) -> bool:
    return False


def refuse_what_is_not_granted(resolve: Any, source: Any, info: Any, **arguments: Any) -> Any:
    definition = info.parent_type.fields.get(info.field_name)
    declared = definition and definition.extensions.get("strawberry-definition")
    for directive in declared.directives if declared else ():
        if not set(directive.any_of) & info.context.granted:
            raise GraphQLError("You do not have the permission to see this.")
    return resolve(source, info, **arguments)


def stock_answer(world: World, document: Document, variables: Any, context: Asking) -> Any:
    executor: Any = Executor.build(
        world.schema._schema,
        document.ast,
        None,
        context,
        variables,
        middleware=[refuse_what_is_not_granted],
        is_awaitable=never,  # type: ignore[arg-type]
        is_async_iterable=never,  # type: ignore[arg-type]
    )
    return told(executor.execute_operation())


def told(result: Any) -> tuple[str, list[Any]]:
    """All a client could see, the order of keys and errors included."""
    errors = [
        (e.message, e.path, [tuple(x) for x in e.locations or ()]) for e in result.errors or ()
    ]
    return repr(result.data), errors


def tried(seed: int) -> int:
    """How many answers of one random schema were compared; fails on the first difference."""
    random = Random(seed)
    world = World(random)
    guards = Guards(world.schema._schema)
    documents = Documents(world.schema._schema, guards, LIMITS, suggestions=True)
    preparation = Preparation(world.schema._schema, guards, True)
    queries = Queries(world, random)
    compared = 0
    for _ in range(DOCUMENTS):
        text = queries.document()
        try:
            operation = documents.document(text).operation(None)
        except Refusal:
            continue
        operation.plans = Plans(warm_up=0)
        for _ in range(RUNS):
            values = Values(world, random, random.choice((0, ODD, ODD * 4)))
            for name, annotation in world.root_fields.items():
                world.root_values[name] = values.value(annotation)
            variables = {"b0": random.random() < 0.5, "b1": random.random() < 0.5, "n": 1}
            context = Asking(frozenset(random.sample(PERMISSIONS, random.randint(0, 3))))
            expected = stock_answer(world, operation.document, variables, context)
            executor = preparation.executor(operation, variables, context)
            assert told(executor.execute_operation()) == expected, f"seed {seed}: {text}"
            compared += 1
    return compared


@pytest.mark.parametrize("first", range(FIRST_SEED, FIRST_SEED + SCHEMAS, BLOCK))
def test_compiled_answers_are_the_stock_executors(first: int) -> None:
    assert sum(tried(seed) for seed in range(first, first + BLOCK)) > 50
