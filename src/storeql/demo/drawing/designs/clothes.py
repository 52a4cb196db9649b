"""Pictures of clothes laid flat: shirts, hoodies, trousers, skirts, sneakers."""

from __future__ import annotations

from storeql.demo.drawing.curves import Point, open_curve
from storeql.demo.drawing.sketch import Sketch
from storeql.demo.drawing.tones import GOLD, INK, PAPER, WHITE, WOOD, Tone, mix


def _mirrored(half: list[Point]) -> list[Point]:
    """A whole outline from its left half, listed from the top middle down."""
    return [*half, *((100 - x, y) for x, y in reversed(half))]


BODY = [(42, 18), (34, 20), (14, 33), (20, 48), (30, 43), (29, 84), (50, 85)]
LONG = [(42, 18), (33, 21), (22, 34), (12, 74), (21, 77), (30, 50), (29, 86), (50, 87)]


def t_shirt(sketch: Sketch, tone: Tone, style: int) -> None:
    """Plain, sporty, striped, or with a small print."""
    outline = _mirrored([*BODY])
    sketch.shadow(50, 86, 26, 2)
    sketch.shape([(x + 0.7, y + 1) for x, y in outline], tone.deep)
    sketch.shape(outline, tone.base)
    if style == 2:
        stripe = tone.mark
        sketch.inside(outline, lambda over: _stripes(over, stripe, 30, 84, 6))
    sketch.shape([(64, 40), (70, 43), (71, 84), (60, 84.6)], mix(tone.base, tone.dark, 0.55))
    _neck(sketch, tone)
    for side in (-1, 1):
        seam = [(50 + side * 20, 43), (50 + side * 18.4, 34), (50 + side * 16, 21)]
        sketch.curve(seam, tone.dark, 0.5)
    if style == 1:
        sketch.line([(18, 44.5), (28.4, 39.6)], tone.mark, 0.7)
        sketch.line([(82, 44.5), (71.6, 39.6)], tone.mark, 0.7)
    if style == 3:
        sketch.disc(59, 39, 4, mix(tone.mark, (226, 138, 100), 0.7))
        sketch.shape([(55, 42), (59, 36), (63, 42)], tone.pale)


def _neck(sketch: Sketch, tone: Tone) -> None:
    sketch.disc(50, 18.4, 8.6, tone.dark, 5.6)
    sketch.disc(50, 17.6, 6.8, mix(tone.deep, INK, 0.2), 4.2)


def _stripes(sketch: Sketch, colour: tuple[int, int, int], top: int, bottom: int, gap: int) -> None:
    for y in range(top, bottom, gap):
        sketch.box(0, y, 100, y + gap * 0.36, colour)


def shirt(sketch: Sketch, tone: Tone, style: int) -> None:
    """Buttoned; style 2 checked, style 3 with a band collar."""
    outline = _mirrored([*LONG])
    sketch.shadow(50, 88, 24, 2)
    sketch.shape([(x + 0.7, y + 1) for x, y in outline], tone.deep)
    sketch.shape(outline, tone.base)
    if style == 2:
        sketch.inside(outline, lambda over: _checks(over, tone))
    sketch.shape([(66, 46), (70, 50), (71, 86), (62, 86.5)], mix(tone.base, tone.dark, 0.5))
    for side in (-1, 1):
        sketch.curve(
            [(50 + side * 20, 50), (50 + side * 17.6, 36), (50 + side * 16, 22)], tone.dark, 0.5
        )
        cuff = [(50 + side * 38, 71), (50 + side * 29.4, 74)]
        sketch.line(cuff, tone.dark, 0.6)
    sketch.box(47.6, 22, 52.4, 86.6, mix(tone.base, tone.light, 0.6))
    sketch.line([(47.6, 24), (47.6, 86.4)], tone.dark, 0.4)
    for y in range(30, 86, 9):
        sketch.disc(50, y, 0.9, PAPER)
        sketch.disc(50, y, 0.4, tone.deep)
    if style == 3:
        sketch.box(42, 15.4, 58, 20.6, tone.dark, 2)
        sketch.box(42, 16, 58, 20, tone.light, 2)
    else:
        sketch.disc(50, 18, 8, tone.deep, 4)
        for side in (-1, 1):
            collar = [
                (50 + side * 8.6, 14.6),
                (50 + side * 0.8, 22),
                (50 + side * 7, 28),
                (50 + side * 12, 19),
            ]
            sketch.shape(collar, tone.light)
            sketch.line([collar[1], collar[2], collar[3]], tone.dark, 0.5)
    sketch.box(57, 38, 65, 47, mix(tone.base, tone.light, 0.35), 0.8)
    sketch.line([(57, 38.6), (65, 38.6)], tone.dark, 0.5)


def _checks(sketch: Sketch, tone: Tone) -> None:
    for x in range(8, 94, 9):
        sketch.box(x, 10, x + 3, 90, tone.dark)
    for y in range(14, 90, 9):
        sketch.box(5, y, 95, y + 3, mix(tone.dark, tone.deep, 0.5))
        sketch.box(5, y + 5.4, 95, y + 6, tone.pale)


def hoodie(sketch: Sketch, tone: Tone, style: int) -> None:
    """With a pouch, a fleece hood, a zip, or a faded dye."""
    outline = _mirrored(
        [(40, 24), (30, 27), (18, 42), (11, 78), (22, 80), (29, 56), (28, 82), (50, 83)]
    )
    sketch.shadow(50, 88, 25, 2)
    sketch.shape([(x + 0.8, y + 1) for x, y in outline], tone.deep)
    sketch.shape(outline, tone.base if style != 3 else mix(tone.base, tone.pale, 0.3))
    sketch.shape([(66, 50), (71, 56), (72, 82), (61, 83)], tone.dark)
    sketch.blob([(34, 27), (37, 13), (50, 9), (63, 13), (66, 27), (50, 33)], tone.dark)
    sketch.blob([(37, 26), (39, 15), (50, 11.6), (61, 15), (63, 26), (50, 31)], tone.base)
    lining = (240, 234, 222) if style == 1 else tone.deep
    sketch.blob([(42, 25), (43, 18), (50, 15.4), (57, 18), (58, 25), (50, 31)], lining)
    sketch.shape([(36, 62), (64, 62), (69, 78), (31, 78)], mix(tone.base, tone.dark, 0.7))
    sketch.line([(36, 62), (31, 78)], tone.deep, 0.6)
    sketch.line([(64, 62), (69, 78)], tone.deep, 0.6)
    sketch.box(28, 81, 72, 86, tone.dark, 1)
    for side in (-1, 1):
        sketch.shape(
            [
                (50 + side * 39, 78),
                (50 + side * 28, 80),
                (50 + side * 28.4, 84),
                (50 + side * 38, 82),
            ],
            tone.dark,
        )
        sketch.curve([(50 + side * 4, 30), (50 + side * 4.6, 38), (50 + side * 4, 44)], PAPER, 0.8)
        sketch.disc(50 + side * 4, 44.6, 0.9, GOLD)
    if style == 2:
        sketch.line([(50, 31), (50, 86)], (205, 208, 213), 1.1)
        sketch.box(49, 38, 51, 42, (160, 165, 172), 0.5)


def trousers(sketch: Sketch, tone: Tone, style: int) -> None:
    """Straight, with a drawstring, wide, or with pockets on the thighs."""
    hem = {0: 13, 1: 12, 2: 19, 3: 14}[style]
    waist = 15 if style != 2 else 13
    sketch.shadow(50, 92, 24, 1.6)
    for side in (-1, 1):
        outer = [(50, 14), (50 + side * waist, 14), (50 + side * (waist + 6), 40)]
        leg = [*outer, (50 + side * (5 + hem), 90), (50 + side * 5, 91), (50, 44)]
        sketch.shape([(x + 0.6, y + 0.8) for x, y in leg], tone.deep)
        sketch.shape(leg, tone.base if side < 0 else mix(tone.base, tone.dark, 0.45))
        middle = [
            (50 + side * (waist - 5), 22),
            (50 + side * (waist - 2), 44),
            (50 + side * (5 + hem / 2), 89),
        ]
        sketch.curve(middle, mix(tone.base, tone.light, 0.5) if side < 0 else tone.base, 0.8)
        sketch.curve(
            [
                (50 + side * (waist + 0.6), 18),
                (50 + side * (waist - 3), 27),
                (50 + side * (waist + 3.4), 31),
            ],
            tone.deep,
            0.6,
        )
        if style == 3:
            x = 50 + side * (waist - 1)
            sketch.box(x - 6, 48, x + 5, 62, tone.dark, 1.2)
            sketch.box(x - 6, 48, x + 5, 52, tone.deep, 1)
    sketch.box(50 - waist, 11, 50 + waist, 16, tone.dark, 1)
    if style == 1:
        sketch.curve([(48, 15), (45, 22), (46, 28)], PAPER, 0.8)
        sketch.curve([(52, 15), (55, 21), (53.6, 27)], PAPER, 0.8)
    else:
        sketch.disc(50, 13.6, 1, GOLD)
        sketch.line([(50, 17), (50, 30)], tone.deep, 0.5)


def skirt(sketch: Sketch, tone: Tone, style: int) -> None:
    """Pleated, of denim, of satin, or of wool."""
    flare = {0: 34, 1: 27, 2: 26, 3: 20}[style]
    hem = {0: 76, 1: 68, 2: 82, 3: 84}[style]
    sketch.shadow(50, hem + 3, flare - 2, 2)
    left, right = 50 - flare, 50 + flare
    bottom = open_curve([(right, hem - 2), (50, hem + 2), (left, hem - 2)])
    outline = [(36, 20), (64, 20), *bottom]
    sketch.shape([(x + 0.7, y + 1) for x, y in outline], tone.deep)
    sketch.shape(outline, tone.base)
    folds = 13 if style == 0 else 5
    for place in range(1, folds):
        share = place / folds
        x, foot = 36 + 28 * share, left + 2 * flare * share
        if style == 0:
            nib = foot + flare / folds
            sketch.shape([(x, 25), (foot, hem), (nib, hem)], tone.dark)
        else:
            sketch.curve(
                [(x, 30), ((x + foot) / 2 + 1, hem * 0.6), (foot, hem - 1)],
                mix(tone.base, tone.dark, 0.7),
                0.9,
            )
    if style == 2:
        sketch.curve([(42, 28), (38, 50), (33, 76)], tone.pale, 1.8)
    if style == 1:
        for x in (38, 56):
            sketch.arc((x + 3, 26), (5, 6), (20, 160), GOLD, 0.5)
        sketch.line([(50, 25), (50, hem)], GOLD, 0.4)
    sketch.box(36, 16, 64, 25, tone.dark, 1)
    sketch.box(36, 16, 63, 23.4, tone.light if style != 2 else tone.base, 1)
    sketch.disc(50, 20, 1.1, GOLD)


def sneakers(sketch: Sketch, tone: Tone, style: int) -> None:
    """One shoe from the side, its fellow behind it."""
    _shoe(sketch, tone, style, 8, -9, behind=True)
    sketch.shadow(49, 79, 38, 2.8)
    _shoe(sketch, tone, style, 0, 0, behind=False)


def _shoe(
    sketch: Sketch, tone: Tone, style: int, right: float, down: float, *, behind: bool
) -> None:
    upper = [
        (15, 46),
        (24, 40),
        (33, 44),
        (46, 55),
        (62, 60),
        (80, 64),
        (86, 73),
        (50, 75),
        (14, 74),
        (12, 60),
    ]
    moved = [(x + right, y + down) for x, y in upper]
    sole = WHITE if style != 2 else (92, 82, 74)
    main = tone.dark if behind else tone.base
    sketch.blob(moved, main)
    if not behind:
        sketch.blob(
            [(64, 61), (80, 64.4), (86, 73), (70, 74), (62, 70)], mix(tone.base, tone.light, 0.6)
        )
        sketch.blob([(13, 54), (22, 50), (25, 62), (22, 74), (13, 73)], tone.dark)
    sketch.disc(23 + right, 44 + down, 10, tone.deep, 3.6)
    if style != 3:
        for place in range(5):
            x, y = 34 + place * 5.4 + right, 47 + place * 3 + down
            sketch.line([(x, y), (x + 3.6, y - 3.6)], sole if style != 2 else GOLD, 1.1)
    else:
        sketch.curve(
            [(30 + right, 48 + down), (40 + right, 58 + down), (38 + right, 72 + down)],
            tone.deep,
            0.8,
        )
    if style == 0:
        sketch.curve(
            [(28 + right, 70 + down), (44 + right, 62 + down), (58 + right, 68 + down)],
            tone.mark,
            1.4,
        )
    if style == 1:
        sketch.line([(44 + right, 72 + down), (50 + right, 60 + down)], tone.mark, 1)
        sketch.line([(49 + right, 72 + down), (55 + right, 62 + down)], tone.mark, 1)
    sketch.blob(
        [
            (12 + right, 73 + down),
            (50 + right, 74 + down),
            (87 + right, 72 + down),
            (88 + right, 78 + down),
            (50 + right, 80 + down),
            (13 + right, 79.4 + down),
        ],
        mix(sole, INK, 0.28 if behind else 0.06),
    )
    if not behind:
        sketch.line([(14, 77.6), (86, 76.8)], WOOD if style == 1 else mix(sole, INK, 0.3), 0.9)


DESIGNS = (t_shirt, shirt, hoodie, trousers, skirt, sneakers)
