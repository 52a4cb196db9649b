"""Only reads that keep proving short stay on the event loop."""

from __future__ import annotations

import threading

import strawberry
from starlette.applications import Starlette
from starlette.testclient import TestClient

from storeql.server import GraphQLServer
from storeql.server.pace import Pace
from tests.server.shop import open_context


def test_an_operation_is_trusted_after_three_short_runs() -> None:
    pace = Pace()
    trusted = []
    for _ in range(5):
        trusted.append(pace.is_within(0.005))
        pace.note(0.001)
    assert trusted == [False, False, False, True, True]


def test_one_slow_run_sends_an_operation_back_to_the_threads_for_a_while() -> None:
    pace = Pace()
    for _ in range(4):
        pace.note(0.001)
    pace.note(0.02)
    assert not pace.is_within(0.005)
    for _ in range(30):
        pace.note(0.001)
    assert pace.is_within(0.005)


def test_short_queries_run_on_the_loop_and_mutations_never_do() -> None:
    ran: list[str] = []

    @strawberry.type
    class Query:
        @strawberry.field
        def where(self) -> str:
            ran.append(threading.current_thread().name)
            return "here"

    @strawberry.type
    class Mutation:
        @strawberry.mutation
        def change(self) -> str:
            ran.append(threading.current_thread().name)
            return "done"

    schema = strawberry.Schema(Query, Mutation)
    server = GraphQLServer(schema, open_context, inline_seconds=0.05)
    client = TestClient(Starlette(routes=server.routes()))
    for _ in range(5):
        client.post("/graphql", json={"query": "{ where }"})
    for _ in range(5):
        client.post("/graphql", json={"query": "mutation { change }"})
    worked = [name.startswith("storeql-operation") for name in ran]
    assert worked == [True, True, True, False, False] + [True] * 5
