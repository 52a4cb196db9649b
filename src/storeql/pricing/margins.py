"""By how much a promotion lost: the best answer minus the best one in which it is granted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from storeql.pricing.nodes import Nodes
from storeql.pricing.offer import Offer
from storeql.pricing.shipping import ShippingAnswer, best_shipping
from storeql.pricing.solve import Group, LaneAnswer, Solved, solve_group

MOST_NODES = 100
"""What explaining one loss may cost; what is not proven then is told as a range."""


class Loss(NamedTuple):
    """`by_minor` for the best answer found with the promotion; no answer with it loses less than
    `at_least_minor`. None: not known."""

    by_minor: int | None = None
    at_least_minor: int | None = None


UNKNOWN = Loss()


def losses(answer: LaneAnswer, losers: Iterable[Offer], nodes: Nodes) -> Mapping[Offer, Loss]:
    """The loss of each of these offers in a lane that was solved for the best answer."""
    found = {}
    for offer in losers:
        if offer in answer.simple:
            found[offer] = _simple_loss(offer, answer)
            continue
        for group, solved in answer.groups:
            if offer in group.offers:
                found[offer] = _group_loss(offer, group, solved, nodes)
    return found


def _group_loss(offer: Offer, group: Group, solved: Solved, nodes: Nodes) -> Loss:
    if nodes.left <= 0:
        return Loss(None, 0)
    purse = nodes.part(MOST_NODES)
    forced = solve_group(group, purse, forced=offer)
    nodes.settle(purse)
    by = max(0, solved.value - forced.value) if forced.value >= 0 else None
    return Loss(by, max(0, solved.value - max(forced.upper, forced.value)))


def _simple_loss(offer: Offer, answer: LaneAnswer) -> Loss:
    """The cheapest single unit to take from the answer; exact where no search shares the line."""
    by: int | None = None
    exact = True
    for place in offer.pieces:
        options = answer.residual.options(place)
        own = [option.each_minor for option in options if offer in option.offers]
        exact = exact and not (own and any(group.places >> place & 1 for group, _ in answer.groups))
        given = {run.offers for run in answer.plan.get(place, ())}
        displaced = [option.each_minor for option in options if option.offers in given]
        if own and displaced:
            loss = min(displaced) - own[0]
            by = loss if by is None else min(by, loss)
    return Loss(by, by if exact else 0)


def shipping_loss(
    offer: Offer, offers: Iterable[Offer], best: ShippingAnswer, price: int, nodes: Nodes
) -> Loss:
    """The same for a discount on the delivery price."""
    purse = nodes.part(MOST_NODES)
    forced = best_shipping(list(offers), price, purse, forced=offer)
    nodes.settle(purse)
    by = max(0, best.value - forced.value) if forced.value >= 0 else None
    return Loss(by, max(0, best.value - forced.upper))
