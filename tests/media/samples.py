"""Pictures for tests, drawn on the spot in whatever format and mode is asked for."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw

RED, GREEN, BLUE = (200, 30, 40), (20, 160, 60), (30, 60, 190)


def drawing(width: int = 120, height: int = 80) -> Image.Image:
    """Red on the left, green on the right, a blue line along the top."""
    image = Image.new("RGB", (width, height), RED)
    pen = ImageDraw.Draw(image)
    pen.rectangle((width // 2, 0, width, height), fill=GREEN)
    pen.rectangle((0, 0, width, height // 8), fill=BLUE)
    return image


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    """The picture as a file."""
    kept = io.BytesIO()
    image.save(kept, form, **options)
    return kept.getvalue()


def a_picture(form: str = "JPEG", width: int = 120, height: int = 80, **options: Any) -> bytes:
    """A small picture as a file."""
    return saved(drawing(width, height), form, **options)


def opened(content: bytes) -> Image.Image:
    """The picture in a file, decoded."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def near(colour: Any, other: tuple[int, ...], by: int = 12) -> bool:
    """Whether two colours are alike, as far as lossy formats keep them."""
    return all(abs(one - two) <= by for one, two in zip(colour, other, strict=False))
