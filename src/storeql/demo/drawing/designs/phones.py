"""Pictures of things for a phone: cases, stands, cables, chargers, power banks."""

from __future__ import annotations

from storeql.demo.drawing.curves import open_curve, rectangle, turned
from storeql.demo.drawing.sketch import Sketch
from storeql.demo.drawing.tones import (
    GOLD,
    INK,
    SCREEN,
    STEEL,
    STEEL_DARK,
    WHITE,
    WOOD,
    WOOD_DARK,
    Tone,
    mix,
)


def phone_case(sketch: Sketch, tone: Tone, style: int) -> None:
    """Style 0 has a magnet ring, 1 shows the phone, 2 is stitched, 3 hangs on a cord."""
    sketch.shadow(50, 84, 20)
    if style == 3:
        cord = [(36, 22), (22, 30), (17, 50), (26, 66), (34, 74), (24, 86), (36, 90)]
        sketch.curve(cord, tone.deep, 1.4)
    sketch.box(32, 15, 69.5, 84, tone.deep, 7)
    sketch.box(31, 14.4, 68, 83, tone.base, 7)
    sketch.box(31, 14.4, 66, 81, mix(tone.base, tone.light, 0.5), 7)
    if style == 1:
        sketch.box(34, 17.5, 63, 78, mix(tone.pale, WHITE, 0.3), 4.5)
    _lenses(sketch, tone)
    if style == 0:
        sketch.disc(48.5, 54, 11, tone.dark)
        sketch.disc(48.5, 54, 9.2, mix(tone.base, tone.light, 0.5))
        sketch.box(47.7, 69, 49.3, 75, tone.dark, 0.8)
    if style == 2:
        for y in range(19, 80, 3):
            sketch.line([(33.6, y), (33.6, y + 1.4)], tone.mark, 0.4)
            sketch.line([(63.6, y), (63.6, y + 1.4)], tone.mark, 0.4)
        sketch.disc(48.5, 66, 2.2, GOLD)
    if style == 3:
        sketch.disc(36, 22, 1.6, GOLD)


def _lenses(sketch: Sketch, tone: Tone) -> None:
    sketch.box(34, 18, 50, 34, tone.dark, 4)
    for x, y in ((38.4, 22.4), (45.6, 22.4), (38.4, 29.6)):
        sketch.disc(x, y, 3, INK)
        sketch.disc(x, y, 2, (58, 64, 82))
        sketch.disc(x - 0.7, y - 0.7, 0.6, (150, 165, 190))
    sketch.disc(45.6, 29.6, 1.2, (245, 235, 205))


def phone_stand(sketch: Sketch, tone: Tone, style: int) -> None:
    """A phone on a stand: folding, magnetic, raised, or of wood."""
    body, side = (WOOD, WOOD_DARK) if style == 3 else (tone.base, tone.dark)
    foot, lift = 83, 8 if style == 2 else 0
    sketch.shadow(50, foot + 1, 24)
    if style == 1:
        sketch.line([(50, 52), (50, foot - 4)], side, 6)
    else:
        sketch.shape([(43, 50), (57, 50), (60, foot - 3), (40, foot - 3)], side)
    sketch.box(29, foot - 6, 71, foot, side, 2.6)
    sketch.box(29, foot - 7, 71, foot - 2.4, body, 2.4)
    _upright_phone(sketch, 12 - lift * 0.6, 70 - lift)
    lip = 69 - lift
    sketch.box(37, lip, 63, lip + 5, side, 1.6)
    sketch.box(37, lip, 63, lip + 3.4, body, 1.6)


def _upright_phone(sketch: Sketch, top: float, bottom: float) -> None:
    """Seen from the front, with hills and a sun on its screen."""
    sketch.box(35, top, 65.6, bottom, INK, 4.4)
    sketch.box(36.2, top + 1.2, 64, bottom - 1.4, (150, 184, 212), 3.4)
    sketch.disc(56, top + 15, 4.6, (253, 232, 190))
    sketch.shape([(36.2, 48), (44, 38), (54, 47), (64, 42), (64, 60), (36.2, 60)], (104, 142, 150))
    sketch.shape([(36.2, 54), (48, 46), (64, 56), (64, 62), (36.2, 62)], (72, 108, 112))
    sketch.box(36.2, 56, 64, bottom - 1.4, (58, 88, 92), 3.4)
    sketch.box(45, top + 2.6, 55, top + 5, INK, 1.2)


def cable(sketch: Sketch, tone: Tone, style: int) -> None:
    """A coiled lead with two plugs, three in style 2, a display in style 3."""
    sketch.shadow(50, 72, 30, 5)
    for radius in (21, 18, 15):
        sketch.arc((50, 52), (radius + 4, radius), (0, 360), tone.dark, 2.6)
        sketch.arc((50, 51.6), (radius + 4, radius), (0, 360), tone.base, 2)
    sketch.curve([(71, 60), (78, 70), (74, 80), (66, 84)], tone.base, 2.2)
    sketch.curve([(29, 44), (22, 34), (24, 24), (33, 19)], tone.base, 2.2)
    _plug(sketch, tone, (66, 84), 165)
    _plug(sketch, tone, (33, 19), -20)
    if style == 2:
        sketch.curve([(70, 62), (80, 62), (84, 70), (84, 76)], tone.base, 2.2)
        _plug(sketch, tone, (84, 76), 90)
    if style == 3:
        sketch.shape(turned(rectangle(36, 16.6, 41, 20.4), (33, 19), -20), (120, 220, 180))
    sketch.box(44, 66, 56, 75, tone.deep, 1.5)
    sketch.box(44, 66, 56, 73.6, tone.dark, 1.5)


def _plug(sketch: Sketch, tone: Tone, at: tuple[float, float], degrees: float) -> None:
    x, y = at
    sketch.shape(turned(rectangle(x + 11, y - 1.7, x + 16, y + 1.7), at, degrees), STEEL)
    sketch.shape(turned(rectangle(x, y - 3.1, x + 12, y + 3.1), at, degrees), tone.deep)
    sketch.shape(turned(rectangle(x, y - 3.1, x + 12, y + 1.8), at, degrees), tone.light)


def charger(sketch: Sketch, tone: Tone, style: int) -> None:
    """A cube with prongs; style 2 is a long desktop one, style 3 has foreign plugs beside it."""
    wide = 16 if style == 2 else 0
    sketch.shadow(50, 79, 24 + wide)
    for x in (44, 54):
        sketch.box(x, 14, x + 3, 30, STEEL_DARK, 0.6)
        sketch.box(x, 14, x + 1.8, 30, STEEL, 0.6)
    sketch.box(31 - wide, 27, 71 + wide, 78, tone.deep, 6)
    sketch.box(30 - wide, 26, 68 + wide, 77, tone.base, 6)
    sketch.box(30 - wide, 26, 66 + wide, 73, mix(tone.base, tone.light, 0.5), 6)
    ports = {0: (48,), 1: (41, 55), 2: (26, 41, 56, 71), 3: (48,)}[style]
    for x in ports:
        sketch.box(x - 5.2, 57, x + 5.2, 61.4, SCREEN, 2.2)
        sketch.box(x - 3.6, 58.8, x + 3.6, 59.8, STEEL_DARK, 0.5)
    sketch.disc(48, 40, 4.6, tone.dark)
    bolt = [(49, 36.6), (45.4, 41), (47.8, 41), (46.8, 43.8), (50.6, 39.2), (48.2, 39.2)]
    sketch.shape(bolt, tone.mark)
    if style == 3:
        for x in (17, 83):
            sketch.disc(x, 72, 8, tone.dark)
            sketch.disc(x, 70.6, 8, tone.light)
            sketch.disc(x - 2.6, 70.6, 1.2, STEEL_DARK)
            sketch.disc(x + 2.6, 70.6, 1.2, STEEL_DARK)


def wireless_charger(sketch: Sketch, tone: Tone, style: int) -> None:
    """A puck on its lead, a folding one, an upright one, or one that glows."""
    sketch.curve([(64, 66), (82, 72), (88, 84), (99, 86)], tone.dark, 1.8)
    sketch.shadow(50, 71, 34, 7)
    if style == 2:
        sketch.shape([(36, 66), (64, 66), (60, 26), (40, 26)], tone.deep)
        sketch.box(36, 18, 64, 50, tone.base, 12)
        sketch.box(38, 20, 62, 48, tone.light, 11)
    if style == 3:
        sketch.disc(50, 66, 33, (255, 226, 172), 13)
    sketch.disc(50, 64, 30, tone.deep, 12)
    sketch.disc(50, 61, 30, tone.base, 12)
    sketch.disc(50, 60.4, 27, mix(tone.base, tone.light, 0.6), 10.4)
    sketch.arc((50, 60.4), (13, 5), (0, 360), tone.dark, 0.7)
    sketch.line([(50, 57), (50, 63.6)], tone.dark, 0.7)
    if style == 1:
        sketch.disc(78, 50, 12, tone.deep, 5)
        sketch.disc(78, 48.4, 12, tone.light, 5)
        sketch.box(14, 40, 30, 52, tone.dark, 4)
        sketch.box(14, 39, 30, 50, tone.light, 4)


def power_bank(sketch: Sketch, tone: Tone, style: int) -> None:
    """A flat battery: with a cable of its own, slim, with a display, or armoured."""
    sketch.shadow(50, 85, 21)
    if style == 0:
        sketch.curve(open_curve([(62, 20), (74, 16), (79, 28), (76, 44)]), tone.deep, 2.2)
        sketch.box(73.6, 42, 79, 50, tone.deep, 1)
        sketch.box(75, 50, 77.6, 54, STEEL, 0.4)
    sketch.box(33, 18, 69.6, 85, tone.deep, 6)
    sketch.box(31, 17, 67, 84, tone.base, 6)
    sketch.box(31, 17, 64.6, 82, mix(tone.base, tone.light, 0.55), 6)
    for x in (41, 53):
        sketch.box(x - 4, 18.6, x + 4, 21.4, SCREEN, 1.2)
    if style == 2:
        sketch.box(39, 30, 57, 41, SCREEN, 2)
        for left in (42, 48.4):
            sketch.box(left, 32.4, left + 4.6, 38.6, (120, 220, 180), 0.6)
            sketch.box(left + 1.1, 33.6, left + 3.5, 37.4, SCREEN, 0.4)
    elif style == 1:
        sketch.arc((48, 50), (10, 10), (0, 360), tone.dark, 1.1)
    else:
        for place in range(4):
            sketch.disc(41 + 4.6 * place, 34, 1.1, tone.mark if place < 3 else tone.dark)
    if style == 3:
        for y in (17, 74):
            sketch.box(30, y, 68, y + 10, tone.deep, 4.5)
        for y in (46, 52, 58):
            sketch.box(38, y, 58, y + 2.4, tone.dark, 1.2)
    else:
        sketch.box(38, 70, 58, 71.2, tone.dark, 0.6)


DESIGNS = (phone_case, phone_stand, cable, charger, wireless_charger, power_bank)
