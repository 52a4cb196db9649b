"""A small shop of records and fields for trying the door, without a database."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator
from typing import Any

import strawberry
from msgspec import Struct
from starlette.applications import Starlette
from starlette.testclient import TestClient

from storeql.errors import NotSignedIn, StoreError
from storeql.server import GraphQLServer, Limits, RequestInfo
from tests.server.fuzz.permissions import Needs


class OutOfStock(StoreError):
    code = "OUT_OF_STOCK"


class ProductRecord(Struct, frozen=True):
    id: str
    name: str
    price_minor: int


@strawberry.type
class Product:
    id: strawberry.ID
    name: str
    price_minor: int

    @strawberry.field
    def flawed(self) -> str | None:
        raise RuntimeError("the flaw of a row")


@strawberry.type
class ProductConnection:
    nodes: list[Product]
    total_count: int


class ConnectionRecord(Struct, frozen=True):
    nodes: list[ProductRecord]
    total_count: int


def products(count: int) -> list[ProductRecord]:
    return [ProductRecord(str(n), f"Product {n}", n * 100) for n in range(count)]


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, name: str = "world") -> str:
        return f"Hello {name}"

    @strawberry.field
    def products(self, first: int | None = 20) -> ProductConnection:
        return ConnectionRecord(products(first or 0), 1_000)  # type: ignore[return-value]

    @strawberry.field
    def named(self, ids: list[strawberry.ID]) -> list[Product]:
        return products(len(ids))  # type: ignore[return-value]

    @strawberry.field
    def maybe(self, value: strawberry.Maybe[str]) -> str | None:
        return value.value if value else None

    @strawberry.field
    def bug(self) -> str | None:
        raise RuntimeError("secret connection string")

    @strawberry.field
    def refusal(self) -> str | None:
        raise OutOfStock("Nothing left.", available=0)

    @strawberry.field
    def unwritable(self) -> strawberry.scalars.JSON:
        return {1, 2}  # type: ignore[return-value]

    @strawberry.field
    def client_ip(self, info: strawberry.Info) -> str:
        return str(info.context.request.client_ip)

    @strawberry.field
    def thread(self) -> str:
        return threading.current_thread().name

    @strawberry.field
    def cookie(self, info: strawberry.Info, name: str) -> str | None:
        value = info.context.request.cookies.get(name)
        return None if value is None else str(value)

    @strawberry.field(directives=[Needs(any_of=["MANAGE"])])
    def cost_price(self) -> int | None:
        return 1


@strawberry.type
class Mutation:
    @strawberry.mutation
    def sign_in(self, info: strawberry.Info) -> bool:
        info.context.response_cookies.append("session=abc; HttpOnly; SameSite=Lax")
        info.context.response_headers["x-signed-in"] = "yes"
        return True


class ProductKey:
    """An event that is only a key: the product is read when a client is told."""

    def __init__(self, key: int) -> None:
        self.key = key

    def load_payload(self, info: strawberry.Info) -> ProductRecord:
        info.context.reads.append(threading.current_thread().name)
        return products(self.key + 1)[-1]


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int = 3, wait: float = 0.0) -> AsyncGenerator[int, None]:
        for number in range(to):
            await asyncio.sleep(wait)
            yield number

    @strawberry.subscription
    async def product_changed(self, times: int = 2) -> AsyncGenerator[Product, None]:
        for key in range(times):
            yield ProductKey(key)  # type: ignore[misc]

    @strawberry.subscription(directives=[Needs(any_of=["MANAGE"])])
    async def cost_changed(self) -> AsyncGenerator[int | None, None]:
        for number in range(100):
            await asyncio.sleep(0.01)
            yield number

    @strawberry.subscription
    async def sold_out(self) -> AsyncGenerator[int, None]:
        yield 1
        raise OutOfStock("Nothing left.", available=0)

    @strawberry.subscription
    async def broken(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError("secret of the stream")


class ShopContext:
    def __init__(self, request: RequestInfo, granted: frozenset[str] = frozenset()) -> None:
        self.request = request
        self.granted = granted
        self.is_authenticated = bool(granted)
        self.deadline: float | None = None
        self.response_cookies: list[str] = []
        self.response_headers: dict[str, str] = {}
        self.reads: list[str] = []
        self.closed: list[bool] = []

    def close(self, failed: bool) -> None:
        self.closed.append(failed)


def open_context(request: RequestInfo) -> ShopContext:
    token = request.headers.get("authorization")
    if token == "Bearer wrong":
        raise NotSignedIn("The token is not valid.")
    return ShopContext(request, frozenset({"MANAGE"}) if token == "Bearer staff" else frozenset())


SCHEMA = strawberry.Schema(Query, Mutation, Subscription)


def serve(limits: Limits | None = None, **options: Any) -> GraphQLServer:
    schema = options.pop("schema", SCHEMA)
    return GraphQLServer(schema, options.pop("open_context", open_context), limits, **options)


def client(server: GraphQLServer | None = None, **options: Any) -> TestClient:
    app = Starlette(routes=(server or serve(**options)).routes())
    return TestClient(app, base_url="http://shop.test")


def codes(response: Any) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]
