"""Colours of a drawing: one given colour in its lights and shades, and the materials around it."""

from __future__ import annotations

from typing import NamedTuple

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (38, 40, 48)
PAPER: Colour = (251, 250, 246)
CREAM: Colour = (243, 236, 222)
STEEL: Colour = (200, 205, 211)
STEEL_DARK: Colour = (150, 157, 166)
WOOD: Colour = (201, 160, 113)
WOOD_DARK: Colour = (165, 124, 81)
GOLD: Colour = (211, 171, 92)
LEAF: Colour = (112, 154, 100)
LEAF_DARK: Colour = (78, 117, 72)
SCREEN: Colour = (35, 38, 46)
GLASS: Colour = (226, 236, 238)
WATER: Colour = (176, 209, 219)


def colour_of(hex_code: str) -> Colour:
    """`#8aa8c2` as red, green, blue."""
    return int(hex_code[1:3], 16), int(hex_code[3:5], 16), int(hex_code[5:7], 16)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """The first colour with that share of the second."""
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


def is_dark(colour: Colour) -> bool:
    """True when black lines would not show on it."""
    return 299 * colour[0] + 587 * colour[1] + 114 * colour[2] < 110_000


class Tone(NamedTuple):
    """A colour in five steps from light to dark; `mark` shows on it."""

    pale: Colour
    light: Colour
    base: Colour
    dark: Colour
    deep: Colour
    mark: Colour


def tone_of(base: Colour) -> Tone:
    """The colour's lights and shades."""
    return Tone(
        pale=mix(base, WHITE, 0.62),
        light=mix(base, WHITE, 0.28),
        base=base,
        dark=mix(base, INK, 0.16),
        deep=mix(base, INK, 0.36),
        mark=mix(base, WHITE, 0.75) if is_dark(base) else mix(base, INK, 0.55),
    )
