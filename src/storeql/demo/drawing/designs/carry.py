"""Pictures of bags, sleeves, scarves and caps."""

from __future__ import annotations

from functools import partial

from storeql.demo.drawing.curves import ellipse_arc, open_curve
from storeql.demo.drawing.sketch import Sketch
from storeql.demo.drawing.tones import GOLD, INK, PAPER, STEEL_DARK, WOOD_DARK, Tone, mix


def tote(sketch: Sketch, tone: Tone, style: int) -> None:
    """Of canvas, of leather, packable, or quilted in two colours."""
    sketch.shadow(50, 88, 28)
    sketch.arc((50, 42), (15, 26), (180, 360), tone.deep, 2.4)
    outline = [(21, 40), (79, 40), (76, 87), (24, 87)]
    sketch.shape([(x + 1, y + 1) for x, y in outline], tone.deep)
    sketch.shape(outline, tone.base)
    sketch.shape([(69, 40), (79, 40), (76, 87), (68, 87)], mix(tone.base, tone.dark, 0.6))
    if style == 3:
        sketch.shape([(21.9, 63), (78.1, 63), (76, 87), (24, 87)], PAPER)
        for shift in range(-40, 60, 9):
            sketch.inside(outline, partial(_quilt, tone=tone, shift=shift))
    if style == 1:
        sketch.box(42, 47, 58, 49, tone.deep, 1)
        sketch.disc(50, 48, 1.6, GOLD)
    if style == 0:
        sketch.disc(50, 64, 8, tone.pale)
        sketch.shape([(44, 67), (50, 58), (56, 67)], tone.dark)
        sketch.disc(52.6, 60.6, 1.6, (232, 160, 96))
    if style == 2:
        sketch.box(60, 70, 72, 82, tone.dark, 1.6)
        sketch.box(60, 70, 71, 72, tone.deep, 0.8)
    sketch.line([(21.4, 43), (78.6, 43)], tone.dark, 0.6)
    sketch.arc((50, 44), (15, 26), (180, 360), WOOD_DARK if style == 1 else tone.dark, 2.4)
    for x in (35, 65):
        sketch.box(x - 2, 41, x + 2, 49, WOOD_DARK if style == 1 else tone.dark, 0.8)


def _quilt(sketch: Sketch, tone: Tone, shift: int) -> None:
    sketch.line([(shift + 20, 40), (shift + 67, 87)], tone.dark, 0.5)
    sketch.line([(shift + 67, 40), (shift + 20, 87)], tone.dark, 0.5)


def backpack(sketch: Sketch, tone: Tone, style: int) -> None:
    """For the city, with a rolled top, with a flap, or for a weekend."""
    sketch.shadow(50, 89, 25)
    sketch.arc((50, 20), (7, 8), (180, 360), tone.deep, 2.4)
    for side in (-1, 1):
        sketch.box(50 + side * 25 - 4, 54, 50 + side * 25 + 4, 82, tone.deep, 4)
    sketch.box(27, 19, 74, 89, tone.deep, 13)
    sketch.box(26, 18, 73, 88, tone.base, 13)
    sketch.box(28, 20, 68, 84, mix(tone.base, tone.light, 0.4), 12)
    if style == 1:
        sketch.box(26, 14, 73, 34, tone.dark, 5)
        sketch.box(26, 17, 73, 24, tone.base, 3)
        for x in (36, 63):
            sketch.box(x, 14, x + 3, 46, tone.deep)
            sketch.box(x - 0.6, 38, x + 3.6, 42, STEEL_DARK, 0.6)
    elif style == 2:
        sketch.shape(ellipse_arc((49.5, 36), (23.5, 19), 0, 180), tone.dark)
        sketch.box(26, 20, 73, 38, tone.dark, 9)
        sketch.box(46, 50, 53, 60, WOOD_DARK, 1)
        sketch.disc(49.5, 57, 1.2, GOLD)
    else:
        sketch.arc((49.5, 44), (19, 20), (180, 360), tone.deep, 0.8)
        sketch.line([(68.5, 44), (68.5, 48)], GOLD, 1)
    sketch.box(33, 58, 67, 82, tone.deep, 5)
    sketch.box(33, 58, 66, 81, tone.base, 5)
    sketch.line([(35, 62), (64, 62)], tone.deep, 0.8)
    sketch.line([(60, 62), (60, 66)], GOLD, 1)
    if style == 3:
        for y in (46, 51):
            sketch.box(33, y, 66, y + 2, tone.dark, 0.8)
    sketch.box(44, 70, 55, 74, tone.dark, 0.6)


def sleeve(sketch: Sketch, tone: Tone, style: int) -> None:
    """Of felt, with handles, lined with fleece, or as a stand."""
    sketch.shadow(50, 79, 38)
    if style == 1:
        sketch.arc((50, 30), (13, 12), (180, 360), tone.deep, 2.4)
    sketch.box(24, 22, 82, 62, (206, 210, 216), 2)
    sketch.box(25.4, 23.4, 80.6, 60, (70, 76, 92), 1)
    sketch.box(13, 31, 88, 79, tone.deep, 4)
    sketch.box(12, 30, 87, 78, tone.base, 4)
    sketch.box(12, 30, 85, 74, mix(tone.base, tone.light, 0.35), 4)
    if style == 2:
        sketch.box(12, 30, 87, 34, (240, 235, 226), 2)
    if style == 3:
        sketch.shape([(12, 78), (50, 46), (87, 78)], tone.dark)
        sketch.line([(12, 78), (50, 46), (87, 78)], tone.deep, 0.6)
    else:
        sketch.box(18, 48, 60, 73, tone.dark, 2)
        sketch.box(18, 48, 59, 72, tone.base, 2)
    for x in range(15, 85, 3):
        sketch.line([(x, 76), (x + 1.4, 76)], tone.mark, 0.3)
    sketch.box(68, 64, 81, 70, WOOD_DARK, 0.8)


def scarf(sketch: Sketch, tone: Tone, style: int) -> None:
    """Looped once: plain, knitted, checked with a fringe, or a silk square."""
    if style == 3:
        _silk(sketch, tone)
        return
    sketch.shadow(50, 91, 22, 1.8)
    for x, y, shade in ((36, 88, tone.dark), (53, 82, tone.base)):
        tail = [(x + 2, 40), (x + 17, 40), (x + 15, y), (x - 1, y)]
        for step in range(9):
            fringe = x - 0.4 + step * 1.9
            sketch.line([(fringe, y - 1), (fringe, y + 5)], shade, 0.7)
        sketch.shape(tail, shade)
        if style == 2:
            for band in range(50, y - 3, 9):
                sketch.shape(
                    [(x + 0.8, band), (x + 15.8, band), (x + 15.6, band + 3), (x + 0.6, band + 3)],
                    tone.pale,
                )
        if style == 1:
            for row in range(46, y - 2, 4):
                sketch.line([(x + 2, row), (x + 8, row + 2), (x + 14, row)], tone.deep, 0.7)
    loop = ellipse_arc((50, 33), (26, 16), 0, 360, 48)
    sketch.shape([(px + 0.6, py + 1.2) for px, py in loop], tone.deep)
    sketch.shape(loop, tone.base)
    sketch.arc((50, 36), (21, 12), (15, 165), tone.dark, 1)
    sketch.arc((50, 32), (22, 12), (20, 170), tone.light, 1.6)
    sketch.disc(50, 27, 17, tone.deep, 8)
    sketch.disc(50, 25.6, 17, mix(tone.deep, INK, 0.3), 7)


def _silk(sketch: Sketch, tone: Tone) -> None:
    sketch.shadow(50, 85, 30)
    corners = [(50, 14), (84, 50), (50, 86), (16, 50)]
    sketch.shape([(x + 0.8, y + 1) for x, y in corners], tone.deep)
    sketch.shape(corners, tone.base)
    inner = [(50 + (x - 50) * 0.86, 50 + (y - 50) * 0.86) for x, y in corners]
    sketch.line([*inner, inner[0]], GOLD, 0.9)
    sketch.shape([(50 + (x - 50) * 0.66, 50 + (y - 50) * 0.66) for x, y in corners], tone.pale)
    for angle in range(0, 360, 60):
        ((x, y),) = ellipse_arc((50, 50), (10, 10), angle, angle, 1)[:1]
        sketch.disc(x, y, 5, tone.light)
    sketch.disc(50, 50, 4.4, GOLD)
    sketch.curve([(30, 50), (44, 60), (58, 55), (70, 62)], tone.dark, 0.5)


def cap(sketch: Sketch, tone: Tone, style: int) -> None:
    """From the side: soft, for running, embroidered, or with a long brim."""
    reach = 9 if style == 3 else 2
    sketch.shadow(46, 71, 34, 2.6)
    brim = [(54, 59), (76 + reach, 60), (90 + reach, 67), (76 + reach, 70), (52, 67)]
    sketch.blob([(x, y + 1) for x, y in brim], tone.deep)
    sketch.blob(brim, tone.dark)
    crown = open_curve([(14, 66), (15, 46), (30, 30), (46, 28), (62, 37), (67, 52), (67, 64)])
    sketch.shape([*crown, (40, 68)], tone.base)
    sketch.shape(
        [*open_curve([(20, 60), (24, 44), (36, 34), (40, 36), (32, 48), (30, 62)])],
        mix(tone.base, tone.light, 0.6),
    )
    for seam in ([(42, 28.6), (36, 46), (36, 66)], [(44, 28.6), (56, 44), (58, 64)]):
        sketch.curve(seam, tone.dark, 0.6)
    sketch.disc(43, 28, 2.4, tone.dark, 1.5)
    if style == 1:
        for x, y in ((28, 44), (31, 41), (31, 46), (28, 49), (34, 44)):
            sketch.disc(x, y, 0.8, tone.deep)
    if style == 2:
        for y in range(34, 66, 3):
            sketch.curve([(18, y + 6), (40, y + 3), (64, y + 4)], tone.dark, 0.3)
        sketch.disc(47, 48, 3.6, GOLD)
        sketch.disc(47, 48, 2, tone.base)
    sketch.line([(15, 65), (40, 67.4), (66, 63.6)], tone.deep, 1)


DESIGNS = (tote, backpack, sleeve, scarf, cap)
