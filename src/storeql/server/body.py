"""Reads a request's body as it comes, and no further than it may."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from starlette.types import Message, Receive

from storeql.server.faults import Refusal, refusal
from storeql.server.limits import Limits
from storeql.server.negotiation import JSON

CLOSE = (("connection", "close"),)
LINGERING_TIMES = 8
LINGERING_SECONDS = 0.5


class ClientGone(Exception):
    """The client hung up: nobody waits for an answer."""


def check_content_type(headers: Mapping[str, str]) -> None:
    """Raises Refusal with status 415 for anything but plain JSON in UTF-8.

    Browsers send no such request to another site without asking it first.
    """
    media, *parameters = (
        piece.strip().lower() for piece in headers.get("content-type", "").split(";")
    )
    charsets = [p[8:].strip('"') for p in parameters if p.startswith("charset=")]
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if media == JSON and encoding == "identity" and all(c == "utf-8" for c in charsets):
        return
    raise refusal("UNSUPPORTED_MEDIA_TYPE", f"Send {JSON} in UTF-8, not compressed.", status=415)


async def read_body(headers: Mapping[str, str], receive: Receive, limits: Limits) -> bytes:
    """The body; raises Refusal when it is too large or too slow, ClientGone when it stops."""
    length = headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > limits.body_bytes:
        await _linger(receive, LINGERING_TIMES * limits.body_bytes)
        raise _too_large(limits.body_bytes)
    try:
        async with asyncio.timeout(limits.body_seconds):
            return await _whole(receive, limits.body_bytes)
    except TimeoutError:
        message = "The body of the request takes too long."
        raise refusal("REQUEST_TIMEOUT", message, status=408, headers=CLOSE) from None


async def _whole(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        part = _part(message)
        size += len(part)
        more = bool(message.get("more_body"))
        if size > limit:
            if more:
                await _linger(receive, LINGERING_TIMES * limit)
            raise _too_large(limit)
        parts.append(part)
    return b"".join(parts)


async def _linger(receive: Receive, most: int) -> None:
    """Throws away some more of the body: a client that still writes would not see the answer."""
    with suppress(TimeoutError, ClientGone):
        async with asyncio.timeout(LINGERING_SECONDS):
            more = True
            while more and most > 0:
                message = await receive()
                most -= len(_part(message))
                more = bool(message.get("more_body"))


def _part(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise ClientGone
    body: bytes = message.get("body", b"")
    return body


def _too_large(limit: int) -> Refusal:
    message = f"The body of a request may have at most {limit} bytes."
    return refusal("PAYLOAD_TOO_LARGE", message, status=413, headers=CLOSE, limit=limit)
