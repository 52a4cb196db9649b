"""Asks a kind of promotion directly, and tells what its answer would save, as the engine does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from storeql.pricing import Basket, Lane, Missed, Promotion, Proposal, Units
from storeql.pricing.soundness import check_fields
from storeql.pricing.view import LaneView
from storeql.pricing.worth import check_kind, worth


def answer(promotion: Promotion, units: Units, basket: Basket) -> Proposal | Missed:
    """What the promotion's kind says to these units."""
    return promotion.type.propose(promotion.rule, units, basket)


class Saving(NamedTuple):
    """What is proposed and what of it floors and gift stock leave, in minor units."""

    proposed: int
    granted: int


def saving(promotion: Promotion, units: Units, basket: Basket) -> Saving:
    """What the promotion saves on these units if it stands alone; gifts count at their price.

    Raises storeql.pricing.soundness.Nonsense for an answer that makes no sense.
    """
    found = answer(promotion, units, basket)
    check_kind(found, promotion.lane)
    check_fields(found)
    if isinstance(found, Missed):
        return Saving(0, 0)
    left = basket.remaining.get(promotion.id)
    stock: Mapping[str, int] = left.gift_stock if left else {}
    return Saving(*worth(found, units, _view(units, basket, promotion.lane), stock))


def restricted(basket: Basket, units: Units) -> Basket:
    """The basket with these units and no others."""
    return replace(
        basket, lines=tuple(replace(entry.line, quantity=entry.quantity) for entry in units)
    )


def _view(units: Units, basket: Basket, lane: Lane) -> LaneView:
    amounts = [entry.amount_minor for entry in units]
    floors = [entry.line.floor_minor * entry.quantity for entry in units]
    rooms = [max(0, amount - floor) for amount, floor in zip(amounts, floors, strict=True)]
    places = {entry.line.id: place for place, entry in enumerate(units)}
    return LaneView(basket, lane, [entry.line for entry in units], amounts, rooms, places)
