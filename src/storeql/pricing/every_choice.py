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
    if len(component.offers) == 1 and not component.offers[0].choosy:
        return _Single(component, nodes, forced).best()
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


class _Single:
    """One promotion against those that are settled unit by unit: rather more pieces or fewer.

    A row's moves give it ever fewer pieces, and fewer pieces never save more. So what it saves on
    a choice bounds what it saves on all that give it no more of any row, and few are tried.
    """

    def __init__(self, component: Component, nodes: Nodes, forced: int | None) -> None:
        (self.offer,) = component.offers
        self.component = component
        self.nodes = nodes
        self.forced = forced is not None
        self.found = NO_ANSWER
        self.grants = False
        self.elsewhere = [0]
        for row in reversed(component.rows):
            self.elsewhere.append(self.elsewhere[-1] + max([move.value for move in row.moves]))
        self.elsewhere.reverse()

    def best(self) -> Found:
        component = self.component
        self._follow((), component.start[0], component.base_minor, self.offer.most_minor)
        return self.found

    def _follow(self, chosen: tuple[int, ...], packed: int, value: int, most: int) -> int:
        """Tries what begins so, where it saves `most` at most; answers the same for the choice
        that gives it all that is left."""
        depth, first = len(chosen), None
        if depth == len(self.component.rows):
            return self._try(chosen, packed, value, most)
        for index, move in enumerate(self.component.rows[depth].moves):
            known, ahead = most, value + move.value
            if ahead + self.elsewhere[depth + 1] + most >= self.found.value:
                given = sum([part for _, part in move.takes])
                known = self._follow((*chosen, index), packed + given, ahead, most)
            first = known if first is None else first
            most = min(most, known)
        return most if first is None else first

    def _try(self, chosen: tuple[int, ...], packed: int, value: int, most: int) -> int:
        most = min(most, self.offer.at_most(packed))
        if value + most < self.found.value:
            return most
        self.nodes.pay(1)
        saving = self.offer.saving(packed)
        total, grants = value + saving, saving > 0
        if grants or not self.forced:
            better = total > self.found.value
            if better or (total == self.found.value and self.grants > grants):
                self.found, self.grants = Found(total, chosen, total), grants
        return saving
