"""Pictures of mugs, flasks, teapots, bowls and pans."""

from __future__ import annotations

from storeql.demo.drawing.sketch import Sketch
from storeql.demo.drawing.tones import (
    CREAM,
    GLASS,
    INK,
    STEEL,
    STEEL_DARK,
    WOOD,
    WOOD_DARK,
    Tone,
    mix,
    tone_of,
)

TEA = (176, 112, 62)


def _steam(sketch: Sketch, x: float, y: float) -> None:
    for shift in (-6, 0, 6):
        line = [
            (x + shift, y),
            (x + shift + 2, y - 5),
            (x + shift - 2, y - 10),
            (x + shift, y - 15),
        ]
        sketch.curve(line, (255, 252, 246), 1)


def mug(sketch: Sketch, tone: Tone, style: int) -> None:
    """Of stoneware, of china, of enamel, or with a double wall."""
    _steam(sketch, 46, 30)
    sketch.shadow(48, 83, 25)
    handle = tone.dark if style != 3 else WOOD
    sketch.arc((68, 56), (12, 14), (-80, 80), tone.deep, 5)
    sketch.arc((67.6, 55.4), (12, 14), (-80, 80), handle, 3.6)
    straight, round_ = [(23, 34), (23, 60), (21, 76), (17, 82)], [(22, 34), (24, 56), (22, 74)]
    sketch.turned_body(straight if style else [*round_, (16, 82)], tone, centre=46)
    sketch.disc(46, 34, 23 if style else 22, tone.light, 5)
    sketch.disc(46, 34.4, 20.6 if style else 19.6, TEA, 4)
    if style == 0:
        sketch.turned_body([(21.4, 70), (20, 77), (16, 82.4)], tone_of(CREAM), centre=46)
    if style == 2:
        sketch.arc((46, 34), (23, 5), (0, 360), INK, 0.9)
        for x, y in ((34, 54), (52, 62), (40, 70), (58, 48)):
            sketch.disc(x, y, 0.7, tone.mark)
    if style == 1:
        sketch.curve([(26, 56), (34, 52), (42, 58), (50, 52), (58, 57), (66, 53)], tone.pale, 1)


def flask(sketch: Sketch, tone: Tone, style: int) -> None:
    """A slim bottle, one with a lid to flip, a wide jar, or bare titanium."""
    sketch.shadow(50, 90, 16)
    body = tone if style != 3 else tone_of(mix(STEEL_DARK, tone.base, 0.25))
    steel = tone_of(STEEL)
    if style == 2:
        sketch.turned_body([(20, 42), (21, 46), (21, 82), (18, 89)], body)
        sketch.turned_body([(17, 28), (18, 31), (18, 40), (17, 42)], steel)
        sketch.disc(50, 28, 17, tone.light, 3.4)
        sketch.arc((50, 27), (12, 9), (190, 350), tone.deep, 2)
        return
    sketch.turned_body([(10, 32), (14, 38), (15, 44), (15, 82), (13, 89)], body)
    sketch.turned_body([(10, 28), (10, 33)], steel)
    sketch.turned_body([(8, 14), (10, 16), (10, 27), (10, 28.6)], tone_of(body.dark))
    sketch.disc(50, 14, 8, body.light, 1.8)
    if style == 1:
        sketch.box(58, 12, 63, 24, body.deep, 2)
        sketch.arc((50, 12), (8, 7), (180, 360), body.deep, 1.8)
    if style == 0:
        sketch.box(46, 52, 54, 53, body.mark, 0.4)
        sketch.box(47.4, 55, 52.6, 56, body.mark, 0.4)
    if style == 3:
        for y in (60, 63, 66):
            sketch.arc((50, y), (15, 2.4), (12, 168), STEEL_DARK, 0.4)


def teapot(sketch: Sketch, tone: Tone, style: int) -> None:
    """Of Yixing clay, with a handle at the side, of glass, or with two cups."""
    body = tone if style != 2 else tone_of(mix(GLASS, tone.base, 0.12))
    middle = 46.0 if style != 3 else 42.0
    sketch.shadow(middle, 80, 27)
    spout = [(middle + 20, 66), (middle + 33, 46), (middle + 37, 45), (middle + 26, 68)]
    sketch.blob([*spout, (middle + 18, 72)], body.dark)
    if style == 1:
        sketch.line([(middle - 16, 58), (middle - 38, 46)], WOOD_DARK, 6)
        sketch.line([(middle - 18, 57), (middle - 37, 46)], WOOD, 4)
    else:
        sketch.arc((middle - 23, 58), (11, 12), (80, 290), body.deep, 3.4)
    sketch.turned_body([(12, 43), (21, 49), (26, 60), (23, 72), (15, 80)], body, centre=middle)
    if style == 2:
        sketch.turned_body([(24, 60), (22, 72), (14, 79)], tone_of(TEA), centre=middle)
    sketch.disc(middle, 43.4, 12.4, body.deep, 2.8)
    sketch.turned_body([(2, 36), (8, 38), (12, 42.6)], body, centre=middle)
    sketch.disc(middle, 34, 3.4, body.base)
    sketch.disc(middle - 0.8, 33.4, 1.6, body.light)
    if style == 3:
        for x in (76, 90):
            sketch.shadow(x, 82, 7, 1.6)
            sketch.turned_body([(7, 70), (6.4, 76), (4, 82)], tone, centre=float(x))
            sketch.disc(x, 70, 7, TEA, 1.8)


def bowls(sketch: Sketch, tone: Tone, style: int) -> None:
    """A pair, a big one with noodles, a child's one with a face, or a wide one."""
    sketch.shadow(50, 80, 22)
    if style in (0, 3):
        _bowl(sketch, tone, 62 if style == 0 else 60, 30 if style == 0 else 37)
        if style == 0:
            _bowl(sketch, tone_of(tone.light), 44, 28)
        return
    _bowl(sketch, tone, 48, 35)
    if style == 1:
        sketch.disc(50, 48, 31, (226, 178, 110), 6.4)
        for x in range(26, 62, 5):
            noodle = [(x, 49), (x + 5, 45.4), (x + 10, 50), (x + 14, 47)]
            sketch.curve(noodle, (247, 222, 160), 1.1)
        sketch.disc(66, 47.4, 6, (250, 244, 232), 3)
        sketch.disc(66, 47.4, 2.8, (238, 172, 70), 1.5)
        sketch.line([(58, 46), (84, 22)], WOOD_DARK, 1.2)
        sketch.line([(61, 47), (90, 26)], WOOD, 1.2)
    else:
        for x in (42, 58):
            sketch.disc(x, 64, 1.8, tone.mark)
        sketch.curve([(46, 70), (50, 72.4), (54, 70)], tone.mark, 0.9)


def _bowl(sketch: Sketch, tone: Tone, top: float, half: float) -> None:
    depth = half * 0.72
    profile = [(half, top), (half * 0.94, top + depth * 0.4), (half * 0.62, top + depth * 0.86)]
    sketch.turned_body([*profile, (half * 0.4, top + depth)], tone)
    sketch.disc(50, top, half, tone.light, half * 0.2)
    sketch.disc(50, top + 0.5, half * 0.92, tone.pale, half * 0.165)


def pan(sketch: Sketch, tone: Tone, style: int) -> None:
    """Seen from above, with an egg; style 2 is square."""
    iron = tone if style != 3 else tone_of(STEEL_DARK)
    handle = WOOD if style == 1 else iron.deep
    sketch.shadow(44, 62, 32, 20)
    sketch.line([(62, 38), (88, 14)], iron.deep, 6)
    sketch.line([(66, 34), (87, 15)], handle, 4.4)
    if style == 2:
        sketch.box(15, 31, 70, 83, iron.deep, 5)
        sketch.box(15, 30, 69, 81, iron.base, 5)
        sketch.box(19, 34, 65, 77, mix(iron.dark, INK, 0.3), 3)
        sketch.box(24, 47, 60, 64, (246, 206, 104), 6)
        for x in (32, 40, 48, 56):
            sketch.line([(x, 48), (x, 63)], (226, 178, 80), 0.7)
        return
    sketch.disc(43, 57, 31, iron.deep)
    sketch.disc(42.4, 56, 31, iron.base)
    sketch.disc(42.4, 56.6, 26.6, mix(iron.dark, INK, 0.35))
    egg = [(30, 54), (36, 44), (50, 44), (56, 55), (52, 67), (38, 68)]
    sketch.blob(egg, (253, 249, 240))
    sketch.disc(43, 56, 6, (240, 172, 60))
    sketch.disc(41, 54, 2, (252, 214, 130))
    for x, y in ((24, 66), (60, 44), (58, 72)):
        sketch.disc(x, y, 1, (110, 150, 84))


DESIGNS = (mug, flask, teapot, bowls, pan)
