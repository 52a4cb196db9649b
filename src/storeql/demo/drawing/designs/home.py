"""Pictures of cushions, towels, blankets, boxes and vases."""

from __future__ import annotations

from storeql.demo.drawing.curves import Point, closed_curve, ellipse_arc
from storeql.demo.drawing.sketch import Sketch
from storeql.demo.drawing.tones import (
    CREAM,
    GLASS,
    LEAF,
    LEAF_DARK,
    WOOD,
    WOOD_DARK,
    Tone,
    mix,
)


def cushion(sketch: Sketch, tone: Tone, style: int) -> None:
    """Ribbed, plain, embroidered, or fluffy."""
    outline = [(20, 24), (50, 28), (80, 24), (76, 52), (80, 81), (50, 77), (20, 81), (24, 52)]
    sketch.shadow(50, 83, 32, 3)
    sketch.blob([(x + 0.8, y + 1.2) for x, y in outline], tone.deep)
    sketch.blob(outline, tone.base)
    soft = closed_curve([(48 + (x - 50) * 0.84, 51 + (y - 52) * 0.84) for x, y in outline])
    sketch.shape(soft, mix(tone.base, tone.light, 0.45))
    if style == 0:
        for x in range(27, 75, 4):
            sketch.curve([(x, 28.5), (x + (x - 50) * -0.05, 52), (x, 76.5)], tone.dark, 0.7)
    if style == 2:
        _branch(sketch, tone)
    if style == 3:
        for x in range(26, 76, 6):
            for y in range(31, 77, 6):
                centre = (x + y % 4, y)
                sketch.arc(centre, (2.4, 2), (0, 250), mix(tone.base, tone.pale, 0.5), 0.8)
    if style == 1:
        sketch.line([(27, 70), (73, 70)], tone.dark, 0.5)
        for x in (46, 50, 54):
            sketch.disc(x, 70, 1.1, tone.mark)


def _branch(sketch: Sketch, tone: Tone) -> None:
    sketch.curve([(36, 70), (46, 56), (52, 44), (64, 33)], tone.mark, 0.8)
    for x, y, dx, dy in (
        (42, 62, -6, -6),
        (46, 56, 7, 3),
        (50, 49, -6, -7),
        (54, 42, 7, 2),
        (59, 37, -3, -7),
    ):
        tip = (x + dx, y + dy)
        sketch.blob([(x, y), (x + dx * 0.3 + 1.6, y + dy * 0.6), tip, (x + dx * 0.7, y)], tone.pale)


def towel(sketch: Sketch, tone: Tone, style: int) -> None:
    """A folded stack; the thick one is rolled."""
    sketch.shadow(50, 81, 34)
    if style == 2:
        for x, y in ((32, 66), (64, 66), (48, 45)):
            sketch.disc(x + 0.6, y + 1, 15.6, tone.deep)
            sketch.disc(x, y, 15.4, tone.base)
            for radius in (12, 8.4, 4.8, 1.6):
                sketch.arc((x, y), (radius, radius), (20, 340), tone.dark, 0.9)
        return
    shades = (tone.base, mix(tone.base, tone.pale, 0.5), tone.light)
    for place, shade in enumerate(shades):
        y = 62 - place * 17
        sketch.box(17 + place, y, 84 - place, y + 19, mix(shade, tone.deep, 0.45), 7)
        sketch.box(17 + place, y, 83 - place, y + 17.4, shade, 7)
        sketch.box(21 + place, y + 7.6, 83 - place, y + 9, mix(shade, tone.deep, 0.3), 0.6)
        if style in (1, 3):
            for x in range(26, 80, 4 if style == 1 else 8):
                sketch.line([(x, y + 2), (x, y + 6)], mix(shade, tone.deep, 0.16), 0.5)
                sketch.line([(x, y + 11), (x, y + 15)], mix(shade, tone.deep, 0.16), 0.5)
    sketch.box(66, 60, 73, 68, CREAM, 0.6)


def blanket(sketch: Sketch, tone: Tone, style: int) -> None:
    """Draped over an invisible rail: knitted, plain, checked with a fringe."""
    sketch.shadow(50, 88, 30, 2)
    left = [(22, 22), (50, 19), (78, 22), (80, 50), (78, 84), (64, 82), (50, 85), (36, 82)]
    outline = closed_curve([*left, (22, 84), (20, 52)])
    if style in (1, 3):
        for x in range(23, 79, 3):
            sketch.line([(x, 82), (x - 0.4, 90)], tone.dark, 0.9)
    sketch.shape([(x + 0.8, y + 1) for x, y in outline], tone.deep)
    sketch.shape(outline, tone.base)
    if style == 3:
        sketch.inside(outline, lambda over: _plaid(over, tone))
    if style == 0:
        for x in range(25, 78, 6):
            for y in range(26, 82, 5):
                knit = [(x, y), (x + 3, y + 3), (x + 6, y)]
                sketch.line(knit, tone.light if x % 4 else tone.dark, 1.2)
    for x, y in ((36, 50), (63, 54)):
        sketch.curve([(x, 23), (x - 2, y), (x + 1, 81)], tone.dark, 1)
    sketch.curve([(28, 24), (27, 52), (29, 80)], tone.light, 1.4)


def _plaid(sketch: Sketch, tone: Tone) -> None:
    for x in range(24, 80, 14):
        sketch.box(x, 15, x + 5, 90, tone.dark)
        sketch.box(x + 7, 15, x + 8, 90, tone.pale)
    for y in range(24, 86, 14):
        sketch.box(15, y, 85, y + 5, mix(tone.dark, tone.deep, 0.4))
        sketch.box(15, y + 7, 85, y + 8, tone.pale)


def storage_box(sketch: Sketch, tone: Tone, style: int) -> None:
    """Of cloth, with a bamboo lid, on wheels, or with clear drawers."""
    sketch.shadow(50, 82, 35)
    if style == 2:
        for x in (24, 76):
            sketch.disc(x, 81, 3.6, (70, 74, 82))
            sketch.disc(x, 81, 1.6, (190, 194, 200))
    top = 56 if style == 2 else 38
    sketch.shape([(17, top), (83, top), (80, 81), (20, 81)], tone.deep)
    sketch.shape([(17, top), (74, top), (72, 80), (20, 80)], tone.base)
    if style == 3:
        for y in (42, 61):
            sketch.box(23, y, 69, y + 16, mix(tone.base, GLASS, 0.75), 2)
            sketch.box(26, y + 7, 46, y + 15, (214, 160, 132), 1)
            sketch.box(48, y + 5, 64, y + 15, (140, 166, 188), 1)
            sketch.box(41, y + 2, 51, y + 4, tone.deep, 1)
    else:
        sketch.box(38, top + 14, 56, top + 18, tone.deep, 2)
        sketch.box(39, top + 15, 55, top + 17.4, tone.dark, 1.2)
    lid, lid_dark = (WOOD, WOOD_DARK) if style == 1 else (tone.light, tone.dark)
    sketch.box(14, top - 7, 86, top + 2, lid_dark, 2.4)
    sketch.box(14, top - 7, 85, top, lid, 2.4)
    if style == 0:
        for y in range(top + 5, 80, 3):
            sketch.line([(19.5, y), (73, y)], tone.dark, 0.3)


def vase(sketch: Sketch, tone: Tone, style: int) -> None:
    """A meiping with a branch, a rough jar, a bud vase, or a ribbed one."""
    _flowers(sketch, style)
    sketch.shadow(50, 88, 17)
    profiles: dict[int, list[Point]] = {
        0: [(5, 42), (4.4, 45), (9, 50), (17, 57), (16, 68), (10, 80), (9, 88)],
        1: [(11, 46), (10, 49), (17, 58), (19, 70), (14, 84), (12, 88)],
        2: [(3.4, 44), (3, 58), (5, 66), (12, 76), (12, 84), (9, 88)],
        3: [(9, 42), (8, 50), (12, 62), (15, 74), (13, 85), (11, 88)],
    }
    profile = profiles[style]
    sketch.turned_body(profile, tone)
    mouth = profile[0][0]
    sketch.disc(50, profile[0][1], mouth, tone.light, mouth * 0.24)
    sketch.disc(50, profile[0][1] + 0.2, mouth * 0.8, tone.deep, mouth * 0.16)
    if style == 3:
        for share in (-0.7, -0.4, -0.1, 0.2, 0.5, 0.8):
            rib = [(50 + width * share, y) for width, y in profile[1:]]
            sketch.curve(rib, tone.dark, 0.5)
    if style == 1:
        sketch.arc((50, 64), (18, 3), (10, 170), tone.dark, 0.8)


def _flowers(sketch: Sketch, style: int) -> None:
    stems = [((50, 46), (44, 30), (34, 18)), ((50, 46), (53, 28), (60, 12))]
    for stem in stems if style != 2 else stems[1:]:
        sketch.curve(list(stem), LEAF_DARK, 0.9)
        middle, tip = stem[1], stem[2]
        for dx in (-5, 5):
            leaf = [middle, (middle[0] + dx, middle[1] - 5), (middle[0] + dx * 1.7, middle[1] - 3)]
            sketch.blob([*leaf, (middle[0] + dx, middle[1])], LEAF)
        for petal in ellipse_arc(tip, (3.4, 3.4), 0, 288, 4):
            sketch.disc(*petal, 2.7, (238, 180, 170) if style % 2 else (250, 240, 225))
        sketch.disc(*tip, 2, (226, 178, 90))


DESIGNS = (cushion, towel, blanket, storage_box, vase)
