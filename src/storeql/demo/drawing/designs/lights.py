"""Pictures of lamps, in the evening, with their light."""

from __future__ import annotations

from storeql.demo.drawing.curves import ellipse_arc
from storeql.demo.drawing.sketch import Sketch
from storeql.demo.drawing.tones import GOLD, WOOD, WOOD_DARK, Colour, Tone, mix

GLOW: Colour = (255, 226, 168)
DUSK: Colour = (76, 80, 100)
WARM: Colour = (255, 241, 208)


def _glow(sketch: Sketch, x: float, y: float, radius: float) -> None:
    for step in range(9):
        size = radius * (1 - step / 10)
        sketch.disc(x, y, size, mix(DUSK, GLOW, 0.05 + step * 0.05))


def desk_lamp(sketch: Sketch, tone: Tone, style: int) -> None:
    """A base, two arms and a head; style 2 is a small mushroom, style 3 of brass."""
    if style == 2:
        _mushroom(sketch, tone)
        return
    metal = GOLD if style == 3 else tone.base
    shade = mix(metal, (0, 0, 0), 0.2)
    _glow(sketch, 66, 66, 30)
    sketch.shape([(56, 38), (80, 50), (90, 86), (40, 86)], mix(DUSK, GLOW, 0.42))
    sketch.shadow(34, 86, 19)
    sketch.disc(34, 84, 17, shade, 4.4)
    sketch.disc(34, 82.4, 17, metal, 4.2)
    elbow = (24, 46) if style == 1 else (30, 42)
    sketch.line([(34, 81), elbow], shade, 2.6)
    sketch.line([elbow, (60, 25)], metal, 2.6)
    sketch.disc(*elbow, 2.6, shade)
    sketch.shape([(56, 20), (66, 26), (82, 47), (52, 40)], metal)
    sketch.shape([(62, 23.6), (66, 26), (82, 47), (72, 44.7)], shade)
    sketch.shape([(52, 40), (82, 47), (80, 50), (54, 43)], WARM)


def _mushroom(sketch: Sketch, tone: Tone) -> None:
    _glow(sketch, 50, 48, 38)
    sketch.shadow(50, 84, 18)
    sketch.turned_body([(4, 44), (4.4, 66), (9, 78), (15, 82), (15, 84)], tone)
    sketch.shape(ellipse_arc((50, 48), (27, 26), 180, 360), tone.base)
    sketch.shape(ellipse_arc((46, 47), (18, 20), 180, 360), tone.light)
    sketch.disc(50, 48, 27, WARM, 4.2)
    sketch.disc(50, 48, 20, (255, 250, 232), 2.8)


def night_light(sketch: Sketch, tone: Tone, style: int) -> None:
    """A round sensor light, the moon, a rabbit, or a sunset on the wall."""
    if style == 3:
        sketch.disc(50, 40, 32, (232, 138, 92))
        sketch.disc(50, 40, 27, (240, 160, 100))
        sketch.disc(50, 40, 20, (250, 192, 120))
        sketch.shadow(50, 88, 10)
        sketch.turned_body([(6, 66), (8, 68), (8, 82), (10, 88)], tone)
        return
    _glow(sketch, 50, 52, 42)
    sketch.shadow(50, 84, 22)
    if style == 2:
        for x in (42, 58):
            sketch.disc(x, 27, 5, tone.base, 14)
            sketch.disc(x, 28, 2.4, tone.light, 10)
    if style == 1:
        sketch.shape([(40, 74), (60, 74), (66, 85), (34, 85)], WOOD_DARK)
        sketch.shape([(40, 73), (60, 73), (65, 83), (35, 83)], WOOD)
    sketch.disc(50, 56, 26, tone.base)
    sketch.disc(49, 54.6, 24, mix(tone.base, WARM, 0.45))
    sketch.disc(47.4, 52.6, 18, mix(tone.base, WARM, 0.75))
    if style == 1:
        for x, y, radius in ((40, 48, 5), (57, 60, 6), (45, 66, 3.4), (60, 43, 3), (50, 54, 2)):
            sketch.disc(x, y, radius, mix(tone.base, WARM, 0.5))
    if style == 2:
        for x in (42, 56):
            sketch.disc(x, 54, 1.6, tone.mark)
        sketch.curve([(46, 61), (49, 63), (52, 61)], tone.mark, 0.8)
    if style == 0:
        sketch.disc(50, 70, 3, tone.dark)
        sketch.disc(50, 70, 1.8, tone.deep)


def floor_lamp(sketch: Sketch, tone: Tone, style: int) -> None:
    """A linen shade, an arc, a tripod, or light for the ceiling."""
    pole = WOOD if style == 2 else tone.dark
    if style == 1:
        _arc_lamp(sketch, tone)
        return
    _glow(sketch, 50, 28 if style != 3 else 14, 34)
    if style == 2:
        sketch.shadow(50, 91, 22, 2)
        for x in (32, 50, 68):
            sketch.line([(50, 40), (x, 91)], WOOD_DARK if x == 50 else pole, 2)
    else:
        sketch.shadow(50, 91, 14, 2.4)
        sketch.line([(50, 36), (50, 89)], pole, 1.8)
        sketch.disc(50, 90, 13, tone.deep, 2.6)
        sketch.disc(50, 89, 13, tone.base, 2.4)
    if style == 3:
        sketch.shape([(34, 18), (66, 18), (54, 38), (46, 38)], tone.base)
        sketch.shape([(54, 18), (66, 18), (54, 38), (51, 38)], tone.dark)
        sketch.disc(50, 18, 16, WARM, 3)
        return
    linen = mix(tone.base, WARM, 0.55)
    sketch.shape([(38, 12), (62, 12), (70, 42), (30, 42)], linen)
    sketch.shape([(56, 12), (62, 12), (70, 42), (61, 42)], mix(linen, tone.dark, 0.35))
    sketch.shape([(41, 12), (45, 12), (40, 42), (35, 42)], mix(linen, WARM, 0.6))
    sketch.disc(50, 42, 20, WARM, 2.6)


def _arc_lamp(sketch: Sketch, tone: Tone) -> None:
    _glow(sketch, 70, 44, 28)
    sketch.shadow(26, 90, 14, 2.4)
    sketch.box(15, 85, 38, 90, tone.deep, 1.6)
    sketch.box(15, 85, 38, 88, tone.base, 1.4)
    sketch.curve([(26, 86), (24, 50), (34, 20), (54, 14), (68, 24), (70, 32)], tone.dark, 1.8)
    sketch.shape(ellipse_arc((70, 44), (15, 13), 180, 360), tone.base)
    sketch.shape(ellipse_arc((67, 43), (9, 9), 180, 360), tone.light)
    sketch.disc(70, 44, 15, WARM, 2.4)


DESIGNS = (desk_lamp, night_light, floor_lamp)
