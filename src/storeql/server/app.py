"""The door as one ASGI application: the view, the sockets, and what they share."""

from __future__ import annotations

from collections.abc import Collection

import strawberry
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from storeql.server.documents import Documents
from storeql.server.fitness import check_schema
from storeql.server.limits import Limits
from storeql.server.operations import Operations
from storeql.server.permissions import Guards
from storeql.server.preparation import Preparation
from storeql.server.request import OpenContext
from storeql.server.sockets import Sockets
from storeql.server.view import View
from storeql.server.workers import Workers


def operations_of(
    schema: strawberry.Schema, open_context: OpenContext, limits: Limits, *, development: bool
) -> Operations:
    """What runs a schema's operations, for a server and for others who answer with it."""
    check_schema(schema)
    core = schema._schema
    guards = Guards(core)
    documents = Documents(core, guards, limits, suggestions=development)
    return Operations(Preparation(core, guards, development), documents, open_context, limits)


class GraphQLServer:
    """Serves one schema over HTTP and graphql-transport-ws.

    `open_context` is called in the thread that runs the operation. `origins` are other sites whose
    pages may use a visitor's cookies here. `page` answers browsers that come for a page to look at.
    `development` keeps graphql-core's suggestions of names in error messages. Where reads never
    wait (an embedded database), `inline_seconds` lets queries that prove shorter run on the loop.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        open_context: OpenContext,
        limits: Limits | None = None,
        *,
        development: bool = False,
        max_threads: int = 8,
        origins: Collection[str] = (),
        page: ASGIApp | None = None,
        inline_seconds: float = 0.0,
    ) -> None:
        limits = limits or Limits()
        operations = operations_of(schema, open_context, limits, development=development)
        self.operations = operations
        self._workers = Workers(max_threads, limits.waiting)
        self._view = View(
            operations,
            self._workers,
            limits,
            origins=origins,
            page=page,
            inline_seconds=inline_seconds,
        )
        self._sockets = Sockets(operations, self._workers, limits, origins=origins)

    def routes(self, path: str = "/graphql") -> list[BaseRoute]:
        """Routes for a Starlette application."""
        return [Route(path, self), WebSocketRoute(path, self)]

    async def close(self) -> None:
        """Ends the sockets and finishes what is in hand; call it when the application stops."""
        await self._sockets.close()
        await self._workers.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one HTTP request or holds one socket."""
        if scope["type"] == "http":
            await self._view(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._sockets(scope, receive, send)
