"""Names of pictures' files: made of the content, so that they can be kept for ever by anybody."""

from __future__ import annotations

import re
from enum import IntEnum

WEBP = "image/webp"
FOLDER = "images"
PICTURE = re.compile(r"images/[0-9a-f]{2}/[0-9a-f]{64}(?:-[0-9]{1,6})?\.(?:jpg|png|webp)")
THUMBNAIL = re.compile(r"(?P<stem>.+)_(?P<size>[0-9]{2,4})\.webp")
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": WEBP}


class PictureSize(IntEnum):
    """The sizes a picture is shown in: the most pixels of its longer side."""

    SMALL = 160
    MEDIUM = 480
    LARGE = 960


def picture_path(sha256: str, extension: str, *, generation: int = 0) -> str:
    """Where a picture with this content is kept."""
    suffix = f"-{generation}" if generation else ""
    return f"{FOLDER}/{sha256[:2]}/{sha256}{suffix}.{extension}"


def thumbnail_path(path: str, size: PictureSize) -> str:
    """Where the thumbnail of the picture at `path` is kept."""
    return f"{path.rpartition('.')[0]}_{size.value}.webp"


def thumbnail_size(path: str) -> tuple[str, PictureSize] | None:
    """Of what picture, less its extension, a path is the thumbnail, and its size; None for none."""
    match = THUMBNAIL.fullmatch(path)
    if match is None or int(match["size"]) not in {size.value for size in PictureSize}:
        return None
    return match["stem"], PictureSize(int(match["size"]))


def is_immutable(path: str) -> bool:
    """Whether what is served under this path can never change."""
    found = thumbnail_size(path)
    return bool(PICTURE.fullmatch(path if found is None else f"{found[0]}.webp"))
