"""Curves through a few points, as the polygons and lines a picture is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, pi, sin

Point = tuple[float, float]
STEPS = 10


def closed_curve(points: Sequence[Point]) -> list[Point]:
    """A smooth outline through all points (Catmull-Rom)."""
    count = len(points)
    return [
        point
        for place in range(count)
        for point in _between(*(points[(place + shift) % count] for shift in (-1, 0, 1, 2)))
    ]


def open_curve(points: Sequence[Point]) -> list[Point]:
    """A smooth line from the first point to the last through all others."""
    padded = [points[0], *points, points[-1]]
    curve = [
        point for place in range(len(points) - 1) for point in _between(*padded[place : place + 4])
    ]
    return [*curve, points[-1]]


def ellipse_arc(
    centre: Point, radii: Point, start: float, end: float, steps: int = 32
) -> list[Point]:
    """Points of an ellipse from one angle to another, in degrees, 0 to the right, 90 down."""
    angles = [start + (end - start) * step / steps for step in range(steps + 1)]
    return [
        (centre[0] + radii[0] * cos(angle * pi / 180), centre[1] + radii[1] * sin(angle * pi / 180))
        for angle in angles
    ]


def turned(points: Sequence[Point], centre: Point, degrees: float) -> list[Point]:
    """The points turned clockwise about the centre."""
    turn_cos, turn_sin = cos(degrees * pi / 180), sin(degrees * pi / 180)
    return [
        (
            centre[0] + (x - centre[0]) * turn_cos - (y - centre[1]) * turn_sin,
            centre[1] + (x - centre[0]) * turn_sin + (y - centre[1]) * turn_cos,
        )
        for x, y in points
    ]


def rectangle(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    """The four corners."""
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def _between(before: Point, start: Point, end: Point, after: Point) -> list[Point]:
    return [
        (
            _catmull_rom(before[0], start[0], end[0], after[0], step / STEPS),
            _catmull_rom(before[1], start[1], end[1], after[1], step / STEPS),
        )
        for step in range(STEPS)
    ]


def _catmull_rom(before: float, start: float, end: float, after: float, at: float) -> float:
    return 0.5 * (
        2 * start
        + (end - before) * at
        + (2 * before - 5 * start + 4 * end - after) * at**2
        + (3 * start - before - 3 * end + after) * at**3
    )
