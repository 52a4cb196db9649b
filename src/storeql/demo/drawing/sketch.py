"""A sheet to draw on: plain shapes in hundredths of its width, drawn large and reduced once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import sqrt

from PIL import Image, ImageDraw, ImageFilter

from storeql.demo.drawing.curves import Point, closed_curve, ellipse_arc, open_curve
from storeql.demo.drawing.tones import INK, Colour, Tone, mix

SIDE = 800
OVERSAMPLING = 2
UNIT = SIDE * OVERSAMPLING / 100
BANDS = 36
SHADOW_STRENGTH = 70


class Sketch:
    """One picture in the making; (0, 0) is its upper left corner, (100, 100) the lower right."""

    def __init__(self, background: Image.Image) -> None:
        self._image = background.copy()
        self._draw = ImageDraw.Draw(self._image)

    def finished(self) -> Image.Image:
        """The picture at its final size, with smooth edges."""
        return self._image.reduce(OVERSAMPLING)

    def shadow(self, centre: float, y: float, half_width: float, half_height: float = 3) -> None:
        """A soft shadow on the floor."""
        width, height = round(2.6 * half_width * UNIT), round(2.6 * half_height * UNIT)
        place = round(centre * UNIT - width / 2), round(y * UNIT - height / 2)
        self._image.paste(INK, (*place, place[0] + width, place[1] + height), _blur(width, height))

    def box(
        self, x0: float, y0: float, x1: float, y1: float, colour: Colour, radius: float = 0
    ) -> None:
        """A rectangle, with round corners if wanted."""
        corners = (x0 * UNIT, y0 * UNIT, x1 * UNIT, y1 * UNIT)
        self._draw.rounded_rectangle(corners, radius * UNIT, fill=colour)

    def disc(
        self, x: float, y: float, radius: float, colour: Colour, ry: float | None = None
    ) -> None:
        """A circle, or an ellipse with another height."""
        height = radius if ry is None else ry
        corners = (x - radius, y - height, x + radius, y + height)
        self._draw.ellipse([place * UNIT for place in corners], fill=colour)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        """A polygon."""
        self._draw.polygon([(x * UNIT, y * UNIT) for x, y in points], fill=colour)

    def blob(self, points: Sequence[Point], colour: Colour) -> None:
        """A shape with a smooth outline through the points."""
        self.shape(closed_curve(points), colour)

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """Straight lines with round ends and corners."""
        scaled = [(x * UNIT, y * UNIT) for x, y in points]
        self._draw.line(scaled, fill=colour, width=max(round(width * UNIT), 1), joint="curve")
        for x, y in (points[0], points[-1]):
            self.disc(x, y, width / 2, colour)

    def curve(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A smooth line through the points."""
        self.line(open_curve(points), colour, width)

    def arc(
        self,
        centre: Point,
        radii: Point,
        angles: tuple[float, float],
        colour: Colour,
        width: float,
    ) -> None:
        """Part of an ellipse as a line; degrees, 0 to the right, 90 down."""
        self.line(ellipse_arc(centre, radii, *angles), colour, width)

    def turned_body(self, profile: Sequence[Point], tone: Tone, *, centre: float = 50) -> None:
        """A round body lit from the left: `profile` gives half its width at each height, from the
        top down, as (half width, y)."""
        side = open_curve(profile)
        for band in range(BANDS):
            left, right = -1 + 2 * band / BANDS, -1 + 2 * (band + 1) / BANDS
            outline = [(centre + width * left, y) for width, y in side]
            outline += [(centre + width * right + 0.06, y) for width, y in reversed(side)]
            self.shape(outline, lit(tone, (left + right) / 2))

    def inside(self, outline: Sequence[Point], pattern: Callable[[Sketch], None]) -> None:
        """Draws a pattern that shows only inside the outline."""
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        corner = (int(min(xs) * UNIT), int(min(ys) * UNIT))
        box = (*corner, int(max(xs) * UNIT) + 1, int(max(ys) * UNIT) + 1)
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        points = [(x * UNIT - corner[0], y * UNIT - corner[1]) for x, y in outline]
        ImageDraw.Draw(mask).polygon(points, fill=255)
        over = Sketch(self._image)
        pattern(over)
        self._image.paste(over._image.crop(box), box[:2], mask)


def lit(tone: Tone, place: float) -> Colour:
    """The colour of a round body from its left edge (-1) to its right edge (1)."""
    light = sqrt(max(0.0, 1 - (place + 0.35) ** 2 / 1.9))
    if light > 0.8:
        return mix(tone.base, tone.light, ((light - 0.8) * 5) ** 2)
    return mix(tone.deep, tone.base, max(light - 0.3, 0) * 2)


@lru_cache(maxsize=64)
def _blur(width: int, height: int) -> Image.Image:
    small = Image.new("L", (130, 130))
    ImageDraw.Draw(small).ellipse((30, 30, 100, 100), fill=SHADOW_STRENGTH)
    return small.filter(ImageFilter.GaussianBlur(11)).resize((width, height))
