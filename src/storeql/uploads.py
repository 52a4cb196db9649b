"""Where staff hand in files: the body of a POST, kept part by part as it comes.

What a file is good for is said by the mutation that names it; until then it is bytes with an id.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Collection, Sequence
from functools import partial
from typing import Any

from msgspec import Struct
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from storeql.access import STAFF_PERMISSIONS, Actor, Permission, require
from storeql.door import HEADERS, STATUS, actor_of, token_of
from storeql.errors import Rejected, StoreError
from storeql.files.keep import PART_BYTES, add_part, file_name, forget_file, make_whole, open_file
from storeql.schema.ids import opaque_id
from storeql.schema.scalars import instant_text
from storeql.server.faults import Refusal, refusal
from storeql.server.origin import check_request_origin
from storeql.shop import Shop

PATH = "/uploads"
KEPT_MS = 24 * 60 * 60 * 1000
UNFINISHED_MS = 60 * 60 * 1000
PATIENCE_SECONDS = 30.0
MAY = tuple(Permission(one) for one in sorted(STAFF_PERMISSIONS))


class Received(Struct, frozen=True):
    """A file that is whole."""

    id: int
    name: str
    size: int
    sha256: str
    expires_at: int


def upload_routes(shop: Shop, cookie_name: str) -> Sequence[BaseRoute]:
    """The route for files; a token, or the cookie of a session, says who hands one in."""
    return [Route(PATH, partial(_upload, shop, cookie_name), methods=["POST"])]


async def _upload(shop: Shop, cookie_name: str, request: Request) -> Response:
    try:
        received = await _received(shop, cookie_name, request)
    except Refusal as refused:
        body = {"errors": refused.errors}
        return JSONResponse(body, refused.status, headers={**HEADERS, **dict(refused.headers)})
    except StoreError as error:
        code = error.problems[0].code if isinstance(error, Rejected) else error.code
        told = {"message": error.message, "extensions": {"code": code}}
        return JSONResponse({"errors": [told]}, STATUS.get(type(error), 422), headers=HEADERS)
    except ClientDisconnect:
        return Response(status_code=400)
    return JSONResponse(_told(received), 201, headers=HEADERS)


async def _received(shop: Shop, cookie_name: str, request: Request) -> Received:
    """Keeps the body; what came of one that breaks off is forgotten again."""
    allowed: Collection[str] = shop.settings.cors_origins
    check_request_origin(request.headers, request.method, allowed)
    actor = await run_in_threadpool(actor_of, shop, token_of(request, cookie_name))
    require(actor, *MAY)
    _check_length(request, shop.settings.max_upload)
    name = file_name(request.query_params.get("name", ""))
    keeping = _Keeping(shop, name, actor)
    await run_in_threadpool(keeping.open)
    try:
        async for part in _parts(request, shop.settings.max_upload):
            await run_in_threadpool(keeping.add, part)
        return await run_in_threadpool(keeping.finish)
    except BaseException:
        await asyncio.shield(run_in_threadpool(keeping.forget))
        raise


class _Keeping:
    """A file as it grows; each part is a transaction of its own."""

    def __init__(self, shop: Shop, name: str, actor: Actor) -> None:
        self._shop, self._name, self._actor = shop, name, actor
        self._id = self._position = self._size = 0
        self._digest = hashlib.sha256()

    def open(self) -> None:
        now = self._shop.clock()
        self._id = self._write(
            lambda connection: open_file(
                connection,
                self._name,
                actor=self._actor.key,
                now=now,
                expires_at=now + UNFINISHED_MS,
            )
        )

    def add(self, part: bytes) -> None:
        self._write(lambda connection: add_part(connection, self._id, self._position, part))
        self._position += 1
        self._size += len(part)
        self._digest.update(part)

    def finish(self) -> Received:
        if not self._size:
            raise refusal("EMPTY", "There is nothing in the body.", status=422)
        expires_at, sha256 = self._shop.clock() + KEPT_MS, self._digest.hexdigest()
        self._write(
            lambda connection: make_whole(
                connection, self._id, size=self._size, sha256=sha256, expires_at=expires_at
            )
        )
        return Received(self._id, self._name, self._size, sha256, expires_at)

    def forget(self) -> None:
        self._write(lambda connection: forget_file(connection, self._id))

    def _write(self, work: Any) -> Any:
        return self._shop.database.write(work)


async def _parts(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body in parts of half a megabyte; raises Refusal when it is too large or stands still."""
    stream, waiting, size = request.stream().__aiter__(), bytearray(), 0
    while True:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                piece = await anext(stream, None)
        except TimeoutError:
            message = "The body of the request takes too long."
            raise refusal("REQUEST_TIMEOUT", message, status=408) from None
        if piece is None:
            break
        size += len(piece)
        if size > most:
            raise _too_large(most)
        waiting += piece
        while len(waiting) >= PART_BYTES:
            yield bytes(waiting[:PART_BYTES])
            del waiting[:PART_BYTES]
    if waiting:
        yield bytes(waiting)


def _check_length(request: Request, most: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > most:
        raise _too_large(most)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        message = "Send the file itself as the body of the request, not a form."
        raise refusal("UNSUPPORTED_MEDIA_TYPE", message, status=415)


def _too_large(most: int) -> Refusal:
    message = f"A file may have at most {most} bytes."
    closing = (("connection", "close"),)
    return refusal("PAYLOAD_TOO_LARGE", message, status=413, headers=closing, limit=most)


def _told(received: Received) -> dict[str, Any]:
    return {
        "id": opaque_id("Upload", received.id),
        "name": received.name,
        "size": received.size,
        "sha256": received.sha256,
        "expiresAt": instant_text(received.expires_at),
    }
