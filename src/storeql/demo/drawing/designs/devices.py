"""Pictures of headphones, speakers, keyboards, mice, hubs and watches."""

from __future__ import annotations

from storeql.demo.drawing.curves import turned
from storeql.demo.drawing.sketch import Sketch
from storeql.demo.drawing.tones import (
    GOLD,
    INK,
    SCREEN,
    STEEL,
    STEEL_DARK,
    WOOD,
    WOOD_DARK,
    Tone,
    mix,
)


def headphones(sketch: Sketch, tone: Tone, style: int) -> None:
    """Seen from the front: a band, two arms, two cups; style 3 has a microphone."""
    sketch.shadow(50, 87, 30, 2.6)
    sketch.arc((50, 52), (30, 34), (190, 350), tone.deep, 5)
    sketch.arc((50, 52), (30, 34), (192, 348), tone.base, 3.8)
    sketch.arc((50, 52.6), (28.4, 31.6), (215, 325), tone.dark, 2.6)
    for side in (-1, 1):
        x = 50 + side * 29.5
        sketch.box(x - 1.4, 44, x + 1.4, 60, STEEL if style != 1 else GOLD, 1.2)
        _cup(sketch, tone, x, side, style)
    if style == 3:
        sketch.curve([(22, 76), (26, 86), (38, 89)], tone.deep, 1.6)
        sketch.box(37, 87, 45, 91, INK, 2)


def _cup(sketch: Sketch, tone: Tone, x: float, side: int, style: int) -> None:
    inner = x - side * 5.5
    sketch.box(inner - 4.6, 51, inner + 4.6, 83, tone.deep, 4.6)
    sketch.box(x - 6.2, 49.4, x + 6.2, 84, tone.dark, 6)
    sketch.box(x - 6.2, 49.4, x + 5, 82.6, tone.base, 6)
    sketch.box(x - 4.6, 52, x + 1.6, 79, mix(tone.base, tone.light, 0.7), 3.2)
    if style == 0:
        sketch.disc(x - 1.4, 73, 1, tone.mark)
    if style == 3:
        sketch.box(x - 2.6, 58, x + 0.4, 74, (96, 200, 205), 1.5)


def earbuds(sketch: Sketch, tone: Tone, style: int) -> None:
    """Two buds above their open case."""
    sketch.shadow(50, 85, 25)
    sketch.box(28, 60, 73, 85, tone.deep, 11)
    sketch.box(27, 59, 71, 84, tone.base, 11)
    sketch.box(27, 59, 69, 80, mix(tone.base, tone.light, 0.6), 10)
    sketch.box(27, 59, 71, 65.5, tone.dark, 3)
    sketch.disc(49, 74, 1.1, (120, 220, 160))
    for side in (-1, 1):
        _bud(sketch, tone, 49 + side * 13, side, style)


def _bud(sketch: Sketch, tone: Tone, x: float, side: int, style: int) -> None:
    if style == 1:
        sketch.arc((x + side * 2, 32), (9, 11), (200, 380), tone.deep, 2.2)
    if style == 2:
        sketch.arc((x + side * 4, 38), (10, 14), (150, 400), tone.dark, 3)
    else:
        sketch.disc(x - side * 7.2, 35, 4.2, mix(tone.deep, STEEL_DARK, 0.4), 5)
    sketch.disc(x + 0.5, 36.5, 8.4, tone.deep)
    sketch.disc(x, 36, 8.2, tone.base)
    sketch.disc(x - 1.6, 34, 5, tone.light)
    sketch.box(x + side * 3 - 2.6, 38, x + side * 3 + 2.6, 57, tone.dark, 2.6)
    sketch.box(x + side * 3 - 2.6, 38, x + side * 3 + 1.6, 56, tone.base, 2.2)
    sketch.box(x + side * 3 - 1.2, 53, x + side * 3 + 1.2, 55, STEEL, 0.8)


def speaker(sketch: Sketch, tone: Tone, style: int) -> None:
    """A portable one, one of wood, an upright cylinder, or a small one on a loop."""
    if style == 1:
        _wooden_speaker(sketch, tone)
    elif style == 2:
        sketch.shadow(50, 85, 20)
        sketch.turned_body([(17, 20), (19, 23), (19, 80), (17, 85)], tone)
        for row in range(26, 80, 3):
            for place in range(-5, 6):
                sketch.disc(50 + place * 3.1, row, 0.5, tone.deep)
        sketch.disc(50, 20, 17, tone.light, 4.4)
        sketch.disc(50, 20, 13, tone.dark, 3)
    else:
        _portable_speaker(sketch, tone, style)


def _portable_speaker(sketch: Sketch, tone: Tone, style: int) -> None:
    half = 34 if style == 0 else 23
    if style == 3:
        sketch.arc((50 + half - 4, 36), (9, 13), (150, 390), tone.deep, 2)
    sketch.shadow(50, 79, half + 2)
    sketch.box(50 - half, 37, 50 + half + 1, 79, tone.deep, 14)
    sketch.box(50 - half, 36, 50 + half, 77.6, tone.base, 14)
    sketch.box(50 - half + 3, 38, 50 + half - 5, 72, mix(tone.base, tone.light, 0.35), 12)
    for row in range(42, 74, 3):
        for place in range(round(-half / 3) + 3, round(half / 3) - 2):
            sketch.disc(50 + place * 3 + row % 2 * 1.5, row, 0.55, tone.dark)
    sketch.box(42, 53, 58, 60, tone.deep, 1.6)
    sketch.line([(46, 56.5), (54, 56.5)], tone.mark, 0.8)


def _wooden_speaker(sketch: Sketch, tone: Tone) -> None:
    sketch.shadow(50, 81, 34)
    for x in (22, 72):
        sketch.shape([(x, 76), (x + 6, 76), (x + 4.6, 82), (x + 1.4, 82)], WOOD_DARK)
    sketch.box(15, 34, 86, 78, WOOD_DARK, 6)
    sketch.box(15, 34, 85, 76.6, WOOD, 6)
    sketch.box(19, 38, 66, 72.6, tone.deep, 3)
    sketch.box(19, 38, 65.4, 72, tone.base, 3)
    for y in range(40, 72, 2):
        sketch.line([(20, y), (64.6, y)], tone.dark, 0.3)
    sketch.disc(75.6, 46, 6, WOOD_DARK)
    sketch.disc(75.2, 45.4, 5.4, GOLD)
    sketch.line([(75.2, 45.4), (78, 42)], WOOD_DARK, 0.7)
    for y in (58, 66):
        sketch.disc(75.4, y, 2.4, WOOD_DARK)
        sketch.disc(75.2, y - 0.4, 2, CREAM_KNOB)


CREAM_KNOB = (240, 231, 214)


def keyboard(sketch: Sketch, tone: Tone, style: int) -> None:
    """A board of keys, some of them in a second colour."""
    sketch.shadow(50, 73, 42, 4)
    sketch.box(9, 32, 91, 74, tone.deep, 4)
    sketch.box(9, 31, 91, 71.4, tone.base, 4)
    keys, rows = (13, 5) if style != 1 else (12, 4)
    width, height = 77 / keys, 35 / rows
    accent = {0: (232, 146, 110), 1: tone.light, 2: (236, 200, 98), 3: tone.pale}[style]
    for row in range(rows - 1):
        for key in range(keys):
            colour = accent if (row + key * 5) % 17 == 0 or (row, key) == (0, 0) else PALE_KEY
            _key(sketch, 11.5 + key * width, 33.8 + row * height, width, height, colour)
    y = 33.8 + (rows - 1) * height
    for start, span in ((0, 1.4), (1.4, 1.4), (2.8, keys - 6.2), (keys - 3.4, 1.7)):
        _key(sketch, 11.5 + start * width, y, width * span, height, PALE_KEY)
    _key(sketch, 11.5 + (keys - 1.7) * width, y, width * 1.7, height, accent)


PALE_KEY = (247, 245, 240)


def _key(
    sketch: Sketch, x: float, y: float, width: float, height: float, colour: tuple[int, int, int]
) -> None:
    sketch.box(x + 0.3, y + 0.3, x + width - 0.4, y + height - 0.3, mix(colour, INK, 0.25), 1.1)
    sketch.box(x + 0.7, y + 0.3, x + width - 0.8, y + height - 1.5, colour, 1)


def mouse(sketch: Sketch, tone: Tone, style: int) -> None:
    """Seen from above; style 1 stands upright, style 3 is arched."""
    sketch.shadow(51, 70, 24, 14)
    lean = 7 if style == 1 else 0
    outline = [(50 + lean, 17), (66 + lean, 26), (70, 52), (65, 76), (50, 84), (35, 76), (30, 52)]
    outline += [(34 + lean, 26)]
    sketch.blob([(x + 1, y + 1.4) for x, y in outline], tone.deep)
    sketch.blob(outline, tone.base)
    sketch.blob([(48 + (x - 48) * 0.78, 50 + (y - 50) * 0.84) for x, y in outline], tone.light)
    sketch.blob([(47 + (x - 48) * 0.7, 49 + (y - 50) * 0.78) for x, y in outline], tone.base)
    sketch.line([(50 + lean * 0.6, 18), (50, 46)], tone.dark, 0.7)
    sketch.arc((50, 48), (19, 5), (0, 180), tone.dark, 0.7)
    sketch.box(47.8 + lean * 0.5, 26, 52.2 + lean * 0.5, 38, tone.deep, 2.2)
    sketch.box(48.6 + lean * 0.5, 28, 51.4 + lean * 0.5, 36, STEEL_DARK, 1.4)
    if style == 2:
        sketch.curve([(38, 72), (50, 77), (62, 72)], (96, 200, 205), 1.2)
    if style == 3:
        sketch.line([(31, 60), (69, 60)], tone.deep, 1)


def hub(sketch: Sketch, tone: Tone, style: int) -> None:
    """A bar of ports on a short lead; longer or smaller by style."""
    half = {0: 30, 1: 33, 2: 38, 3: 20}[style]
    sketch.curve([(50 + half - 4, 46), (50 + half + 6, 36), (78, 24), (62, 20)], tone.deep, 2.4)
    sketch.box(48, 16.6, 63, 23.4, tone.dark, 2)
    sketch.box(42, 18, 48.4, 22, STEEL, 0.6)
    sketch.shadow(50, 72, half)
    sketch.box(50 - half, 44, 50 + half + 1, 72, tone.deep, 5)
    sketch.box(50 - half, 43, 50 + half, 62, tone.light, 5)
    sketch.box(50 - half, 50, 50 + half, 70.6, tone.base, 5)
    ports = {0: 3, 1: 3, 2: 4, 3: 1}[style]
    step = (2 * half - 10) / ports
    for place in range(ports):
        x = 50 - half + 5 + place * step
        sketch.box(x + 1, 56, x + min(step - 1.6, 13), 63, SCREEN, 0.8)
        sketch.box(x + 2.2, 58.6, x + min(step - 3, 11.6), 60.2, (86, 120, 170), 0.2)
    sketch.disc(50 + half - 4, 47, 0.9, (120, 220, 160))


def watch(sketch: Sketch, tone: Tone, style: int) -> None:
    """A face on a strap; round for outdoors, square otherwise."""
    sketch.shadow(52, 88, 15, 2.4)
    narrow = 3 if style == 3 else 0
    for y0, y1, tip in ((8, 36, 7), (64, 93, 95)):
        strap = [(38 + narrow, y0), (62 - narrow, y0), (65 - narrow, y1), (35 + narrow, y1)]
        if y0 > 50:
            strap = [(35 + narrow, y0), (65 - narrow, y0), (60 - narrow, y1), (40 + narrow, y1)]
        sketch.shape(strap, tone.base)
        sketch.line([(47, (y0 + y1) / 2 - 8), (47, (y0 + y1) / 2 + 8)], tone.light, 1.2)
        sketch.disc(50, tip, 0.1, tone.dark)
    for y in (74, 79, 84):
        sketch.disc(50, y, 0.9, tone.deep)
    sketch.box(68.6, 44, 73, 52, STEEL_DARK, 1.4)
    if style == 1:
        sketch.disc(50, 50, 22.5, STEEL_DARK)
        sketch.disc(50, 50, 21.4, INK)
        _round_face(sketch)
    else:
        sketch.box(30, 27, 70.6, 73.6, STEEL_DARK, 11)
        sketch.box(30, 27, 69.6, 72.6, STEEL, 11)
        sketch.box(32, 29, 68, 71, SCREEN, 9)
        _square_face(sketch, tone, style)


def _round_face(sketch: Sketch) -> None:
    for hour in range(12):
        ((x, y), (x2, y2)) = turned([(50, 32), (50, 35)], (50, 50), hour * 30)
        sketch.line([(x, y), (x2, y2)], STEEL, 0.8)
    sketch.line([(50, 50), (42, 44)], PALE_KEY, 1.5)
    sketch.line([(50, 50), (60, 40)], PALE_KEY, 1)
    sketch.line([(50, 50), (50, 64)], (232, 120, 80), 0.6)
    sketch.disc(50, 50, 1.4, (232, 120, 80))


def _square_face(sketch: Sketch, tone: Tone, style: int) -> None:
    rings = ((235, 98, 98), (126, 214, 128), (92, 176, 226))
    for place, colour in enumerate(rings):
        radius = 11.4 - place * 3.2
        sketch.arc((50, 47), (radius, radius), (-90, 150 + 40 * place - 30 * style), colour, 2)
    for place, height in enumerate((3, 5, 4, 6, 4.4, 2.6, 5)):
        x = 40.5 + place * 3
        sketch.box(x, 67 - height, x + 1.7, 67, tone.light, 0.6)


DESIGNS = (headphones, earbuds, speaker, keyboard, mouse, hub, watch)
