"""Pictures of serums, creams, masks, lipsticks and tubes."""

from __future__ import annotations

from storeql.demo.drawing.curves import closed_curve, rectangle, turned
from storeql.demo.drawing.sketch import Sketch
from storeql.demo.drawing.tones import (
    GOLD,
    INK,
    LEAF,
    PAPER,
    WHITE,
    WOOD,
    Tone,
    mix,
    tone_of,
)


def _words(sketch: Sketch, tone: Tone, x: float, y: float, half: float) -> None:
    """Lines that stand for print."""
    sketch.line([(x - half, y), (x + half, y)], tone.deep, 0.9)
    for row, share in ((3, 0.7), (5, 0.85), (7, 0.5)):
        sketch.line([(x - half * share, y + row), (x + half * share, y + row)], tone.dark, 0.5)


def serum(sketch: Sketch, tone: Tone, style: int) -> None:
    """A bottle with a dropper."""
    sketch.shadow(50, 88, 17)
    glass = tone if style != 3 else tone_of(mix(tone.base, WHITE, 0.25))
    sketch.turned_body([(5, 40), (9, 43), (15, 48), (15.6, 52), (15.6, 84), (13, 88)], glass)
    sketch.turned_body([(6, 30), (6.4, 40)], tone_of(GOLD if style % 2 else (70, 72, 80)))
    sketch.turned_body([(3, 13), (4.6, 16), (4.6, 29), (5, 30)], tone_of((236, 232, 226)))
    sketch.box(38, 57, 60, 79, PAPER, 1)
    _words(sketch, tone, 49, 62, 7)
    sketch.disc(49, 75.4, 1.8, tone.base)
    sketch.box(37.6, 50, 39.4, 55, tone.pale, 0.8)
    if style == 0:
        sketch.blob([(76, 78), (80, 84), (76, 89), (72, 84)], tone.base)
        sketch.disc(75, 83, 1, tone.pale)


def cream(sketch: Sketch, tone: Tone, style: int) -> None:
    """A jar; open in style 2."""
    sketch.shadow(50, 80, 29)
    sketch.turned_body(
        [(27, 52), (28, 56), (28, 72), (25, 80)], tone_of(mix(tone.base, WHITE, 0.35))
    )
    if style == 2:
        sketch.disc(50, 52, 27, tone.light, 6)
        sketch.disc(50, 52, 23.4, PAPER, 4.8)
        sketch.curve([(38, 52), (46, 49.6), (54, 53), (62, 50.6)], tone.pale, 1.4)
        sketch.disc(84, 78, 11, tone.dark, 3)
        sketch.disc(84, 76, 11, tone.base, 3)
    else:
        lid = {0: tone.base, 1: (232, 234, 236), 3: GOLD}.get(style, tone.base)
        sketch.turned_body([(26, 34), (28, 37), (28, 51), (28, 53)], tone_of(lid))
        sketch.disc(50, 34.4, 26.6, mix(lid, WHITE, 0.3), 5)
    _words(sketch, tone, 48, 63, 9)


def sheet_mask(sketch: Sketch, tone: Tone, style: int) -> None:
    """A sachet with a face on it, another behind."""
    sketch.shadow(50, 86, 26)
    behind = turned(rectangle(30, 18, 70, 84), (50, 84), 9)
    sketch.shape(behind, tone.dark)
    sketch.box(27, 17, 69.6, 86, tone.deep, 1.6)
    sketch.box(26, 16, 68.6, 85, tone.base, 1.6)
    sketch.box(26, 16, 68.6, 22, tone.light, 1.2)
    for x in range(28, 68, 3):
        sketch.line([(x, 17), (x, 21)], tone.base, 0.5)
    face = closed_curve(
        [(47, 30), (60, 36), (61, 50), (55, 62), (47, 67), (39, 62), (33, 50), (34, 36)]
    )
    sketch.shape(face, PAPER if style != 2 else (120, 132, 128))
    for x in (41, 53):
        sketch.disc(x, 45, 3.4, tone.base, 1.8)
    sketch.disc(47, 58, 3.8, tone.base, 1.5)
    sketch.line([(47, 48), (46, 53)], tone.pale, 0.6)
    if style == 3:
        for x, y in ((35, 72), (60, 70), (63, 30)):
            sketch.disc(x, y, 2.8, (176, 72, 98))
    else:
        sketch.blob([(60, 66), (65, 72), (60, 78), (55, 72)], tone.pale)
    _words(sketch, tone, 47, 75, 10)


def lipstick(sketch: Sketch, tone: Tone, style: int) -> None:
    """A bullet with its cap beside it; style 3 is a balm."""
    sketch.shadow(42, 88, 12)
    sketch.shadow(68, 88, 11)
    case = tone_of(GOLD if style in (0, 2) else (58, 58, 66) if style == 1 else tone.light)
    half = 7.0 if style == 2 else 9.0
    sketch.turned_body(
        [(half - 1.6, 44), (half - 1.6, 62)], tone_of(mix(GOLD, WHITE, 0.3)), centre=42
    )
    bullet = half - 3
    sketch.turned_body([(bullet, 30), (bullet, 46)], tone, centre=42)
    tip = [(42 - bullet, 32), (42 - bullet, 24), (42 - bullet * 0.3, 16), (42 + bullet, 26)]
    sketch.shape([*tip, (42 + bullet, 32)], tone.base)
    sketch.shape(
        [(42 - bullet * 0.3, 16), (42 + bullet, 26), (42 + bullet, 30), (42 - bullet * 0.6, 22)],
        tone.light,
    )
    sketch.turned_body([(half, 58), (half, 86), (half - 0.6, 88)], case, centre=42)
    sketch.turned_body(
        [(half - 0.4, 46), (half, 48), (half, 86), (half - 0.6, 88)], case, centre=68
    )
    sketch.box(68 - half, 80, 68 + half, 81, mix(case.base, INK, 0.3))
    if style == 1:
        sketch.curve([(14, 80), (20, 74), (26, 81), (32, 75)], tone.base, 4)


def tube(sketch: Sketch, tone: Tone, style: int) -> None:
    """A tube standing on its cap, with what it smells of."""
    sketch.shadow(46, 88, 15)
    sketch.shape([(30, 14), (62, 14), (60, 76), (32, 76)], tone.deep)
    sketch.shape([(30, 14), (60, 14), (58, 75), (32, 75)], tone.base)
    sketch.shape([(33, 18), (39, 18), (40, 74), (35, 74)], tone.light)
    sketch.box(29, 12, 63, 17, tone.dark, 0.8)
    for x in range(31, 62, 2):
        sketch.line([(x, 12.6), (x, 16.4)], tone.deep, 0.3)
    sketch.turned_body([(14, 76), (13, 88)], tone_of(PAPER if style % 2 else GOLD), centre=46)
    sketch.box(36, 30, 58, 62, PAPER, 1)
    _words(sketch, tone, 47, 36, 7)
    _scent(sketch, tone, 47, 54, style)
    _scent(sketch, tone, 78, 80, style)


def _scent(sketch: Sketch, tone: Tone, x: float, y: float, style: int) -> None:
    if style == 0:
        for dx, dy in ((0, -2.6), (2.6, 0), (0, 2.6), (-2.6, 0)):
            sketch.disc(x + dx, y + dy, 2.2, (238, 178, 76))
        sketch.disc(x, y, 1.2, WOOD)
    elif style == 3:
        sketch.blob([(x, y - 5), (x + 3, y), (x, y + 4), (x - 3, y)], tone.base)
    else:
        leaf = [(x - 5, y + 3), (x - 1, y - 3), (x + 5, y - 4), (x + 1, y + 3)]
        sketch.blob(leaf, LEAF if style == 1 else (206, 214, 190))
        sketch.line([(x - 4, y + 3), (x + 4, y - 3)], tone.deep, 0.4)


DESIGNS = (serum, cream, sheet_mask, lipstick, tube)
