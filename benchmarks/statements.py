"""How many SQL statements an operation takes, BEGIN and COMMIT left out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from starlette.types import ASGIApp

from benchmarks.client import Request
from storeql.app import create_app
from storeql.settings import Settings

Ask = Callable[[Request], tuple[int, bytes, int]]


@contextmanager
def counting(settings: Settings) -> Iterator[Ask]:
    """A function that sends a request in-process: status, body, and how many statements."""
    app = create_app(settings)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    database = app.state.shop.database

    def ask(request: Request) -> tuple[int, bytes, int]:
        seen: list[str] = []
        database.recorder = seen.append
        status, body = asyncio.run(_send(app, request))
        database.recorder = None
        return status, body, len(seen)

    try:
        yield ask
    finally:
        database.close()


async def _send(app: ASGIApp, request: Request) -> tuple[int, bytes]:
    answered: list[Any] = []
    headers = [(b"content-type", b"application/json"), (b"accept", b"application/json")]
    if request.token:
        headers.append((b"authorization", f"Bearer {request.token}".encode()))
    path, _, query = request.path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET" if request.body is None else "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": request.body or b"", "more_body": False}

    async def send(message: Any) -> None:
        answered.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in answered[1:])
    return answered[0]["status"], body
