"""GraphQL over HTTP: what comes in, what goes out, and what is refused on the way."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from storeql.errors import DatabaseUnavailable
from storeql.server import Limits
from tests.server.shop import client, codes, serve

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
HTTP = client()


def post(body: Any = None, accept: str | None = RESPONSE, **options: Any) -> Any:
    headers = {"content-type": JSON, **options.pop("headers", {})}
    if accept is not None:
        headers["accept"] = accept
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return options.pop("http", HTTP).post("/graphql", content=content, headers=headers, **options)


def get(http: Any = HTTP, headers: Any = None, **params: str) -> Any:
    return http.get("/graphql", params=params, headers={"accept": RESPONSE, **(headers or {})})


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (RESPONSE, RESPONSE),
        (f"{RESPONSE}; charset=utf-8", RESPONSE),
        (f"{RESPONSE}, {JSON};q=0.9", RESPONSE),
        (f"{JSON}, {RESPONSE}", RESPONSE),
        (f"{JSON}, {RESPONSE};q=0.5", JSON),
        ("text/html, */*;q=0.1", JSON),
    ],
)
def test_the_answer_has_the_media_type_that_the_client_prefers(
    accept: str | None, answered: str
) -> None:
    http = client()
    http.headers.pop("accept", None)
    answer = post({"query": "{hello}"}, accept, http=http)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{answered}; charset=utf-8"
    assert answer.json()["data"] == {"hello": "Hello world"}


@pytest.mark.parametrize("accept", ["text/html", f"{RESPONSE};q=0, text/plain", "image/*"])
def test_a_client_that_reads_neither_media_type_is_not_acceptable(accept: str) -> None:
    answer = post({"query": "{hello}"}, accept)
    assert (answer.status_code, codes(answer)) == (406, ["NOT_ACCEPTABLE"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{nothing}", "GRAPHQL_VALIDATION_FAILED"),
        ("query A {hello} query B {hello}", "OPERATION_RESOLUTION_FAILURE"),
        ("fragment F on Query {hello}", "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) {products(first: $n) {totalCount}}", "BAD_USER_INPUT"),
    ],
)
def test_a_document_that_cannot_run_is_a_400_and_200_to_clients_of_plain_json(
    query: str, code: str
) -> None:
    answer = post({"query": query})
    assert (answer.status_code, codes(answer)[0]) == (400, code)
    assert "data" not in answer.json()
    answer = post({"query": query}, JSON)
    assert (answer.status_code, codes(answer)[0]) == (200, code)


def test_an_operation_that_the_document_does_not_have_is_refused() -> None:
    answer = post({"query": "query A {hello}", "operationName": "B"})
    assert (answer.status_code, codes(answer)) == (400, ["OPERATION_RESOLUTION_FAILURE"])


def test_the_named_operation_of_several_runs() -> None:
    query = 'query A {hello} query B {hello(name: "B")}'
    assert post({"query": query, "operationName": "B"}).json()["data"] == {"hello": "Hello B"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"query": "\xff"}',
        b'{"query": "{hello}", "variables": {"a": NaN}}',
        b'{"query": "{hello}", "variables": {"a": Infinity}}',
        b'{"query": "\\ud800"}',
        b"[" * 100_000,
        b'{"query": "{hello}", "variables": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_001,
        b"null",
        b'"query"',
        b"3",
        b"{}",
        b'{"query": null}',
        b'{"query": 5}',
        b'{"query": ["{hello}"]}',
        b'{"query": "{hello}", "operationName": {}}',
        b'{"query": "{hello}", "variables": []}',
        b'{"query": "{hello}", "variables": "{}"}',
        b'{"query": "{hello}", "extensions": 1}',
        b'{"query": "{hello}", "extensions": {"persistedQuery": 1}}',
    ],
)
@pytest.mark.parametrize("accept", [RESPONSE, JSON])
def test_a_body_that_is_no_graphql_request_is_a_400_as_a_graphql_error(
    body: bytes, accept: str
) -> None:
    answer = post(body, accept)
    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])


def test_a_batch_is_refused() -> None:
    answer = post([{"query": "{hello}"}])
    assert (answer.status_code, codes(answer)) == (400, ["BATCHING_NOT_SUPPORTED"])


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "", f"{JSON}; charset=latin-1", "json"],
)
def test_a_post_of_anything_but_json_is_an_unsupported_media_type(content_type: str) -> None:
    answer = post({"query": "{hello}"}, headers={"content-type": content_type})
    assert (answer.status_code, codes(answer)) == (415, ["UNSUPPORTED_MEDIA_TYPE"])


def test_a_compressed_body_is_an_unsupported_media_type() -> None:
    answer = post({"query": "{hello}"}, headers={"content-encoding": "gzip"})
    assert answer.status_code == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_other_methods_are_not_allowed_and_told_which_are(method: str) -> None:
    answer = HTTP.request(method, "/graphql")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_get_runs_queries() -> None:
    answer = get(query="query ($n: String!) {hello(name: $n)}", variables='{"n": "你好"}')
    assert answer.json()["data"] == {"hello": "Hello 你好"}


@pytest.mark.parametrize("accept", [RESPONSE, JSON])
def test_get_refuses_mutations_and_says_how_to_send_them(accept: str) -> None:
    answer = get(query="mutation {signIn}", headers={"accept": accept})
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"query": ""},
        {"query": "{hello}", "variables": "{"},
        {"query": "{hello}", "variables": "[1]"},
        {"query": "{hello}", "extensions": "NaN"},
    ],
)
def test_a_get_that_is_no_graphql_request_is_a_400(params: dict[str, str]) -> None:
    assert get(**params).status_code == 400


def test_a_get_whose_address_is_not_utf8_is_a_400() -> None:
    answer = HTTP.get("/graphql?query=%ff%fe", headers={"accept": RESPONSE})
    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])


def test_subscriptions_are_refused_over_http() -> None:
    answer = post({"query": "subscription {count}"})
    assert (answer.status_code, codes(answer)) == (400, ["SUBSCRIPTION_NEEDS_SOCKET"])


def test_a_bug_is_masked_and_logged_once_under_an_id(capsys: Any) -> None:
    answer = post({"query": "{bug hello}"})
    (error,) = answer.json()["errors"]
    assert answer.status_code == 200
    assert answer.json()["data"] == {"bug": None, "hello": "Hello world"}
    assert error["message"] == "Internal error."
    assert error["path"] == ["bug"]
    assert error["extensions"]["code"] == "INTERNAL_SERVER_ERROR"
    assert "secret" not in answer.text
    logged = capsys.readouterr().out
    assert logged.count(error["extensions"]["errorId"]) == 1
    assert "secret connection string" in logged


def test_a_bug_met_by_many_rows_is_logged_once_and_its_errors_are_bounded(capsys: Any) -> None:
    answer = post({"query": "{products(first: 150) {nodes {flawed}}}"}).json()
    assert len(answer["data"]["products"]["nodes"]) == 150
    assert len(answer["errors"]) == 101
    (error_id,) = {error["extensions"]["errorId"] for error in answer["errors"][:100]}
    assert answer["errors"][100] == {
        "message": "50 more errors are not shown.",
        "extensions": {"code": "MORE_ERRORS"},
    }
    assert capsys.readouterr().out.count(error_id) == 1


def test_an_input_that_strawberry_cannot_convert_is_the_client_s_error() -> None:
    answer = post({"query": "{maybe(value: null)}"}, JSON)
    assert codes(answer)[0] in ("BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED")
    answer = post({"query": "query ($v: String) {maybe(value: $v)}", "variables": {"v": None}})
    assert codes(answer) == ["BAD_USER_INPUT"]


def test_a_store_error_is_shown_with_its_code_and_data() -> None:
    (error,) = post({"query": "{refusal}"}).json()["errors"]
    assert error["message"] == "Nothing left."
    assert error["extensions"] == {"code": "OUT_OF_STOCK", "available": 0}


def test_what_json_cannot_hold_is_a_bug() -> None:
    answer = post({"query": "{unwritable}"})
    assert (answer.status_code, codes(answer)) == (500, ["INTERNAL_SERVER_ERROR"])


def test_refused_credentials_are_a_401_whatever_the_client_accepts() -> None:
    for accept in (RESPONSE, JSON):
        answer = post({"query": "{hello}"}, accept, headers={"authorization": "Bearer wrong"})
        assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_database_that_cannot_be_reached_is_a_503_that_says_no_more(capsys: Any) -> None:
    def lost(request: Any) -> Any:
        raise DatabaseUnavailable("postgresql://db.internal cannot be used: connection refused.")

    for accept in (RESPONSE, JSON):
        answer = post({"query": "{hello}"}, accept, http=client(open_context=lost))
        assert (answer.status_code, codes(answer)) == (503, ["DATABASE_UNAVAILABLE"])
        assert answer.headers["retry-after"] == "1"
        assert "db.internal" not in answer.text
    assert "db.internal cannot be used" in capsys.readouterr().out


def test_a_context_that_cannot_be_opened_is_a_masked_500(capsys: Any) -> None:
    def broken(request: Any) -> Any:
        raise OSError("the password of the database")

    answer = post({"query": "{hello}"}, http=client(open_context=broken))
    assert (answer.status_code, codes(answer)) == (500, ["INTERNAL_SERVER_ERROR"])
    assert "password" not in answer.text
    assert "password" in capsys.readouterr().out


def test_field_names_are_suggested_in_development_only() -> None:
    query = {"query": "{helo}"}
    assert "Did you mean" not in post(query).text
    assert "Did you mean 'hello'" in post(query, http=client(development=True)).text


def test_values_of_enums_and_arguments_are_not_suggested_outside_development() -> None:
    assert "Did you mean" not in post({"query": '{hello(nam: "x")}'}).text


def test_cookies_and_headers_of_the_context_are_sent() -> None:
    answer = post({"query": "mutation {signIn}"})
    assert answer.headers["set-cookie"] == "session=abc; HttpOnly; SameSite=Lax"
    assert answer.headers["x-signed-in"] == "yes"


def test_an_operation_runs_in_a_worker_thread() -> None:
    assert post({"query": "{thread}"}).json()["data"]["thread"].startswith("storeql-operation")


def test_a_plain_request_id_comes_back_and_any_other_is_replaced() -> None:
    given = post({"query": "{hello}"}, headers={"x-request-id": "abc-1"})
    assert given.headers["x-request-id"] == "abc-1"
    replaced = post({"query": "{hello}"}, headers={"x-request-id": 'x" onload="'})
    assert len(replaced.headers["x-request-id"]) == 16


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {},
    ],
)
def test_a_get_with_cookies_that_another_site_may_have_caused_is_refused(
    headers: dict[str, str],
) -> None:
    answer = get(query="{hello}", headers={"cookie": "session=1", **headers})
    assert (answer.status_code, codes(answer)) == (403, ["CROSS_SITE_REQUEST"])


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "session=1", "sec-fetch-site": "same-origin"},
        {"cookie": "session=1", "sec-fetch-site": "none"},
        {"cookie": "session=1", "origin": "http://shop.test"},
        {"cookie": "session=1", "x-requested-with": "fetch"},
        {"cookie": "session=1", "origin": "https://front.test", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_a_get_without_cookies_or_from_where_they_may_be_used_runs(headers: dict[str, str]) -> None:
    http = client(origins=["https://front.test"])
    assert get(http, headers, query="{hello}").status_code == 200


def test_a_post_with_cookies_from_another_site_is_refused() -> None:
    headers = {"cookie": "session=1", "origin": "https://evil.test"}
    assert post({"query": "{hello}"}, headers=headers).status_code == 403
    headers = {"cookie": "session=1"}
    answer = post({"query": '{cookie(name: "session")}'}, headers=headers)
    assert answer.json()["data"] == {"cookie": "1"}


def test_a_browser_that_comes_for_a_page_gets_it() -> None:
    async def page(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"<html>"})

    http = client(page=page)
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    assert http.get("/graphql", headers=browser).text == "<html>"
    asked = http.get("/graphql", params={"query": "{hello}"}, headers=browser)
    assert asked.json()["data"] == {"hello": "Hello world"}


def asgi(messages: list[dict[str, Any]], limits: Limits, headers: dict[str, str]) -> list[Any]:
    """What the door sends when it receives these messages."""
    sent: list[Any] = []

    async def receive() -> Any:
        if not messages:
            await asyncio.sleep(60)
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "client": ("10.0.0.1", 1),
        "headers": [(k.encode(), v.encode()) for k, v in {"content-type": JSON, **headers}.items()],
    }
    asyncio.run(serve(limits)(scope, receive, send))
    return sent


def chunk(body: bytes, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_body_larger_than_the_limit_is_refused_before_it_is_read() -> None:
    sent = asgi([], Limits(body_bytes=100), {"content-length": "101"})
    assert sent[0]["status"] == 413


def test_a_chunked_body_past_the_limit_is_refused_without_reading_all_of_it() -> None:
    messages = [chunk(b"x" * 60) for _ in range(100)]
    sent = asgi(messages, Limits(body_bytes=100), {})
    assert sent[0]["status"] == 413
    assert len(messages) > 80


def test_a_chunked_body_within_the_limit_runs() -> None:
    sent = asgi([chunk(b'{"query": '), chunk(b'"{hello}"}', more=False)], Limits(), {})
    assert sent[0]["status"] == 200
    assert b"Hello world" in sent[1]["body"]


def test_a_body_that_never_ends_is_a_timeout() -> None:
    sent = asgi([chunk(b"{")], Limits(body_seconds=0.05), {})
    assert sent[0]["status"] == 408


def test_a_client_that_hangs_up_in_its_body_gets_no_answer() -> None:
    assert asgi([chunk(b"{"), {"type": "http.disconnect"}], Limits(), {}) == []
