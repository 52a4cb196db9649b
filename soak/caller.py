"""A client of the shop over one kept-alive connection, which tells an answer from none."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from benchmarks.client import Connection, graphql

Result = TypeVar("Result")

ANSWER_WITHIN_SECONDS = 40.0
RETRY_AFTER_SECONDS = 0.1


class Unanswered(Exception):
    """The connection broke, or could not be made, before the answer was there."""


class Unusable(Exception):
    """An answer that no client can use: a status other than 200, or top-level errors."""


async def until_answered(
    ask: Callable[[], Awaitable[Result]], *, seconds: float, unanswered: Callable[[], None]
) -> Result:
    """What `ask` returns, tried again while it raises Unanswered; `unanswered` is told of each."""
    until = time.monotonic() + seconds
    while True:
        try:
            return await ask()
        except Unanswered:
            unanswered()
            if time.monotonic() > until:
                raise
            await asyncio.sleep(RETRY_AFTER_SECONDS)


@dataclass(frozen=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    body: bytes
    seconds: float

    def value(self) -> Any:
        """The value of the one root field; raises Unusable when there is none."""
        decoded = orjson.loads(self.body) if self.status == 200 else None
        if decoded is None or "errors" in decoded:
            raise Unusable(f"{self.status} {self.body[:300].decode(errors='replace')}")
        [value] = decoded["data"].values()
        return value


class Caller:
    """One client's connection to the shop, made when it is first needed and again once broken."""

    def __init__(self, port: int, token: str = "") -> None:
        self._port = port
        self._token = token
        self._connection: Connection | None = None

    async def connect(self) -> None:
        """Makes the connection if there is none; raises Unanswered when nobody listens."""
        if self._connection is None:
            connection = Connection(self._port)
            try:
                self._connection = await asyncio.wait_for(connection.__aenter__(), 10)
            except (OSError, TimeoutError) as error:
                raise Unanswered(str(error)) from error

    async def answer(self, query: str, /, **variables: Any) -> Answer:
        """The answer, whatever it is; raises Unanswered."""
        await self.connect()
        assert self._connection is not None
        request = graphql(query, self._token, **variables)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                status, body = await self._connection.send(request)
        except (OSError, EOFError, TimeoutError) as error:
            await self.close()
            raise Unanswered(type(error).__name__) from error
        return Answer(status, body, time.perf_counter() - began)

    async def ask(self, query: str, /, **variables: Any) -> Any:
        """The value of the one root field; raises Unanswered or Unusable."""
        return (await self.answer(query, **variables)).value()

    async def close(self) -> None:
        """Hangs up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.__aexit__(None, None, None)
