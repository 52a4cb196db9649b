"""The light that each department's pictures stand in: a soft fall from above to the floor."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image

from storeql.demo.drawing.sketch import OVERSAMPLING, SIDE
from storeql.demo.drawing.tones import colour_of

LIGHTS = {
    "phone-accessories": ("#eff3f8", "#cfdae7"),
    "electronics": ("#f1eff7", "#d4cfe4"),
    "homeware": ("#f8f2e9", "#e5d6c2"),
    "lighting": ("#5a5f75", "#3b3f52"),
    "clothing": ("#f6f1ef", "#e0d3d0"),
    "food": ("#f5f4e6", "#dddfc2"),
    "beauty": ("#fbf2f1", "#edd5d6"),
    "sports": ("#ecf4f1", "#c6dcd4"),
}


@lru_cache
def background(department: str) -> Image.Image:
    """A gradient at drawing size; to be copied, never drawn upon."""
    side = SIDE * OVERSAMPLING
    top, bottom = (Image.new("RGB", (side, side), colour_of(c)) for c in LIGHTS[department])
    fall = Image.linear_gradient("L").resize((side, side), Image.Resampling.BICUBIC)
    return Image.composite(bottom, top, fall)
