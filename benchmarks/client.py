"""A load client that costs little: prepared requests over kept-alive connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import orjson

TRIES_TO_SPREAD = 100
ACCEPTED_AFTER_SECONDS = 0.05


@dataclass(frozen=True)
class Request:
    """One HTTP request, ready to send."""

    path: str
    body: bytes | None = None
    token: str = ""

    def raw(self, host: str) -> bytes:
        """The request's bytes."""
        method = "GET" if self.body is None else "POST"
        head = [f"{method} {self.path} HTTP/1.1", f"host: {host}", "accept: application/json"]
        if self.token:
            head.append(f"authorization: Bearer {self.token}")
        if self.body is not None:
            head += ["content-type: application/json", f"content-length: {len(self.body)}"]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + (self.body or b"")


def graphql(query: str, token: str = "", **variables: object) -> Request:
    """A GraphQL request."""
    return Request("/graphql", orjson.dumps({"query": query, "variables": variables}), token)


@dataclass
class Load:
    """What a load measured: seconds of each request in order, and the bytes of one answer."""

    seconds: list[float] = field(default_factory=list)
    bytes: int = 0
    elapsed: float = 0.0


class Connection:
    """One kept-alive connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._host = f"127.0.0.1:{port}"

    async def __aenter__(self) -> Connection:
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._port, limit=2**22
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.close()

    async def send(self, request: Request) -> tuple[int, bytes]:
        """The status and body of the answer."""
        self._writer.write(request.raw(self._host))
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        return status, await self._reader.readexactly(length)


async def fetch(port: int, request: Request) -> bytes:
    """The body of one answer; raises AssertionError for one that is not good."""
    async with Connection(port) as connection:
        return _good(*await connection.send(request))


async def load(
    port: int,
    request: Callable[[int], Request],
    *,
    requests: int,
    clients: int,
    is_spread: Callable[[], bool] = lambda: True,
) -> Load:
    """Sends `requests` requests from `clients` clients at once; every answer must be good.

    A burst of connections may all be accepted by one server process: the clients connect again
    until `is_spread` is content.
    """
    measured = Load()
    numbers = iter(range(requests))

    async def work(connection: Connection) -> None:
        for number in numbers:
            asked = request(number)
            began = time.perf_counter()
            body = _good(*await connection.send(asked))
            measured.seconds.append(time.perf_counter() - began)
            measured.bytes = len(body)

    connections = await _connected(port, clients, is_spread)
    began = time.perf_counter()
    await asyncio.gather(*map(work, connections))
    measured.elapsed = time.perf_counter() - began
    for connection in connections:
        await connection.__aexit__()
    return measured


async def _connected(port: int, clients: int, is_spread: Callable[[], bool]) -> list[Connection]:
    for _ in range(TRIES_TO_SPREAD):
        connections = [Connection(port) for _ in range(clients)]
        for connection in connections:
            await connection.__aenter__()
        await asyncio.sleep(ACCEPTED_AFTER_SECONDS)
        if is_spread():
            return connections
        for connection in connections:
            await connection.__aexit__()
    raise TimeoutError("one server process takes all connections")


def percentile(seconds: Sequence[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _good(status: int, body: bytes) -> bytes:
    assert status == 200, (status, body[:400])
    assert b'"errors":[' not in body[:12] and b'"userErrors":[{' not in body, body[:400]
    return body
