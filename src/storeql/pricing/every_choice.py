"""A small component solved by trying every choice: sooner done than bounds are found."""

from __future__ import annotations

from itertools import product
from math import prod

from storeql.pricing.component import Component
from storeql.pricing.nodes import Nodes
from storeql.pricing.search import Found

MOST = 24
"""With more ways to choose one move per row, a search that cuts branches is sooner done."""
NO_ANSWER = Found(-1, (), -1)


def is_small(component: Component) -> bool:
    """True if every choice may be tried, and the savings of one only have to be added up."""
    ways = prod([len(row.moves) for row in component.rows])
    return ways <= MOST and component.complete and not component.stacks


def best_of_all(component: Component, nodes: Nodes, forced: int | None = None) -> Found:
    """The best choice, of equal ones the one that grants the first promotions.

    With a `forced` seat only choices that grant that promotion count.
    """
    best, best_key, tried, offers = NO_ANSWER, list[int](), 0, component.offers
    for chosen in product(*(range(len(row.moves)) for row in component.rows)):
        sums, total = component.sums(chosen)
        granted = []
        tried += 1
        for seat, offer in enumerate(offers):
            saving = offer.saving(sums[seat])
            if saving:
                total += saving
                granted.append(seat)
        if forced is not None and forced not in granted:
            continue
        if total > best.value or (total == best.value and granted < best_key):
            best, best_key = Found(total, chosen, total), granted
    nodes.pay(tried)
    return best
