"""WebSockets: who may open one, how many there are, and how they end."""

from __future__ import annotations

from collections.abc import Collection

from starlette.types import Receive, Scope, Send

from storeql.server.frames import GOING_AWAY, PROTOCOL, SUBPROTOCOL_NOT_ACCEPTABLE
from storeql.server.limits import Limits
from storeql.server.operations import Operations
from storeql.server.origin import may_open_socket
from storeql.server.request_log import begun_request
from storeql.server.session import Session
from storeql.server.view import headers_of, info_of
from storeql.server.workers import Workers


class Sockets:
    """The ASGI application that holds graphql-transport-ws sockets."""

    def __init__(
        self,
        operations: Operations,
        workers: Workers,
        limits: Limits,
        *,
        origins: Collection[str] = (),
    ) -> None:
        self._operations = operations
        self._workers = workers
        self._limits = limits
        self._origins = frozenset(origins)
        self._sessions: set[Session] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Holds one socket until either side closes it."""
        headers = headers_of(scope)
        await receive()  # websocket.connect
        full = len(self._sessions) >= self._limits.sockets
        if full or not may_open_socket(headers, self._origins):
            await send({"type": "websocket.close", "code": 1013 if full else 1008})
            return
        if PROTOCOL not in scope.get("subprotocols", ()):
            await send({"type": "websocket.accept"})
            code, reason = SUBPROTOCOL_NOT_ACCEPTABLE, "Subprotocol not acceptable"
            await send({"type": "websocket.close", "code": code, "reason": reason})
            return
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
        info = info_of(scope, headers, begun_request(headers))
        session = Session(self._operations, self._workers, self._limits, info, send)
        self._sessions.add(session)
        try:
            await session.hold(receive)
        finally:
            self._sessions.discard(session)

    async def close(self) -> None:
        """Tells every client that the server goes away."""
        for session in list(self._sessions):
            await session.close(GOING_AWAY, "Going away")
