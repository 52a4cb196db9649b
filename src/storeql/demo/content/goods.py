"""The shapes of what the demo shop sells: wares, their models, and the options they come in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from msgspec import Struct

Trait: TypeAlias = str | bool | int | float


class Pair(NamedTuple):
    """The same words in Chinese and in English."""

    zh: str
    en: str

    @property
    def both(self) -> str:
        """Chinese, a space, English."""
        return f"{self.zh} {self.en}".strip()


class OptionValue(Struct, frozen=True):
    """One value of an axis: its label, its part of a SKU, what it does to picture and price.

    `percent` is what the price becomes, `weight` what the weight becomes; without it the weight
    grows a little less than the price does.
    """

    label: Pair
    code: str
    hex: str | None = None
    percent: int = 100
    weight: int | None = None

    @property
    def heavier(self) -> float:
        """The factor on the weight."""
        return (self.percent / 100) ** 0.8 if self.weight is None else self.weight / 100


class Axis(Struct, frozen=True):
    """A choice that tells variants apart, with every value it knows."""

    name: Pair
    values: Mapping[str, OptionValue]


class Model(Struct, frozen=True):
    """One model of a ware: its name, the sentence it adds, its price in percent of the ware's.

    `noun` replaces the ware's own noun where the model is called something else; `traits` says
    what is certain of the ware's possible attribute values.
    """

    name: Pair
    says: Pair
    price: int
    noun: Pair | None = None
    traits: Mapping[str, Trait] = {}


class Ware(Struct, frozen=True):
    """A kind of thing the shop sells.

    `price` is a range in yuan, `grams` a range; `axes` names the values of each option it comes
    in; `traits` holds the possible values of its product type's attributes; `tints` colours the
    picture of each model where no option does.
    """

    code: str
    name: Pair
    category: str
    type: str
    drawing: str
    price: tuple[int, int]
    grams: tuple[int, int]
    axes: Mapping[str, Sequence[str]]
    traits: Mapping[str, Sequence[Trait]]
    models: Sequence[Model]
    openings: Sequence[Pair]
    details: Sequence[Pair]
    tints: Sequence[str] = ()
