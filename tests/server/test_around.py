"""What stands around the door: logs, health, other sites' pages, and the fitness of a schema."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
import strawberry
from starlette.applications import Starlette
from starlette.testclient import TestClient
from strawberry.extensions import SchemaExtension
from structlog.testing import capture_logs

from storeql.server import GraphQLServer, cors_middleware, health_routes
from storeql.server.front_page import front_page
from tests.server.shop import client, open_context, serve


def test_a_request_is_one_line_of_log_without_its_variables() -> None:
    query = "query Greet($n: String!) {hello(name: $n)}"
    with capture_logs() as lines:
        client().post(
            "/graphql",
            json={"query": query, "variables": {"n": "a secret"}},
            headers={"x-request-id": "abc"},
        )
    (line,) = lines
    assert line["event"] == "request"
    assert line["request_id"] == "abc"
    assert line["operation"] == "Greet"
    assert len(line["document"]) == 64
    assert line["status"] == 200
    assert line["milliseconds"] >= 0
    assert "a secret" not in repr(line)


def test_a_refused_request_is_logged_with_its_codes() -> None:
    with capture_logs() as lines:
        client().post("/graphql", json={"query": "{nothing}"})
    assert lines[0]["codes"] == ("GRAPHQL_VALIDATION_FAILED",)


def test_a_live_process_is_healthy_and_ready_when_it_can_serve() -> None:
    threads: list[threading.Thread] = []
    http = TestClient(
        Starlette(routes=health_routes(lambda: threads.append(threading.current_thread())))
    )
    assert http.get("/healthz").json() == {"status": "ok"}
    assert http.get("/readyz").status_code == 200
    assert threads[0] is not threading.main_thread()


def test_a_process_that_cannot_serve_is_alive_but_not_ready() -> None:
    def broken() -> None:
        raise ConnectionError("postgresql://user:password@host")

    http = TestClient(Starlette(routes=health_routes(broken)))
    assert http.get("/healthz").status_code == 200
    answer = http.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_a_readiness_that_hangs_is_not_ready() -> None:
    http = TestClient(Starlette(routes=health_routes(lambda: time.sleep(0.3), seconds=0.05)))
    assert http.get("/readyz").status_code == 503


def test_a_visitor_is_led_to_the_page_that_is_made_for_people() -> None:
    http = TestClient(Starlette(routes=front_page("/graphiql")))
    answer = http.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/graphiql")


def test_a_visitor_is_told_where_the_api_is_when_there_is_no_page() -> None:
    answer = TestClient(Starlette(routes=front_page(None))).get("/")
    assert answer.status_code == 404
    assert "/graphql" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def preflight(http: TestClient, origin: str) -> Any:
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, authorization",
    }
    return http.options("/graphql", headers=headers)


def test_only_named_sites_may_use_the_api_from_a_page() -> None:
    origins = ["https://front.test"]
    app = Starlette(routes=serve(origins=origins).routes(), middleware=cors_middleware(origins))
    http = TestClient(app)
    allowed = preflight(http, "https://front.test")
    assert allowed.headers["access-control-allow-origin"] == "https://front.test"
    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert preflight(http, "https://evil.test").status_code == 400
    answer = http.post(
        "/graphql", json={"query": "{hello}"}, headers={"origin": "https://front.test"}
    )
    assert answer.headers["access-control-allow-origin"] == "https://front.test"


def test_without_named_sites_no_page_of_another_may_use_the_api() -> None:
    assert cors_middleware([]) == []


@strawberry.type
class AsyncQuery:
    @strawberry.field
    async def slow(self) -> int:
        return 1


@strawberry.type
class PlainQuery:
    ok: int = 1


def test_a_schema_with_async_fields_is_refused_at_start() -> None:
    with pytest.raises(ValueError, match="slow is async"):
        GraphQLServer(strawberry.Schema(AsyncQuery), open_context)


def test_a_schema_with_extensions_is_refused_at_start() -> None:
    schema = strawberry.Schema(PlainQuery, extensions=[SchemaExtension])
    with pytest.raises(ValueError, match="extensions"):
        GraphQLServer(schema, open_context)
