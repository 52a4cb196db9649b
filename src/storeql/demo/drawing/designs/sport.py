"""Pictures of mats, dumbbells, bottles, tents and camping chairs."""

from __future__ import annotations

from storeql.demo.drawing.curves import Point, turned
from storeql.demo.drawing.sketch import Sketch, lit
from storeql.demo.drawing.tones import (
    INK,
    LEAF_DARK,
    STEEL,
    STEEL_DARK,
    WOOD,
    WOOD_DARK,
    Tone,
    mix,
    tone_of,
)


def yoga_mat(sketch: Sketch, tone: Tone, style: int) -> None:
    """Half rolled, or folded for travel."""
    if style == 3:
        sketch.shadow(50, 78, 34)
        for place in range(5):
            y = 70 - place * 8
            sketch.box(18, y, 82, y + 8.6, tone.deep, 3)
            sketch.box(18, y, 82, y + 7, tone.base if place % 2 else tone.light, 3)
        return
    roll = tone_of(WOOD) if style == 2 else tone
    sketch.shadow(54, 84, 36, 4)
    sketch.shape([(22, 64), (79, 64), (91, 83), (32, 83)], roll.deep)
    sketch.shape([(22, 63), (79, 63), (90, 81.6), (32, 81.6)], roll.light)
    if style == 1:
        sketch.shape([(30.4, 78.6), (88.2, 78.6), (90, 81.6), (32, 81.6)], roll.deep)
    sketch.line([(36, 72), (80, 72)], roll.base, 0.6)
    for band in range(24):
        height = 34 + band * 1.35
        sketch.box(22, height, 79, height + 1.5, lit(roll, -1 + band / 12))
    sketch.disc(79, 50.2, 7.4, roll.dark, 16.2)
    sketch.disc(22, 50.2, 8, roll.dark, 16.2)
    for radius in (6.4, 4.7, 3, 1.3):
        sketch.arc((22, 50.2), (radius, radius * 2.04), (0, 350), roll.pale, 0.8)
    strap = roll.mark if style != 2 else tone.base
    for x in (38, 62):
        sketch.curve([(x, 34), (x + 3, 42), (x + 3, 58), (x, 66)], strap, 1.6)


def dumbbell(sketch: Sketch, tone: Tone, style: int) -> None:
    """A pair, one behind the other; round heads for the silent ones."""
    _dumbbell(sketch, tone, style, 56, 42, 0.82)
    sketch.shadow(46, 76, 36)
    _dumbbell(sketch, tone, style, 46, 60, 1.0)


def _dumbbell(sketch: Sketch, tone: Tone, style: int, x: float, y: float, size: float) -> None:
    bar = tone_of(STEEL)
    thick = 2.2 if style == 3 else 3.2
    sketch.box(x - 16 * size, y - thick, x + 16 * size, y + thick, bar.deep, 1)
    sketch.box(x - 16 * size, y - thick, x + 16 * size, y + thick * 0.4, bar.base, 1)
    for side in (-1, 1):
        heads = ((15, 15), (24, 13)) if style != 2 else ((13, 11), (18, 13), (23, 15), (28, 12))
        for shift, tall in heads:
            _head(sketch, tone, x + side * shift * size, y, tall * size, style)


def _head(sketch: Sketch, tone: Tone, x: float, y: float, tall: float, style: int) -> None:
    half = 4.6 if style != 2 else 2.3
    radius = 1.4 if style in (0, 3) else 3.6
    sketch.box(x - half, y - tall, x + half + 0.8, y + tall, tone.deep, radius)
    sketch.box(x - half, y - tall, x + half, y + tall - 1.4, tone.base, radius)
    sketch.box(x - half + 1, y - tall + 2, x - half + 2.6, y + tall - 5, tone.light, 0.8)
    if style in (0, 3):
        sketch.line([(x - half, y - tall * 0.45), (x + half, y - tall * 0.45)], tone.dark, 0.5)
        sketch.line([(x - half, y + tall * 0.45), (x + half, y + tall * 0.45)], tone.dark, 0.5)


def sports_bottle(sketch: Sketch, tone: Tone, style: int) -> None:
    """To squeeze, with a straw, with times on it, or of steel."""
    sketch.shadow(50, 90, 16)
    body = tone if style != 3 else tone_of(mix(STEEL, tone.base, 0.35))
    profiles: dict[int, list[Point]] = {
        0: [(12, 32), (15, 38), (15, 50), (12.6, 56), (15, 62), (15, 84), (13, 90)],
        1: [(13, 34), (15, 38), (15, 84), (13, 90)],
        2: [(14, 34), (17, 40), (17, 84), (15, 90)],
        3: [(9, 32), (14, 40), (14.6, 46), (14.6, 84), (13, 90)],
    }
    profile = profiles[style]
    sketch.turned_body(profile, body)
    lid = tone_of(tone.deep)
    sketch.turned_body([(10, 24), (12, 26), (12, 33)], lid)
    if style in (0, 3):
        sketch.turned_body([(3, 14), (4, 16), (4, 24)], tone_of((238, 238, 236)))
        sketch.turned_body([(6, 20), (8, 24)], lid)
    else:
        sketch.box(48, 14, 58, 19, lid.base, 2)
        sketch.box(46, 16, 51, 25, lid.dark, 1.4)
        sketch.arc((62, 25), (6, 7), (-100, 90), lid.base, 1.8)
    if style == 2:
        for place in range(6):
            y = 46 + place * 7
            sketch.line([(40, y), (45 if place % 2 else 48, y)], body.mark, 0.7)
    else:
        sketch.curve([(40, 74), (48, 66), (56, 74), (62, 67)], body.pale, 1.4)


def tent(sketch: Sketch, tone: Tone, style: int) -> None:
    """A dome, a fly over it, a low one, or a tunnel."""
    sketch.shadow(50, 82, 42)
    for x, tall in ((12, 20), (88, 26), (80, 16)):
        _pine(sketch, x, 80, tall)
    if style == 3:
        outline = [(10, 82), (14, 52), (30, 42), (70, 42), (86, 52), (90, 82)]
        sketch.blob(outline, tone.dark)
        sketch.blob([(10, 82), (13, 54), (26, 44), (44, 48), (50, 66), (50, 82)], tone.base)
        for x in (58, 70):
            sketch.curve([(x, 42), (x + 8, 56), (x + 10, 81)], tone.deep, 0.7)
        _door(sketch, tone, 30)
        return
    top = {0: 34, 1: 30, 2: 46}[style]
    sketch.shape([(50, top), (92, 82), (8, 82)], tone.deep)
    sketch.shape([(46, top), (66, 82), (8, 82)], tone.base)
    sketch.shape([(46, top), (50, top - 1), (92, 82), (66, 82)], tone.dark)
    sketch.shape([(44, top + 3), (40, 82), (12, 82)], mix(tone.base, tone.light, 0.4))
    if style == 1:
        sketch.line([(46, top), (4, 84)], tone.pale, 0.9)
        sketch.line([(50, top), (96, 84)], tone.pale, 0.9)
    _door(sketch, tone, 42)
    for x, peg in ((8, 2), (92, 98)):
        sketch.line([(x, 80), (peg, 86)], STEEL_DARK, 0.5)


def _door(sketch: Sketch, tone: Tone, x: float) -> None:
    sketch.shape([(x, 52), (x + 11, 82), (x - 11, 82)], mix(tone.deep, INK, 0.5))
    sketch.shape([(x, 52), (x - 11, 82), (x - 14, 82)], tone.pale)
    sketch.shape([(x, 52), (x + 4, 82), (x - 6, 82)], (250, 214, 140))


def _pine(sketch: Sketch, x: float, y: float, tall: float) -> None:
    sketch.box(x - 0.8, y - 3, x + 0.8, y + 2, WOOD_DARK)
    for step in range(3):
        top, half = y - tall + step * tall * 0.24, tall * (0.17 + 0.08 * step)
        sketch.shape(
            [(x, top), (x + half, top + tall * 0.42), (x - half, top + tall * 0.42)], LEAF_DARK
        )


def camp_chair(sketch: Sketch, tone: Tone, style: int) -> None:
    """A moon chair, one with wooden arms, a lounger, or a light one."""
    frame = WOOD if style == 1 else STEEL_DARK
    sketch.shadow(50, 86, 30)
    for legs in (
        [(32, 58), (68, 86)],
        [(68, 58), (32, 86)],
        [(26, 60), (30, 86)],
        [(74, 60), (70, 86)],
    ):
        sketch.line(legs, frame, 1.8)
    top = 14 if style == 2 else 24
    sketch.blob([(28, top), (50, top - 2), (72, top), (75, 58), (50, 66), (25, 58)], tone.deep)
    sketch.blob(
        [(29, top + 1), (50, top - 1), (71, top + 1), (73, 56), (50, 63), (27, 56)], tone.base
    )
    sketch.blob(
        [(34, top + 5), (48, top + 3), (60, top + 5), (60, 48), (46, 53), (32, 48)],
        mix(tone.base, tone.light, 0.5),
    )
    sketch.blob([(22, 56), (50, 63), (78, 56), (76, 66), (50, 73), (24, 66)], tone.dark)
    sketch.blob([(23, 55), (50, 62), (77, 55), (75, 63), (50, 69), (25, 63)], tone.base)
    if style == 1:
        for points in ([(17, 46), (34, 48)], [(66, 48), (83, 46)]):
            sketch.line(points, WOOD_DARK, 3.4)
            sketch.line([(x, y - 0.6) for x, y in points], WOOD, 2.4)
    if style == 2:
        sketch.box(38, 17, 62, 27, tone.light, 4)
    if style == 0:
        for x in (36, 50, 64):
            sketch.curve(
                [(x, top + 3), (x + (50 - x) * 0.2, 44), (x + (50 - x) * 0.3, 61)], tone.dark, 0.7
            )
    if style == 3:
        sketch.shape(turned([(72, 44), (82, 44), (82, 56), (72, 56)], (77, 50), 6), tone.deep)
        sketch.disc(77, 44, 4, STEEL, 1.4)


DESIGNS = (yoga_mat, dumbbell, sports_bottle, tent, camp_chair)
