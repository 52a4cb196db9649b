"""Every design by the name that wares call it: a function that draws one on a sketch."""

from collections.abc import Callable, Mapping

from storeql.demo.drawing.designs import (
    beauty,
    carry,
    clothes,
    devices,
    food,
    home,
    kitchen,
    lights,
    phones,
    sport,
)
from storeql.demo.drawing.sketch import Sketch
from storeql.demo.drawing.tones import Tone

Design = Callable[[Sketch, Tone, int], None]

DESIGNS: Mapping[str, Design] = {
    design.__name__: design
    for department in (
        phones.DESIGNS,
        devices.DESIGNS,
        home.DESIGNS,
        lights.DESIGNS,
        kitchen.DESIGNS,
        clothes.DESIGNS,
        carry.DESIGNS,
        food.DESIGNS,
        beauty.DESIGNS,
        sport.DESIGNS,
    )
    for design in department
}
