"""Pieces of the engine on their own, for those who test promotion types or refund single units."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from storeql.pricing.basket import Basket
from storeql.pricing.ledger import Ledger
from storeql.pricing.matching import LineMasks
from storeql.pricing.money import allocate
from storeql.pricing.offer import Offer, offered
from storeql.pricing.priced import PricedLine
from storeql.pricing.promotion import Promotion


def saving_alone(promotion: Promotion, basket: Basket, quantities: Mapping[str, int]) -> int:
    """What the promotion saves on these units by line id, offered all at once, after clamping.

    At list prices, conditions and limits of uses aside; 0 for a Missed. This is the `saving(p, S)`
    that the best answer is made of: for a monotone type it never falls when units are added, as
    long as no floor is in the way. Raises TypeFailed as the engine would trace it.
    """
    lines = sorted(
        (replace(one, quantity=quantities[one.id]) for one in basket.lines if one.id in quantities),
        key=lambda line: line.id,
    )
    part = replace(basket, lines=tuple(lines))
    view = Ledger(part, lines).view(promotion.lane)
    wanted = offered(promotion, view, LineMasks(lines).scope(promotion.scope))
    return Offer(promotion, view, wanted).saving_minor if wanted.mask else 0


def unit_nets(line: PricedLine) -> tuple[int, ...]:
    """What each unit of a priced line costs after all discounts: one entry per unit, dearest first.

    The entries sum to the line's net. Discounts after the ITEM lane are spread over the units in
    proportion to the prices that lane left, by largest remainder.
    """
    prices = [unit.unit_minor for unit in line.units for _ in range(unit.quantity)]
    return tuple(allocate(line.net_minor, prices))
