"""The hand-written shop as a Starlette application: `python -m benchmarks.floor.app`."""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.floor.carts import Carts
from benchmarks.floor.catalog import Catalog
from benchmarks.floor.checkout import Checkout
from benchmarks.floor.database import Driver
from benchmarks.floor.orders import Orders

THREADS = 8
Work = Callable[[Any, int], Any]


class Floor:
    """Runs each answer in one transaction: SQLite reads on the loop, all else in a thread."""

    def __init__(self, url: str) -> None:
        self.driver = Driver(url, THREADS)
        self.catalog = Catalog(self.driver)
        self.carts = Carts(self.driver)
        self.orders = Orders(self.driver, os.environ["STOREQL_SECRET"])
        self.checkout = Checkout(self.driver)
        self._threads = ThreadPoolExecutor(THREADS)

    async def read(self, work: Work) -> Response:
        """The answer of a read."""
        if self.driver.is_sqlite:
            return answered(self.driver.read(lambda connection: work(connection, now())))
        return await self._in_thread(self.driver.read, work)

    async def write(self, work: Work) -> Response:
        """The answer of a write."""
        return await self._in_thread(self.driver.write, work)

    async def _in_thread(self, transact: Callable[..., Any], work: Work) -> Response:
        def run() -> Response:
            return answered(transact(lambda connection: work(connection, now())))

        return await asyncio.get_running_loop().run_in_executor(self._threads, run)


def application(url: str) -> Starlette:
    """Routes for the workloads of the benchmark."""
    floor = Floor(url)

    async def listing(request: Request) -> Response:
        key, row = request.query_params.get("key", ""), int(request.query_params.get("row", 0))
        return await floor.read(lambda c, at: floor.catalog.listing(c, at, key, row))

    async def product(request: Request) -> Response:
        slug = request.path_params["slug"]
        return await floor.read(lambda c, at: floor.catalog.product(c, at, slug))

    async def search(request: Request) -> Response:
        text = request.query_params["text"]
        return await floor.read(lambda c, at: floor.catalog.search(c, at, text))

    async def orders(request: Request) -> Response:
        token = request.headers["authorization"].removeprefix("Bearer ")
        return await floor.read(lambda c, at: floor.orders.listing(c, at, token))

    async def add(request: Request) -> Response:
        token, body = request.path_params["token"], orjson.loads(await request.body())
        return await floor.write(
            lambda c, at: floor.carts.add(c, at, token, body["variant"], body["quantity"])
        )

    async def change(request: Request) -> Response:
        token, body = request.path_params["token"], orjson.loads(await request.body())
        return await floor.write(
            lambda c, at: floor.carts.change(c, at, token, body["line"], body["quantity"])
        )

    async def create(request: Request) -> Response:
        body = orjson.loads(await request.body())
        return await floor.write(lambda c, at: floor.checkout.create(c, at, body, floor.carts))

    async def place(request: Request) -> Response:
        body = orjson.loads(await request.body())
        return await floor.write(lambda c, at: floor.checkout.place(c, at, body, floor.carts))

    return Starlette(
        routes=[
            _route("/products", listing),
            _route("/products/{slug}", product),
            _route("/search", search),
            _route("/orders", orders),
            _route("/carts", create, "POST"),
            _route("/carts/{token}/add", add, "POST"),
            _route("/carts/{token}/change", change, "POST"),
            _route("/orders/place", place, "POST"),
        ]
    )


def _route(
    path: str, endpoint: Callable[[Request], Awaitable[Response]], method: str = "GET"
) -> Route:
    return Route(path, endpoint, methods=[method])


def answered(value: Any) -> Response:
    """A JSON response."""
    return Response(orjson.dumps({"data": value}), media_type="application/json")


def now() -> int:
    """Milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000


def from_environment() -> Starlette:
    """The application of one process."""
    return application(os.environ["STOREQL_DATABASE_URL"])


def main() -> None:
    """Serves until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    uvicorn.run(
        "benchmarks.floor.app:from_environment",
        factory=True,
        port=given.port,
        workers=given.workers,
        log_config=None,
        access_log=False,
        server_header=False,
    )


if __name__ == "__main__":
    main()
