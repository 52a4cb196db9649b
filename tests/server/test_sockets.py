"""Subscriptions over graphql-transport-ws: the conversation, and how it ends."""

from __future__ import annotations

import time
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from storeql.errors import NotSignedIn
from storeql.server import Limits, RequestInfo
from tests.server.shop import ShopContext, client

PROTOCOL = ["graphql-transport-ws"]


def connect(http: TestClient | None = None, **options: Any) -> Any:
    return (http or client()).websocket_connect(
        "/graphql", subprotocols=options.pop("subprotocols", PROTOCOL), **options
    )


def introduce(socket: Any, **payload: Any) -> None:
    socket.send_json({"type": "connection_init", "payload": payload})
    assert socket.receive_json() == {"type": "connection_ack"}


def subscribe(socket: Any, query: str, id_: str = "1", **payload: Any) -> None:
    socket.send_json({"type": "subscribe", "id": id_, "payload": {"query": query, **payload}})


def closing(socket: Any) -> tuple[int, str]:
    with pytest.raises(WebSocketDisconnect) as closed:
        while True:
            socket.receive_json()
    return closed.value.code, closed.value.reason


def next_data(socket: Any) -> Any:
    message = socket.receive_json()
    assert message["type"] == "next", message
    return message["payload"]["data"]


def test_a_subscription_tells_every_event_and_completes() -> None:
    with connect() as socket:
        assert socket.accepted_subprotocol == PROTOCOL[0]
        introduce(socket)
        subscribe(socket, "subscription ($n: Int) {count(to: $n)}", variables={"n": 2})
        assert socket.receive_json() == {
            "type": "next",
            "id": "1",
            "payload": {"data": {"count": 0}},
        }
        assert next_data(socket) == {"count": 1}
        assert socket.receive_json() == {"type": "complete", "id": "1"}


def test_an_event_that_is_a_key_is_read_in_a_worker_with_a_context_of_its_own() -> None:
    contexts: list[ShopContext] = []

    def opened(request: RequestInfo) -> ShopContext:
        contexts.append(ShopContext(request))
        return contexts[-1]

    with connect(client(open_context=opened)) as socket:
        introduce(socket)
        subscribe(socket, "subscription {productChanged {id name}}")
        assert next_data(socket) == {"productChanged": {"id": "0", "name": "Product 0"}}
        assert next_data(socket) == {"productChanged": {"id": "1", "name": "Product 1"}}
        assert socket.receive_json()["type"] == "complete"
    reading = [context for context in contexts if context.reads]
    assert len(reading) == 2
    assert all(context.reads[0].startswith("storeql-operation") for context in reading)
    assert all(context.closed == [False] for context in contexts)


def test_several_subscriptions_share_a_socket() -> None:
    with connect() as socket:
        introduce(socket)
        subscribe(socket, "subscription {count(to: 1000, wait: 0.001)}", "a")
        subscribe(socket, "subscription {count(to: 1000, wait: 0.001)}", "b")
        assert {socket.receive_json()["id"] for _ in range(20)} == {"a", "b"}


def test_a_client_that_completes_a_subscription_may_use_its_id_again() -> None:
    with connect() as socket:
        introduce(socket)
        subscribe(socket, "subscription {count(to: 1000, wait: 0.01)}")
        next_data(socket)
        socket.send_json({"type": "complete", "id": "1"})
        subscribe(socket, "subscription {c: count(to: 1)}")
        while "c" not in (data := next_data(socket)):
            assert data["count"] < 50
        assert socket.receive_json()["type"] == "complete"


def test_a_ping_is_answered_before_and_after_the_introduction() -> None:
    with connect() as socket:
        socket.send_json({"type": "ping"})
        assert socket.receive_json() == {"type": "pong"}
        introduce(socket)
        socket.send_json({"type": "pong"})
        socket.send_json({"type": "ping", "payload": {"a": 1}})
        assert socket.receive_json() == {"type": "pong"}


@pytest.mark.parametrize("subprotocols", [[], ["graphql-ws"]])
def test_any_other_protocol_is_closed_as_not_acceptable(subprotocols: list[str]) -> None:
    with connect(subprotocols=subprotocols) as socket:
        assert closing(socket)[0] == 4406


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '"ping"',
        "NaN",
        "{}",
        '{"type": "nothing"}',
        '{"type": "subscribe"}',
        '{"type": "subscribe", "id": 1, "payload": {"query": ""}}',
        '{"type": "subscribe", "id": "", "payload": {"query": ""}}',
        '{"type": "subscribe", "id": "1", "payload": "query"}',
        '{"type": "complete"}',
        '{"type": "ping", "payload": 5}',
        "[" * 50_000,
    ],
)
def test_a_frame_that_is_no_message_closes_the_socket(text: str) -> None:
    with connect() as socket:
        introduce(socket)
        socket.send_text(text)
        assert closing(socket)[0] == 4400


def test_a_binary_frame_closes_the_socket() -> None:
    with connect() as socket:
        socket.send_bytes(b"{}")
        assert closing(socket)[0] == 4400


def test_a_message_that_is_too_big_closes_the_socket() -> None:
    with connect(client(limits=Limits(socket_message_bytes=100))) as socket:
        socket.send_text(" " * 101)
        assert closing(socket)[0] == 1009


def test_subscribing_before_the_introduction_is_unauthorized() -> None:
    with connect() as socket:
        subscribe(socket, "subscription {count}")
        assert closing(socket) == (4401, "Unauthorized")


def test_a_second_introduction_is_one_too_many() -> None:
    with connect() as socket:
        introduce(socket)
        socket.send_json({"type": "connection_init"})
        assert closing(socket) == (4429, "Too many initialisation requests")


def test_a_socket_that_is_not_introduced_in_time_is_closed() -> None:
    with connect(client(limits=Limits(socket_init_seconds=0.05))) as socket:
        assert closing(socket) == (4408, "Connection initialisation timeout")


def test_an_id_that_is_in_use_closes_the_socket() -> None:
    with connect() as socket:
        introduce(socket)
        subscribe(socket, "subscription {count(wait: 5)}")
        subscribe(socket, "subscription {count(wait: 5)}")
        assert closing(socket) == (4409, "Subscriber for 1 already exists")


def test_a_socket_holds_a_limited_number_of_subscriptions() -> None:
    with connect(client(limits=Limits(socket_subscriptions=1))) as socket:
        introduce(socket)
        subscribe(socket, "subscription {count(wait: 5)}", "a")
        subscribe(socket, "subscription {count(wait: 5)}", "b")
        message = socket.receive_json()
        assert (message["type"], message["id"]) == ("error", "b")
        assert message["payload"][0]["extensions"]["code"] == "SUBSCRIPTION_LIMIT"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{hello}", "QUERY_NEEDS_HTTP"),
        ("mutation {signIn}", "METHOD_NOT_ALLOWED"),
        ("subscription {nothing}", "GRAPHQL_VALIDATION_FAILED"),
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription ($n: Int!) {count(to: $n)}", "BAD_USER_INPUT"),
        ("subscription {costChanged}", "UNAUTHENTICATED"),
        ("subscription {count @skip(if: true)}", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
def test_what_cannot_be_subscribed_to_is_an_error_and_the_socket_stays(
    query: str, code: str
) -> None:
    with connect() as socket:
        introduce(socket)
        subscribe(socket, query)
        message = socket.receive_json()
        assert (message["type"], message["id"]) == ("error", "1")
        assert message["payload"][0]["extensions"]["code"] == code
        subscribe(socket, "subscription {count(to: 1)}")
        assert next_data(socket) == {"count": 0}


def test_a_token_in_the_introduction_is_the_request_s_authorization() -> None:
    with connect() as socket:
        introduce(socket, Authorization="Bearer staff")
        subscribe(socket, "subscription {costChanged}")
        assert next_data(socket) == {"costChanged": 0}


def test_a_refused_token_closes_the_socket_as_forbidden() -> None:
    with connect() as socket:
        socket.send_json({"type": "connection_init", "payload": {"authorization": "Bearer wrong"}})
        assert closing(socket) == (4403, "Forbidden")


def test_a_token_revoked_meanwhile_ends_the_subscription() -> None:
    revoked: list[bool] = []

    def opened(request: RequestInfo) -> ShopContext:
        if revoked:
            raise NotSignedIn("The token was revoked.")
        return ShopContext(request, frozenset({"MANAGE"}))

    with connect(client(open_context=opened)) as socket:
        introduce(socket)
        subscribe(socket, "subscription {costChanged}")
        next_data(socket)
        revoked.append(True)
        while (message := socket.receive_json())["type"] == "next":
            pass
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_permission_revoked_meanwhile_ends_the_subscription() -> None:
    granted = {"MANAGE"}

    def opened(request: RequestInfo) -> ShopContext:
        return ShopContext(request, frozenset(granted))

    with connect(client(open_context=opened)) as socket:
        introduce(socket)
        subscribe(socket, "subscription {costChanged}")
        next_data(socket)
        granted.clear()
        while (message := socket.receive_json())["type"] == "next":
            pass
        assert message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_a_store_error_in_the_stream_is_told_and_ends_it() -> None:
    with connect() as socket:
        introduce(socket)
        subscribe(socket, "subscription {soldOut}")
        assert next_data(socket) == {"soldOut": 1}
        message = socket.receive_json()
        assert message["type"] == "error"
        assert message["payload"] == [
            {"message": "Nothing left.", "extensions": {"code": "OUT_OF_STOCK", "available": 0}}
        ]


def test_a_bug_in_the_stream_is_masked(capsys: Any) -> None:
    with connect() as socket:
        introduce(socket)
        subscribe(socket, "subscription {broken}")
        assert next_data(socket) == {"broken": 1}
        message = socket.receive_json()
        assert message["type"] == "error"
        assert message["payload"][0]["message"] == "Internal error."
    assert "secret of the stream" in capsys.readouterr().out


def test_a_page_of_another_site_cannot_open_a_socket_with_the_visitor_s_cookies() -> None:
    headers = {"cookie": "session=1", "origin": "https://evil.test"}
    with pytest.raises(WebSocketDisconnect), connect(headers=headers):
        pass


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": "session=1", "origin": "http://testserver"},
        {"cookie": "session=1", "origin": "https://front.test"},
        {"cookie": "session=1"},
        {"origin": "https://evil.test"},
    ],
)
def test_a_socket_without_cookies_or_from_where_they_may_be_used_opens(
    headers: dict[str, str],
) -> None:
    with connect(client(origins=["https://front.test"]), headers=headers) as socket:
        introduce(socket)


def test_sockets_are_limited_in_number() -> None:
    http = client(limits=Limits(sockets=1))
    with connect(http) as socket:
        introduce(socket)
        with pytest.raises(WebSocketDisconnect), connect(http):
            pass


def test_a_client_that_hangs_up_ends_its_streams() -> None:
    http = client()
    with connect(http) as socket:
        introduce(socket)
        subscribe(socket, "subscription {count(to: 100000, wait: 0.001)}")
        next_data(socket)
    began_at = time.monotonic()
    with connect(http) as socket:
        introduce(socket)
    assert time.monotonic() - began_at < 30  # the stream alone would go on for 100 seconds
