"""Serves pictures: content-addressed ones for ever, and a thumbnail that is missing made once.

A missing thumbnail is made only of a picture that is there, and only in the sizes there are, so
whoever asks for names at will costs no more than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from storeql.errors import Rejected
from storeql.media.folder import Folder
from storeql.media.names import TYPES, WEBP, is_immutable, thumbnail_size
from storeql.media.pictures import thumbnail_of
from storeql.media.storage import IMMUTABLE, Storage, StorageUnavailable
from storeql.shop import Shop

PATH = "/media"
CHANGING = "public, max-age=3600"
LONGEST_NAME = 500
# A picture is looked at, and nothing else can be made of it.
HEADERS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
}


def media_routes(shop: Shop) -> Sequence[BaseRoute]:
    """The routes of pictures, from the folder or the bucket of the settings."""
    storage = shop.storage
    if isinstance(storage, Folder):
        storage.root.mkdir(parents=True, exist_ok=True)
        return [Mount(PATH, _Files(storage), name="media")]
    answer = partial(_from_bucket, storage)
    return [Route(f"{PATH}/{{name:path}}", answer, methods=["GET", "HEAD"], name="media")]


class _Files(StaticFiles):
    """The files of a folder, with ranges and conditions as Starlette has them."""

    def __init__(self, storage: Folder) -> None:
        super().__init__(directory=Path(storage.root))
        self._storage = storage

    async def get_response(self, path: str, scope: Scope) -> Response:
        name = path.replace("\\", "/")
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            made = error.status_code == 404 and await run_in_threadpool(
                _make_thumbnail, self._storage, name
            )
            if not made:
                raise
            response = await super().get_response(path, scope)
        response.headers.update(_headers(name))
        return response


async def _from_bucket(storage: Storage, request: Request) -> Response:
    name = request.path_params["name"]
    kind = TYPES.get(name.rpartition(".")[2])
    if kind is None or len(name) > LONGEST_NAME or ".." in name:
        return Response(status_code=404)
    etag = f'"{name}"'
    if is_immutable(name) and request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={**_headers(name), "etag": etag})
    try:
        content = await run_in_threadpool(_content, storage, name)
    except StorageUnavailable:
        return Response(status_code=503, headers={"retry-after": "1"})
    if content is None:
        return Response(status_code=404)
    headers = {**_headers(name), "etag": etag} if is_immutable(name) else _headers(name)
    return Response(content, media_type=kind, headers=headers)


def _content(storage: Storage, name: str) -> bytes | None:
    content = storage.get(name)
    if content is None and _make_thumbnail(storage, name):
        content = storage.get(name)
    return content


def _make_thumbnail(storage: Storage, name: str) -> bool:
    """Whether a thumbnail of this name could be made; it is then in the storage."""
    found = thumbnail_size(name)
    if found is None or len(name) > LONGEST_NAME or "\0" in name or ".." in name:
        return False
    stem, size = found
    if thumbnail_size(f"{stem}.webp") is not None:
        return False
    contents = (storage.get(f"{stem}.{extension}") for extension in TYPES)
    content = next((one for one in contents if one is not None), None)
    if content is None:
        return False
    try:
        storage.put(name, thumbnail_of(content, size), WEBP)
    except Rejected:
        return False
    return True


def _headers(name: str) -> dict[str, str]:
    return {**HEADERS, "cache-control": IMMUTABLE if is_immutable(name) else CHANGING}
