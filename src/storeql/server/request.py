"""What the door tells a context about a request, and what it asks of a context in return."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeAlias

from msgspec import Struct


class RequestInfo(Struct, frozen=True, kw_only=True):
    """All a context may know of a request: nothing of the document, nothing of the body.

    Header names are lower case. On a socket, `headers` are those of the handshake, with the
    `authorization` of its `connection_init` payload when it brought one. `deadline` is the
    `time.monotonic` instant past which nobody waits for the answer.
    """

    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    client_ip: str
    request_id: str
    method: str
    is_websocket: bool = False
    deadline: float | None = None


class Context(Protocol):
    """What an operation runs with; made and closed in the thread that runs it.

    Looked at when present, beyond what is declared here: `is_authenticated` (False turns FORBIDDEN
    into UNAUTHENTICATED), `deadline` (set to a `time.monotonic` instant before the operation
    begins), `response_cookies` (whole Set-Cookie values) and `response_headers` (a mapping).
    """

    @property
    def granted(self) -> frozenset[str]:
        """Names of the permissions that fields may ask for."""
        ...

    def close(self, failed: bool) -> None:
        """Lets go of what the operation held; `failed` when it answered with any error."""
        ...


OpenContext: TypeAlias = Callable[[RequestInfo], Context]
