"""What one workload costs a server: CPU and latency alone, throughput with company."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

from benchmarks.client import Connection, Load, Request, load, percentile
from benchmarks.server import Server

CLIENTS = 16
WARM_UP = 30


@dataclass(frozen=True)
class Cost:
    """One workload on one server; CPU and latencies are milliseconds a request."""

    cpu_ms: float
    p50_ms: float
    p95_ms: float
    per_second: float
    bytes: int

    def as_json(self) -> dict[str, float]:
        """The figures, rounded."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def cost_of(
    server: Server, request: Callable[[int], Request], *, requests: int, crowd: int
) -> Cost:
    """Sends `requests` one after another, then `crowd` of them from 16 clients."""
    numbers = Numbers(request)
    asyncio.run(load(server.port, numbers, requests=WARM_UP, clients=1))
    before = server.cpu_seconds()
    alone = asyncio.run(load(server.port, numbers, requests=requests, clients=1))
    cpu = server.cpu_seconds() - before
    crowded = asyncio.run(load(server.port, numbers, requests=crowd, clients=CLIENTS))
    return _cost(cpu, alone, crowded)


def throughput(server: Server, request: Callable[[int], Request], *, requests: int) -> float:
    """Requests a second from 16 clients, spread over the server's workers if it has several."""
    several = len(server.process.children()) > 1
    for count in (WARM_UP * 4, requests):
        measured = asyncio.run(
            load(
                server.port,
                request,
                requests=count,
                clients=CLIENTS,
                is_spread=server.is_spread if several else lambda: True,
            )
        )
    return len(measured.seconds) / measured.elapsed


class Numbers:
    """Goes on counting from one load to the next, so that no request is ever sent twice."""

    def __init__(self, request: Callable[[int], Request]) -> None:
        self._request = request
        self._next = 0

    def __call__(self, _number: int) -> Request:
        self._next += 1
        return self._request(self._next)


def cost_of_stories(
    server: Server, story: Callable[[Connection, int], Awaitable[int]], *, stories: int, crowd: int
) -> Cost:
    """Like `cost_of` for a chain of requests: a figure is for a whole story."""
    counter = iter(range(10**9))

    async def tell(count: int, clients: int) -> Load:
        return await _tell(server.port, story, counter, count, clients)

    asyncio.run(tell(5, 1))
    before = server.cpu_seconds()
    alone = asyncio.run(tell(stories, 1))
    cpu = server.cpu_seconds() - before
    return _cost(cpu, alone, asyncio.run(tell(crowd, CLIENTS)))


async def _tell(
    port: int,
    story: Callable[[Connection, int], Awaitable[int]],
    counter: object,
    count: int,
    clients: int,
) -> Load:
    loop, told, left = asyncio.get_running_loop(), Load(), iter(range(count))

    async def work() -> None:
        async with Connection(port) as connection:
            for _ in left:
                began = loop.time()
                told.bytes = await story(connection, next(counter))  # type: ignore[call-overload]
                told.seconds.append(loop.time() - began)

    began = loop.time()
    await asyncio.gather(*(work() for _ in range(clients)))
    told.elapsed = loop.time() - began
    return told


def _cost(cpu: float, alone: Load, crowded: Load) -> Cost:
    return Cost(
        cpu_ms=1000 * cpu / len(alone.seconds),
        p50_ms=1000 * percentile(alone.seconds, 0.50),
        p95_ms=1000 * percentile(alone.seconds, 0.95),
        per_second=len(crowded.seconds) / crowded.elapsed,
        bytes=alone.bytes,
    )
