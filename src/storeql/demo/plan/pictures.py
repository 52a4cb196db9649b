"""Which pictures a product has: one of its first variant, and sometimes one of the second."""

from __future__ import annotations

from msgspec import Struct

from storeql.demo.plan.products import PlannedProduct

SECOND_PICTURE_EVERY = 4


class Drawing(Struct, frozen=True):
    """What is to be drawn: a design, one of its styles, a colour, and the department's light."""

    design: str
    style: int
    colour: str
    department: str


class Picture(Struct, frozen=True):
    """A drawing kept as a file; `path` is relative to the media folder."""

    path: str
    alt: str
    drawing: Drawing


def pictures_of(product: PlannedProduct) -> list[Picture]:
    """The product's pictures in order."""
    wanted = 2 if product.place % SECOND_PICTURE_EVERY == 0 else 1
    what = product.what
    return [
        Picture(
            path=f"products/{what.slug}-{number}.webp",
            alt=what.name if number == 1 else f"{what.name} ({number})",
            drawing=Drawing(what.ware.drawing, what.style, colour, what.ware.type),
        )
        for number, colour in enumerate(dict.fromkeys(product.colours[:wanted]), start=1)
    ]
