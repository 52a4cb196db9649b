"""Makes pictures fit to be shown: decoded within bounds, upright, in sRGB, and nothing beside.

Whatever comes in is decoded and encoded again, so that what is served is pixels and nothing that
a camera, an editor or an attacker put beside them.
"""

from __future__ import annotations

import hashlib
import io
import threading
import warnings
from collections.abc import Mapping

from msgspec import Struct
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from storeql.errors import Rejected, refuse
from storeql.media.names import WEBP, PictureSize

MOST_BYTES = 20_000_000
MOST_PIXELS = 40_000_000
LONGEST_SIDE = 12_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
# A telephone's JPEG may hold a second, smaller picture (MPO): it is passed over.
MOVING = ("PNG", "WEBP", "GIF", "AVIF")
# Of grey pixels of 16 bits, where the byte is that counts.
HIGH_BYTES = {"I;16": 1, "I;16L": 1, "I;16B": 0}
QUALITY = 90
THUMBNAIL_QUALITY = 80

# Decoding takes up to half a gigabyte: one picture at a time in a process.
_ONE_AT_A_TIME = threading.Lock()


class Picture(Struct, frozen=True, kw_only=True):
    """A picture to keep; `sha256` is that of its content, `thumbnails` are WebP files by size."""

    content: bytes
    content_type: str
    extension: str
    sha256: str
    width: int
    height: int
    thumbnails: Mapping[PictureSize, bytes]


def read_picture(content: bytes) -> Picture:
    """A picture made of an uploaded file; raises Rejected at `uploadId` for anything else."""
    if len(content) > MOST_BYTES:
        raise _refused("TOO_LARGE", f"A picture has at most {MOST_BYTES // 1_000_000} MB.")
    with _ONE_AT_A_TIME:
        image, came_as = _decoded(content)
        kept, extension, content_type = _encoded(image, came_as)
        return Picture(
            content=kept,
            content_type=content_type,
            extension=extension,
            sha256=hashlib.sha256(kept).hexdigest(),
            width=image.width,
            height=image.height,
            thumbnails={size: _thumbnail(image, size) for size in PictureSize},
        )


def thumbnail_of(content: bytes, size: PictureSize) -> bytes:
    """A kept picture's thumbnail as a WebP file; raises Rejected when it is none."""
    with _ONE_AT_A_TIME:
        image, _ = _decoded(content)
        return _thumbnail(image, size)


def _decoded(content: bytes) -> tuple[Image.Image, str]:
    """The pixels, upright and in sRGB, and the format they came in."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=FORMATS)
            _check_bounds(opened)
            came_as = opened.format or ""
            opened.load()
            upright = ImageOps.exif_transpose(opened)
            return _in_srgb(upright), came_as
    except Rejected:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UnidentifiedImageError as error:
        kinds = "JPEG, PNG, WebP, AVIF or GIF"
        raise _refused("NOT_A_PICTURE", f"This is no picture: send {kinds}.") from error
    except (OSError, ValueError, SyntaxError, EOFError, OverflowError, MemoryError) as error:
        raise _refused("DAMAGED_PICTURE", "This picture is damaged.") from error


def _check_bounds(image: Image.Image) -> None:
    """Before anything is decoded: what the header says decides how much memory is taken."""
    if image.width * image.height > MOST_PIXELS or max(image.size) > LONGEST_SIDE:
        raise _too_many_pixels()
    if image.format in MOVING and getattr(image, "n_frames", 1) > 1:
        raise _refused("ANIMATED", "This picture moves: send a still one.")


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where something shows through; colours as the file's own profile means them."""
    if image.mode in HIGH_BYTES:
        high = image.tobytes()[HIGH_BYTES[image.mode] :: 2]
        image = Image.frombytes("L", image.size, high)
    has_alpha = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    profile = image.info.get("icc_profile")
    mode = "RGBA" if has_alpha else "RGB"
    plain = image if image.mode in ("RGB", "RGBA", "CMYK", "L") else image.convert(mode)
    if profile:
        plain = _without_profile(plain, profile, mode)
    plain = plain if plain.mode == mode else plain.convert(mode)
    fresh = plain.copy()
    fresh.info.clear()
    return fresh


def _without_profile(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    """The same colours in sRGB; a profile that makes no sense is passed over."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        made = ImageCms.profileToProfile(image, source, target, outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return image if made is None else made


def _encoded(image: Image.Image, came_as: str) -> tuple[bytes, str, str]:
    """Content, extension and content type: JPEG stays JPEG, PNG and GIF are PNG, the rest WebP."""
    kept = io.BytesIO()
    if came_as in ("JPEG", "MPO"):
        image.save(kept, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        return kept.getvalue(), "jpg", "image/jpeg"
    if came_as in ("PNG", "GIF"):
        image.save(kept, "PNG")
        return kept.getvalue(), "png", "image/png"
    image.save(kept, "WEBP", quality=QUALITY)
    return kept.getvalue(), "webp", WEBP


def _thumbnail(image: Image.Image, size: PictureSize) -> bytes:
    """At most `size` pixels on the longer side; a smaller picture stays as small as it is."""
    small = image.copy()
    small.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    kept = io.BytesIO()
    small.save(kept, "WEBP", quality=THUMBNAIL_QUALITY)
    return kept.getvalue()


def _too_many_pixels() -> Rejected:
    most = f"{MOST_PIXELS // 1_000_000} million pixels, {LONGEST_SIDE} on a side"
    return _refused("TOO_MANY_PIXELS", f"A picture has at most {most}.")


def _refused(code: str, message: str) -> Rejected:
    return refuse(code, message, "uploadId")
