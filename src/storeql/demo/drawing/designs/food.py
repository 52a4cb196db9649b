"""Pictures of tea, coffee, nuts, cookies and honey."""

from __future__ import annotations

from storeql.demo.drawing.curves import turned
from storeql.demo.drawing.sketch import Sketch
from storeql.demo.drawing.tones import (
    CREAM,
    GLASS,
    GOLD,
    INK,
    LEAF,
    LEAF_DARK,
    PAPER,
    STEEL,
    WOOD,
    WOOD_DARK,
    Tone,
    mix,
    tone_of,
)


def _leaf(sketch: Sketch, x: float, y: float, degrees: float, size: float = 1.0) -> None:
    outline = [(x, y - 8 * size), (x + 3.4 * size, y - 2 * size), (x, y + 7 * size)]
    outline += [(x - 3.4 * size, y - 2 * size)]
    sketch.blob(turned(outline, (x, y), degrees), LEAF)
    sketch.line(turned([(x, y - 6 * size), (x, y + 9 * size)], (x, y), degrees), LEAF_DARK, 0.5)


def _label(sketch: Sketch, tone: Tone, x: float, y: float, style: int) -> None:
    """A paper label with a mountain, a leaf, a sun or a flower."""
    sketch.box(x - 10, y - 11, x + 10, y + 12, PAPER, 1)
    if style == 0:
        sketch.shape([(x - 8, y + 3), (x - 2, y - 6), (x + 3, y + 3)], tone.base)
        sketch.shape([(x - 1, y + 3), (x + 4, y - 3), (x + 8, y + 3)], tone.dark)
    elif style == 1:
        _leaf(sketch, x, y - 2, 30, 0.7)
    elif style == 2:
        sketch.disc(x, y - 2, 4.4, (228, 140, 92))
        sketch.line([(x - 7, y + 2.6), (x + 7, y + 2.6)], tone.base, 0.7)
    else:
        for dx, dy in ((0, -6), (4, -3), (2.4, 1), (-2.4, 1), (-4, -3)):
            sketch.disc(x + dx, y + dy, 2.3, mix(tone.light, PAPER, 0.3))
        sketch.disc(x, y - 2, 1.8, GOLD)
    for row, half in ((6.4, 6), (8.8, 4)):
        sketch.line([(x - half, y + row), (x + half, y + row)], tone.deep, 0.6)


def tea_tin(sketch: Sketch, tone: Tone, style: int) -> None:
    """A round tin with a label, leaves beside it."""
    sketch.shadow(48, 86, 22)
    sketch.turned_body([(19, 32), (19, 85), (18, 86)], tone, centre=48)
    sketch.turned_body([(18, 18), (20, 20), (20, 31), (20, 33)], tone_of(tone.dark), centre=48)
    sketch.disc(48, 18, 18, tone.light, 3.6)
    sketch.disc(48, 18, 14, tone.base, 2.6)
    sketch.arc((48, 33), (20, 2.6), (10, 170), GOLD, 0.6)
    _label(sketch, tone, 46, 58, style)
    for x, y, degrees in ((77, 82, 70), (84, 76, 40), (22, 84, -60)):
        _leaf(sketch, x, y, degrees, 0.8)


def tea_box(sketch: Sketch, tone: Tone, style: int) -> None:
    """A box of black tea, or tea cakes in paper."""
    if style >= 2:
        _tea_cakes(sketch, tone, style)
        return
    sketch.shadow(50, 84, 30)
    sketch.shape([(64, 30), (82, 24), (82, 76), (64, 84)], tone.deep)
    sketch.shape([(20, 30), (64, 30), (82, 24), (40, 24)], tone.light)
    sketch.shape([(20, 30), (64, 30), (64, 84), (20, 84)], tone.base)
    sketch.box(20, 38, 64, 40, GOLD)
    sketch.box(20, 76, 64, 78, GOLD)
    _label(sketch, tone, 42, 57, style + 2)
    sketch.curve([(58, 84), (70, 90), (80, 84)], PAPER, 0.5)
    sketch.box(79, 80, 87, 89, PAPER, 0.8)
    _leaf(sketch, 83, 84, 0, 0.35)


def _tea_cakes(sketch: Sketch, tone: Tone, style: int) -> None:
    sketch.shadow(50, 78, 34, 5)
    for x, y, radius in ((62, 44, 22), (40, 58, 25)):
        sketch.disc(x + 0.8, y + 2.4, radius, mix(tone.deep, INK, 0.2), radius * 0.8)
        sketch.disc(x, y, radius, CREAM, radius * 0.8)
        sketch.disc(x, y, radius * 0.62, tone.base, radius * 0.5)
        sketch.disc(x, y, radius * 0.5, CREAM, radius * 0.4)
        if style == 2:
            sketch.shape([(x - 5, y + 3), (x, y - 5), (x + 5, y + 3)], tone.base)
        else:
            _leaf(sketch, x, y, 20, 0.6)
    for x, y in ((78, 76), (72, 80), (84, 80)):
        sketch.disc(x, y, 3.2, tone.dark, 2.2)
        sketch.disc(x - 0.6, y - 0.5, 2, tone.base, 1.2)


def coffee_bag(sketch: Sketch, tone: Tone, style: int) -> None:
    """A bag with a valve and a label, beans before it."""
    sketch.shadow(48, 87, 24)
    sketch.shape([(27, 20), (69, 20), (72, 34), (71, 86), (25, 86), (24, 34)], tone.base)
    sketch.shape([(62, 20), (69, 20), (72, 34), (71, 86), (62, 86), (64, 34)], tone.dark)
    sketch.shape([(29, 36), (34, 34), (33, 84), (27, 84)], tone.light)
    sketch.box(26, 14, 70, 22, tone.deep, 1)
    sketch.box(26, 14, 69, 20, tone.dark, 1)
    sketch.disc(47, 31, 2.6, tone.deep)
    sketch.disc(47, 31, 1.2, tone.light)
    _label(sketch, tone, 47, 57, (style + 2) % 4)
    for x, y, degrees in ((76, 82, 20), (82, 86, 70), (69, 87, -30), (20, 86, 40)):
        bean = [(x - 4.4, y), (x, y - 3), (x + 4.4, y), (x, y + 3)]
        sketch.blob(turned(bean, (x, y), degrees), (92, 62, 44))
        line = turned([(x - 3.4, y), (x, y + 0.8), (x + 3.4, y)], (x, y), degrees)
        sketch.curve(line, (60, 40, 30), 0.7)


def nut_jar(sketch: Sketch, tone: Tone, style: int) -> None:
    """A glass jar full of nuts with a screw top."""
    sketch.shadow(48, 87, 24)
    sketch.box(26, 28, 71, 87, mix(GLASS, INK, 0.12), 9)
    sketch.box(26, 28, 70, 86, GLASS, 9)
    nuts = (tone.base, tone.dark, tone.light, (164, 88, 74) if style == 0 else tone.base)
    for row in range(7):
        for place in range(6):
            x = 31.5 + place * 6.6 + row % 2 * 3
            y = 82 - row * 6.2
            if x < 68:
                sketch.disc(x, y, 3.9, tone.deep, 3.2)
                sketch.disc(x - 0.4, y - 0.5, 3.5, nuts[(row * 5 + place * 3) % 4], 2.7)
    sketch.box(28.5, 34, 31, 80, (250, 253, 253), 1.2)
    sketch.box(28, 17, 68, 29, STEEL if style % 2 else WOOD_DARK, 2)
    sketch.box(28, 17, 66, 26.6, (222, 226, 230) if style % 2 else WOOD, 2)
    sketch.box(38, 50, 60, 70, PAPER, 1.4)
    sketch.disc(49, 57.6, 4, tone.base, 5)
    sketch.line([(43, 66), (55, 66)], tone.deep, 0.7)
    for x, y in ((78, 84), (84, 80), (19, 85)):
        sketch.disc(x, y, 4, tone.deep, 3.2)
        sketch.disc(x - 0.4, y - 0.5, 3.5, tone.base, 2.7)


def cookies(sketch: Sketch, tone: Tone, style: int) -> None:
    """On a plate, or in a tin."""
    if style == 3:
        sketch.shadow(50, 82, 36, 5)
        sketch.disc(50, 62, 37, (150, 72, 66), 22)
        sketch.disc(50, 57, 37, (190, 92, 82), 22)
        sketch.disc(50, 56, 33, CREAM, 19)
        places = [(36, 50), (52, 46), (66, 52), (42, 62), (60, 63)]
    else:
        sketch.shadow(50, 74, 38, 5)
        sketch.disc(50, 68, 40, (222, 220, 214), 15)
        sketch.disc(50, 66, 40, PAPER, 15)
        places = [(34, 62), (52, 66), (68, 61), (43, 52), (60, 51), (51, 40)]
    for x, y in places:
        _cookie(sketch, tone, x, y, style)


def _cookie(sketch: Sketch, tone: Tone, x: float, y: float, style: int) -> None:
    sketch.disc(x + 0.4, y + 2, 10, tone.deep, 6.4)
    if style == 2:
        sketch.disc(x, y + 0.8, 9.6, CREAM, 6)
    sketch.disc(x, y, 10, tone.base, 6.4)
    sketch.disc(x - 0.8, y - 0.8, 8, tone.light, 4.8)
    for dx, dy in ((-4, -1), (1, -2.6), (4.4, 0.4), (-1, 2), (3, 2.6)):
        if style == 1:
            sketch.line([(x + dx - 0.8, y + dy), (x + dx + 0.8, y + dy)], tone.dark, 0.6)
        else:
            sketch.disc(x + dx, y + dy, 1.2, mix(tone.deep, (70, 40, 30), 0.5), 0.8)


def honey(sketch: Sketch, tone: Tone, style: int) -> None:
    """A jar with a cloth or wooden top, a dipper before it."""
    sketch.shadow(46, 86, 23)
    amber = tone_of(tone.base)
    sketch.turned_body([(18, 32), (22, 38), (22, 78), (19, 86)], amber, centre=46)
    sketch.turned_body([(17, 26), (17, 33)], tone_of(GLASS), centre=46)
    top = (PAPER, CREAM) if style % 2 else (WOOD, WOOD_DARK)
    sketch.box(28, 16, 65, 28, top[1], 2)
    sketch.box(28, 16, 64, 26, top[0], 2)
    if style % 2:
        sketch.shape(
            [
                (27, 26),
                (65, 26),
                (68, 33),
                (62, 30),
                (56, 34),
                (46, 30),
                (36, 34),
                (30, 30),
                (24, 33),
            ],
            PAPER,
        )
        sketch.line([(28, 26.6), (64, 26.6)], (190, 80, 70), 0.8)
    sketch.box(34, 46, 58, 70, PAPER, 1.4)
    for x, y in ((42, 56), (46, 54), (50, 56), (42, 60.4), (46, 62.4), (50, 60.4)):
        sketch.disc(x, y, 1.9, tone.base)
    sketch.line([(39, 66.6), (53, 66.6)], tone.deep, 0.7)
    sketch.line([(66, 84), (90, 60)], WOOD, 1.8)
    for place in range(4):
        sketch.disc(65 + place * 2.4, 85 - place * 2.4, 3.8, WOOD_DARK if place % 2 else WOOD)


DESIGNS = (tea_tin, tea_box, coffee_bag, nut_jar, cookies, honey)
