"""The SHIPPING lane: which discounts share the delivery price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from storeql.pricing.nodes import Nodes
from storeql.pricing.offer import Offer, stackable


class ShippingAnswer(NamedTuple):
    """Promotions that may apply together, in (priority, id) order, and what they save.

    No other set saves more than `upper`; `value` is -1 if there is no set.
    """

    offers: tuple[Offer, ...]
    value: int
    upper: int


class _Choice:
    """Depth first over the offers in (priority, id) order: with each one, then without."""

    def __init__(self, offers: Sequence[Offer], price: int, nodes: Nodes, forced: Offer | None):
        self.offers = offers
        self.price = price
        self.nodes = nodes
        self.forced = forced
        self.best = ShippingAnswer((), -1, -1)
        self.upper = -1
        self.rest = [0] * (len(offers) + 1)
        for at in range(len(offers) - 1, -1, -1):
            self.rest[at] = self.rest[at + 1] + offers[at].proposed_minor

    def explore(self, at: int, chosen: tuple[Offer, ...], total: int) -> None:
        bound = min(self.price, total + self.rest[at])
        if bound < self.best.value or (
            bound == self.best.value and chosen != self.best.offers[: len(chosen)]
        ):  # an equal answer comes first only if it is the start of the best one
            return
        if self.nodes.left <= 0:
            self.upper = max(self.upper, bound)
            return
        self.nodes.pay(1)
        if at == len(self.offers):
            self._keep(chosen, min(self.price, total))
            return
        offer = self.offers[at]
        if all(_together(offer, other) for other in chosen):
            self.explore(at + 1, (*chosen, offer), total + offer.proposed_minor)
        if offer is not self.forced:
            self.explore(at + 1, chosen, total)

    def _keep(self, chosen: tuple[Offer, ...], value: int) -> None:
        if self.forced is not None and self.forced not in chosen:
            return
        ranks = [offer.rank for offer in chosen]
        before = ranks < [offer.rank for offer in self.best.offers]
        if value > self.best.value or (value == self.best.value and before):
            self.best = ShippingAnswer(chosen, value, value)


def best_shipping(
    offers: Sequence[Offer], price: int, nodes: Nodes, forced: Offer | None = None
) -> ShippingAnswer:
    """The set that saves most of the delivery price; with `forced`, the best that has it.

    All of them want the one shipment, so any two go together only if they are stackable.
    """
    ordered = sorted(offers, key=lambda offer: offer.rank)
    alone = _best_alone([forced] if forced else ordered, price)
    if sum([offer.promotion.stacking_group is not None for offer in ordered]) < 2:
        return alone
    choice = _Choice(ordered, price, nodes, forced)
    choice.explore(0, (), 0)
    best = choice.best if choice.best.value >= alone.value else alone
    return best._replace(upper=max(best.value, choice.upper))


def _best_alone(offers: Sequence[Offer], price: int) -> ShippingAnswer:
    """The single offer that saves most, of equal ones the first."""
    best = max(offers, key=lambda offer: min(price, offer.proposed_minor))
    value = min(price, best.proposed_minor)
    return ShippingAnswer((best,), value, value)


def shipping_in_order(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """The promotions by priority, each unless it may not share with one before it."""
    chosen: list[Offer] = []
    for offer in sorted(offers, key=lambda offer: offer.rank):
        if all(_together(offer, other) for other in chosen):
            chosen.append(offer)
    return tuple(chosen)


def _together(one: Offer, other: Offer) -> bool:
    return stackable(one.promotion, other.promotion)
