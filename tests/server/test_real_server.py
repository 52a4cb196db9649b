"""The door behind a real server: sockets of the network, and an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import orjson
import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from storeql.server import GraphQLServer, RequestInfo
from tests.server.shop import ShopContext, serve

PROTOCOL = Subprotocol("graphql-transport-ws")


@contextlib.asynccontextmanager
async def running(server: GraphQLServer) -> AsyncIterator[tuple[uvicorn.Server, int]]:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await server.close()

    app = Starlette(routes=server.routes(), lifespan=lifespan)
    config = uvicorn.Config(
        app, log_config=None, lifespan="on", ws="websockets-sansio", timeout_graceful_shutdown=5
    )
    door = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        task = asyncio.create_task(door.serve(sockets=[listener]))
        while not door.started:
            await asyncio.sleep(0.01)
        try:
            yield door, listener.getsockname()[1]
        finally:
            door.should_exit = True
            await task


def slow_context(request: RequestInfo) -> ShopContext:
    time.sleep(0.4)
    return ShopContext(request)


def test_a_request_in_hand_is_answered_while_the_server_stops() -> None:
    async def main() -> Any:
        server = serve(open_context=slow_context)
        async with running(server) as (door, port), httpx2.AsyncClient() as http:
            url = f"http://127.0.0.1:{port}/graphql"
            asked = asyncio.create_task(http.post(url, json={"query": "{hello}"}))
            await asyncio.sleep(0.1)
            door.should_exit = True
            return await asked

    answer = asyncio.run(main())
    assert answer.json()["data"] == {"hello": "Hello world"}


def test_a_chunked_body_that_is_too_large_is_refused_over_the_network() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 50_000

    async def main() -> Any:
        async with running(serve()) as (_, port), httpx2.AsyncClient() as http:
            url = f"http://127.0.0.1:{port}/graphql"
            headers = {"content-type": "application/json"}
            return await http.post(url, content=endless(), headers=headers)

    assert asyncio.run(main()).status_code == 413


def test_a_subscription_runs_over_the_network_and_ends_with_the_server() -> None:
    async def main() -> tuple[list[Any], int | None]:
        async with running(serve()) as (door, port):
            url = f"ws://127.0.0.1:{port}/graphql"
            async with connect(url, subprotocols=[PROTOCOL]) as client:
                await client.send('{"type":"connection_init"}')
                await client.recv()
                query = "subscription {count(to: 1000, wait: 0.01)}"
                await client.send(
                    orjson.dumps(
                        {"type": "subscribe", "id": "1", "payload": {"query": query}}
                    ).decode()
                )
                told = [orjson.loads(await client.recv()) for _ in range(3)]
                door.should_exit = True
                with contextlib.suppress(ConnectionClosed):
                    while True:
                        await client.recv()
                return told, client.close_code

    told, code = asyncio.run(main())
    assert [message["payload"]["data"]["count"] for message in told] == [0, 1, 2]
    assert code in (1001, 1012)
