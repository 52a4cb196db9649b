"""What the pieces of a line save when only promotions that look at single units want them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import NamedTuple

from storeql.pricing.cliques import cliques, largest
from storeql.pricing.grant import Run
from storeql.pricing.offer import Offer, shares_exclusion, stackable
from storeql.pricing.promotion import Promotion
from storeql.pricing.proposal import UnitPrices
from storeql.pricing.view import LaneView


class Layer(NamedTuple):
    """`pieces` of a line that save `each_minor` apiece under `offers`."""

    pieces: int
    each_minor: int
    offers: tuple[Offer, ...]


def unit_savings(offer: Offer) -> dict[int, int] | None:
    """What each unit saves, by the line's place; None if the answer is not one per unit.

    Only an answer that names all the units of a line or none of them qualifies.
    """
    if not offer.promotion.type.per_unit or not isinstance(offer.answer, UnitPrices):
        return None
    savings: dict[int, int] = {}
    places, lines, pieces = offer.view.places, offer.view.lines, offer.pieces
    for named in offer.answer.prices:
        place = places[named.line_id]
        if place in savings or named.quantity != pieces[place]:
            return None
        line = lines[place]
        savings[place] = max(0, line.list_minor - max(named.price_minor, line.floor_minor))
    return savings


def split(offers: Sequence[Offer]) -> tuple[list[Offer], dict[Offer, dict[int, int]]]:
    """The offers that need a search, and those that do not with their savings per unit.

    A promotion is settled unit by unit only if nothing ties its units together: it shares no
    exclusion group with another, and it stacks with nothing that needs a search or has a quota.
    """
    simple = {offer: savings for offer in offers if (savings := unit_savings(offer)) is not None}
    searched = [offer for offer in offers if offer not in simple]
    pending = any(_tied(offer.promotion) for offer in simple)
    while pending:
        pending = False
        for offer in list(simple):
            if any(_ties(offer, other, other in simple) for other in offers if other is not offer):
                del simple[offer]
                searched.append(offer)
                pending = True
    return sorted(searched, key=lambda offer: offer.rank), simple


def _tied(promotion: Promotion) -> bool:
    return promotion.exclusion_group is not None or promotion.stacking_group is not None


def _ties(offer: Offer, other: Offer, both_simple: bool) -> bool:
    if shares_exclusion(offer.promotion, other.promotion):
        return True
    if not stackable(offer.promotion, other.promotion) or not offer.mask & other.mask:
        return False
    return not both_simple or _has_quota(offer) or _has_quota(other)


def _has_quota(offer: Offer) -> bool:
    return any(count < offer.view.pieces(place) for place, count in offer.pieces.items())


class Residual:
    """The best use of a line's pieces by promotions that are settled unit by unit."""

    def __init__(self, simple: dict[Offer, dict[int, int]], view: LaneView) -> None:
        self._view = view
        self._apart = not any(
            stackable(one.promotion, other.promotion) for one, other in combinations(simple, 2)
        )
        self._wanted: dict[int, list[tuple[Offer, int]]] = {}
        for offer, savings in simple.items():
            for place, minor in savings.items():
                if minor:
                    self._wanted.setdefault(place, []).append((offer, minor))
        self._options: dict[int, list[Layer]] = {}
        self._layers: dict[int, list[Layer]] = {}

    @property
    def places(self) -> list[int]:
        """The places of the lines that such a promotion wants."""
        return list(self._wanted)

    def wants_any(self, places: Iterable[int]) -> bool:
        """True if any of the lines at these places is wanted by such a promotion."""
        return bool(self._wanted) and not self._wanted.keys().isdisjoint(places)

    def layers(self, place: int) -> list[Layer]:
        """The line's pieces by what they save, best first; ties by (priority, id)."""
        if place not in self._wanted:
            return []
        found = self._layers.get(place)
        if found is None:
            found = self._layers[place] = self._stack(place)
        return found

    def value(self, place: int, pieces: int) -> int:
        """What that many pieces of the line save at best."""
        total = 0
        for layer in self.layers(place):
            taken = min(pieces, layer.pieces)
            total += taken * layer.each_minor
            pieces -= taken
        return total

    def runs(self, place: int, pieces: int) -> tuple[Run, ...]:
        """Who gets that many pieces of the line."""
        wanted = self._wanted.get(place, ())
        if len(wanted) == 1 and wanted[0][0].pieces[place] >= pieces > 0:
            return (Run(pieces, (wanted[0][0],)),)
        runs = []
        for layer in self.layers(place):
            if layer.pieces >= pieces:
                if pieces:
                    runs.append(Run(pieces, layer.offers))
                break
            runs.append(Run(layer.pieces, layer.offers))
            pieces -= layer.pieces
        return tuple(runs)

    def options(self, place: int) -> list[Layer]:
        """Every use of the line's pieces, best first: single promotions and stacked ones."""
        found = self._options.get(place)
        if found is None:
            found = self._options[place] = self._ordered(place)
        return found

    def _ordered(self, place: int) -> list[Layer]:
        wanted = self._wanted.get(place)
        if not wanted:
            return []
        if self._apart:
            if len(wanted) > 1:
                wanted.sort(key=lambda entry: (-entry[1], entry[0].rank))
            return [Layer(offer.pieces[place], minor, (offer,)) for offer, minor in wanted]
        savings, room = dict(wanted), self._view.unit_room(place)
        options = [
            Layer(
                min(offer.pieces[place] for offer in together),
                min(room, sum(savings[offer] for offer in together)),
                together,
            )
            for together in largest(cliques(list(savings), _together))
        ]
        options.sort(key=lambda o: (-o.each_minor, [offer.rank for offer in o.offers]))
        return options

    def _stack(self, place: int) -> list[Layer]:
        left, layers = self._view.pieces(place), list[Layer]()
        for option in self.options(place):
            if option.pieces >= left:
                layers.append(option if option.pieces == left else option._replace(pieces=left))
                break
            layers.append(option)
            left -= option.pieces
        return layers


def _together(one: Offer, other: Offer) -> bool:
    return stackable(one.promotion, other.promotion)
