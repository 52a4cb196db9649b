"""Sends one request to a receiver: bounded in time and size, no redirect followed, no way inside.

The name is resolved for every connection, and the connection is made to an address that was looked
at, so that a name cannot mean one address when it is checked and another when it is used.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterable, Mapping
from typing import Any

import httpcore2
from msgspec import Struct

from storeql.webhooks.addresses import Reach
from storeql.webhooks.outcome import KEPT_OF_RESPONSE

KEPT_ALIVE = 20
KEPT_ALIVE_SECONDS = 30.0


class Answer(Struct, frozen=True):
    """What a receiver answered: its HTTP status, and the beginning of the body as text."""

    status: int
    text: str


class NoAnswer(Exception):
    """Why there was none, in one sentence that staff can read."""


class Sender:
    """Sends requests, any number at once; used on one event loop."""

    def __init__(self, reach: Reach, *, seconds: float, connections: int) -> None:
        self._seconds = seconds
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=httpcore2.default_ssl_context(),
            max_connections=connections,
            max_keepalive_connections=KEPT_ALIVE,
            keepalive_expiry=KEPT_ALIVE_SECONDS,
            http1=True,
            http2=False,
            network_backend=_Guarded(reach),
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """The receiver's answer; raises NoAnswer when there is none within the seconds."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._post(url, headers, body)
        except TimeoutError:
            raise NoAnswer(f"It did not answer within {self._seconds:g} seconds.") from None
        except _Private as refused:
            raise NoAnswer(str(refused)) from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError, ssl.SSLError, OSError) as error:
            raise NoAnswer(_told(error)) from error
        except (httpcore2.UnsupportedProtocol, ValueError) as error:
            raise NoAnswer(f"The address cannot be used: {_told(error)}") from error

    async def close(self) -> None:
        """Closes the connections that are kept alive."""
        await self._pool.aclose()

    async def _post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        fields = list(headers.items())
        request = self._pool.stream("POST", url, headers=fields, content=body)
        async with request as response:
            kept = b""
            async for chunk in response.aiter_stream():
                kept += chunk
                if len(kept) >= KEPT_OF_RESPONSE:
                    break
        text = kept[:KEPT_OF_RESPONSE].decode("utf-8", errors="replace").replace("\0", "�")
        return Answer(response.status, text)


class _Private(Exception):
    """The host is in a network where webhooks may not go."""


class _Guarded(httpcore2.AsyncNetworkBackend):
    """Connects to addresses that webhooks may reach, and to no other."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._network = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to the first address of the host that takes one."""
        addresses = await _resolved(host, port)
        if not self._reach.allows(host, addresses):
            raise _Private(f"{host} is in a private network, where webhooks may not go.")
        for address in addresses[:-1]:
            try:
                return await self._network.connect_tcp(address, port, timeout=timeout)
            except httpcore2.ConnectError:
                continue
        return await self._network.connect_tcp(addresses[-1], port, timeout=timeout)


async def _resolved(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore2.ConnectError(f"{host} is not known") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _told(error: BaseException) -> str:
    """What went wrong, on one line; some errors of connections say it only in their cause."""
    cause: BaseException | None = error
    while cause is not None:
        if str(cause).strip():
            return f"{str(cause).strip().splitlines()[0].rstrip('.')}."
        cause = cause.__cause__ or cause.__context__
    return f"{type(error).__name__}."
