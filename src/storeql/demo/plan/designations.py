"""Which product the n-th one is: its ware, model, brand, series and edition, and so its name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct

from storeql.demo.content import Content, Model, Pair, Ware

NO_SERIES = Pair("", "")


class Designation(Struct, frozen=True):
    """What a product is; `style` is the place of its model in the ware."""

    ware: Ware
    style: int
    brand: Pair
    series: Pair = NO_SERIES
    edition: Pair = NO_SERIES

    @property
    def model(self) -> Model:
        """The model itself."""
        return self.ware.models[self.style]

    @property
    def name(self) -> str:
        """The product's name in Chinese and English."""
        noun = self.model.noun or self.ware.name
        chinese = (self.brand.zh, self.series.zh, f"{self.model.name.zh}{noun.zh}", self.edition.zh)
        return " ".join(part for part in (*chinese, self.english) if part)

    @property
    def english(self) -> str:
        """The product's name in English only."""
        noun = self.model.noun or self.ware.name
        parts = (self.brand.en, self.series.en, self.model.name.en, noun.en, self.edition.en)
        return " ".join(part for part in parts if part)

    @property
    def slug(self) -> str:
        """The product's address."""
        return slug_of(self.english)


def designation(content: Content, place: int) -> Designation:
    """The product at `place` (from 0): all wares in turns, first their plain models, then series.

    Different for every place up to 250,000; raises ValueError beyond.
    """
    turn, ware_place = divmod(place, len(content.wares))
    ware = content.wares[ware_place]
    brands = _brands(content, ware)
    if turn < len(ware.models):
        return Designation(ware, turn, brands[(ware_place + turn) % len(brands)])
    turn, style = divmod(turn - len(ware.models), len(ware.models))
    turn, series = divmod(turn, len(content.shop.series))
    edition, brand = divmod(turn, len(brands))
    if edition >= len(content.shop.editions):
        raise ValueError(f"there is no name for product {place}")
    # Brand and series move on with the ware and model: neighbours in a list differ in all of them.
    return Designation(
        ware,
        style,
        brands[(brand + ware_place + style + series) % len(brands)],
        content.shop.series[(series + 7 * ware_place + 11 * style) % len(content.shop.series)],
        content.shop.editions[edition],
    )


def slug_of(text: str) -> str:
    """A text as part of an address: lower-case letters and digits joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).replace("'", "").encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _brands(content: Content, ware: Ware) -> Sequence[Pair]:
    department = next(type_.brands for type_ in content.types if type_.slug == ware.type)
    return content.shop.brands[department]
