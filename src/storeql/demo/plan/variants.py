"""The variants of one product: what tells them apart, what they cost, where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from random import Random

from msgspec import Struct

from storeql.demo.content import OptionValue, TypeSpec, Ware
from storeql.demo.plan.barcodes import ean13
from storeql.demo.plan.designations import Designation
from storeql.demo.plan.options import Chosen, combinations_of
from storeql.demo.plan.prices import dollars, ending_of, pretty_yuan, price_before
from storeql.demo.plan.stock import Supply, on_hand

REDUCED = 0.22


class PlannedVariant(Struct, frozen=True, kw_only=True):
    """A variant to create; prices in fen, those abroad in cents, stock by warehouse."""

    sku: str
    name: str
    options: tuple[tuple[str, str], ...]
    weight_grams: int
    barcode: str
    price_minor: int
    compare_at_minor: int | None
    cost_minor: int
    on_hand: tuple[int, int]

    @property
    def abroad_minor(self) -> int:
        """The price in cents where the product is sold abroad."""
        return dollars(self.price_minor)


class Calculation(Struct, frozen=True, kw_only=True):
    """What the prices of one product's variants have in common.

    `before` is how many times as high the struck-out price is, None without one.
    """

    yuan: float
    ending: int
    before: float | None
    cost_share: float
    grams: int


def calculation(type_: TypeSpec, what: Designation, *, random: Random) -> Calculation:
    """A price within the ware's range, higher or lower by model."""
    return Calculation(
        yuan=random.uniform(*what.ware.price) * what.model.price / 100,
        ending=ending_of(random),
        before=random.uniform(1.15, 1.5) if random.random() < REDUCED else None,
        cost_share=type_.cost_percent / 100 * random.uniform(0.9, 1.1),
        grams=random.randint(*what.ware.grams),
    )


def plan_variants(
    ware: Ware,
    chosen: Sequence[Chosen],
    *,
    place: int,
    costs: Calculation,
    supply: Supply,
    popularity: float,
    random: Random,
) -> tuple[PlannedVariant, ...]:
    """One variant per combination of the chosen options; `place` is that of the product."""
    made = []
    for number, values in enumerate(combinations_of(chosen)):
        factor = prod(value.percent / 100 for value in values)
        price = pretty_yuan(costs.yuan * factor, costs.ending)
        variant = PlannedVariant(
            sku="-".join((ware.code, f"{place + 1:05d}", *(value.code for value in values))),
            name=" / ".join(value.label.both for value in values),
            options=_selected(chosen, values),
            weight_grams=round(costs.grams * prod(value.heavier for value in values)),
            barcode=ean13(place, number),
            price_minor=price,
            compare_at_minor=price_before(price, costs.before) if costs.before else None,
            cost_minor=round(price * costs.cost_share),
            on_hand=on_hand(supply, popularity, random=random),
        )
        made.append(variant)
    return tuple(made)


def _selected(
    chosen: Sequence[Chosen], values: Sequence[OptionValue]
) -> tuple[tuple[str, str], ...]:
    return tuple(
        (one.axis.name.both, value.label.both) for one, value in zip(chosen, values, strict=True)
    )
