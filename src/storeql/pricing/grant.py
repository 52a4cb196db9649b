"""What each granted promotion takes off each line, once it is settled who gets which pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from storeql.pricing.basket import GiftItem, Line
from storeql.pricing.money import allocate_within
from storeql.pricing.offer import Offer
from storeql.pricing.priced import UnitAmount
from storeql.pricing.proposal import Discount, Gifts, Missed, SetPrice, SetPrices, UnitPrices
from storeql.pricing.view import LaneView
from storeql.pricing.worth import gift_quantity, set_reduction


class Run(NamedTuple):
    """Pieces of a line that go to the same promotions, which come in (priority, id) order."""

    pieces: int
    offers: tuple[Offer, ...]


Plan = Mapping[int, Sequence[Run]]
"""Who gets what, by the line's place; pieces that no run names stay free."""


class GivenUnits(NamedTuple):
    """Units that a promotion adds to the cart at a price."""

    item: GiftItem
    quantity: int
    unit_price_minor: int


class Grant(NamedTuple):
    """What one promotion really gives: an amount per line's place, and added units.

    `proposed_minor` is what its type asked for; the difference was forfeited. `quantities` tells
    how many units of each line became cheaper.
    """

    offer: Offer
    proposed_minor: int
    amounts: Mapping[int, int]
    gifts: Sequence[GivenUnits] = ()
    quantities: Mapping[int, int] = {}

    @property
    def saving_minor(self) -> int:
        """All that is granted, gifts at their list price."""
        given = sum((g.item.price_minor - g.unit_price_minor) * g.quantity for g in self.gifts)
        return sum(self.amounts.values()) + given


class Granted(NamedTuple):
    """All grants of a lane in (priority, id) order; `units` only for lines that ITEM touched."""

    grants: list[Grant]
    units: Mapping[int, tuple[UnitAmount, ...]]

    @property
    def saving_minor(self) -> int:
        """What the lane saves the buyer, gifts at their list price."""
        return sum(grant.saving_minor for grant in self.grants)


def grant_plan(plan: Plan, view: LaneView) -> Granted:
    """The plan's proposals, clamped and allocated one after the other in (priority, id) order.

    Each is computed on the lane's entry amounts and allocated over what the ones before it left.
    """
    pieces = [(offer, mine) for offer, mine in _pieces(plan) if offer.accepts(mine)]
    if view.by_unit:
        return _grant_units(pieces, plan, view)
    return _grant_lines(pieces, view)


def _pieces(plan: Plan) -> list[tuple[Offer, dict[int, int]]]:
    pieces: dict[Offer, dict[int, int]] = {}
    for place in sorted(plan):
        for count, offers in plan[place]:
            for offer in offers:
                mine = pieces.get(offer)
                if mine is None:
                    pieces[offer] = {place: count}
                else:
                    mine[place] = mine.get(place, 0) + count
    return sorted(pieces.items(), key=lambda entry: entry[0].rank)


def _asked(offer: Offer, pieces: dict[int, int]) -> tuple[object, int]:
    if pieces == offer.pieces:
        return offer.answer, offer.proposed_minor
    answer, proposed, _ = offer.ask(offer.view.units(pieces), pieces)
    return answer, proposed


def _grant_lines(pieces: list[tuple[Offer, dict[int, int]]], view: LaneView) -> Granted:
    amounts, rooms, quantities = list(view.amounts), list(view.rooms), view.quantities
    grants = []
    for offer, mine in pieces:
        answer, proposed = _asked(offer, mine)
        if isinstance(answer, Gifts):
            grants.append(Grant(offer, proposed, {}, given(answer, offer)))
        elif isinstance(answer, Discount):
            weights, room = [amounts[p] for p in mine], [rooms[p] for p in mine]
            parts = allocate_within(min(proposed, sum(room)), weights, room)
            granted = {place: part for place, part in zip(mine, parts, strict=True) if part}
            for place, part in granted.items():
                amounts[place] -= part
                rooms[place] -= part
            cheaper = {place: quantities[place] for place in granted}
            grants.append(Grant(offer, proposed, granted, quantities=cheaper))
    return Granted(grants, {})


def given(answer: Gifts, offer: Offer) -> list[GivenUnits]:
    """The gifts of an answer, as far as their stock goes."""
    gifts = []
    for gift in answer.units:
        quantity = gift_quantity(gift, offer.stock)
        if quantity:
            item = offer.view.basket.gifts[gift.variant_id]
            gifts.append(GivenUnits(item, quantity, gift.unit_price_minor))
    return gifts


_Cut = tuple[int, int]
"""So many units of a line that each go down by so much."""


class _Pile:
    """`count` equal units of a line, still to be cut by some promotions."""

    __slots__ = ("count", "offers", "unit_minor")

    def __init__(self, count: int, offers: tuple[Offer, ...], unit_minor: int) -> None:
        self.count = count
        self.offers = offers
        self.unit_minor = unit_minor


def _grant_units(pieces: list[tuple[Offer, dict[int, int]]], plan: Plan, view: LaneView) -> Granted:
    prices = _Prices(plan, view)
    grants = []
    for offer, mine in pieces:
        answer, proposed = _asked(offer, mine)
        if isinstance(answer, Gifts):
            grants.append(Grant(offer, proposed, {}, given(answer, offer)))
        elif not isinstance(answer, Missed):
            amounts, cheaper = prices.cut(offer, _cuts(answer, view))
            grants.append(Grant(offer, proposed, amounts, quantities=cheaper))
    return Granted(grants, prices.units())


class _Prices:
    """What the units of each line cost while one promotion after the other cuts its own."""

    def __init__(self, plan: Plan, view: LaneView) -> None:
        self._plan = plan
        self._view = view
        self._piles: dict[int, list[_Pile]] = {}
        self._units: dict[int, tuple[UnitAmount, ...]] = {}

    def cut(
        self, offer: Offer, cuts: Mapping[int, list[_Cut]]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """What the cuts give by place, and on how many units."""
        amounts, cheaper = dict[int, int](), dict[int, int]()
        for place, mine in cuts.items():
            line, runs = self._view.lines[place], self._plan[place]
            listed, quantity = line.list_minor, line.quantity
            floor = min(line.floor_minor, listed)
            if len(mine) == 1 and mine[0][0] == quantity and runs == ((quantity, (offer,)),):
                minor = min(mine[0][1], listed - floor)
                amounts[place], cheaper[place] = minor * quantity, quantity if minor else 0
                self._units[place] = (UnitAmount(quantity, listed - minor),)
                continue
            piles = self._piles.get(place) or _piles(runs, line)
            self._piles[place], amounts[place], cheaper[place] = _cut(piles, offer, mine, floor)
        return amounts, cheaper

    def units(self) -> dict[int, tuple[UnitAmount, ...]]:
        """The units of the lines that were cut, by what they cost now."""
        return self._units | {place: _unit_amounts(left) for place, left in self._piles.items()}


def _piles(runs: Sequence[Run], line: Line) -> list[_Pile]:
    piles, free = [], line.quantity
    for count, offers in runs:
        piles.append(_Pile(count, offers, line.list_minor))
        free -= count
    if free:
        piles.append(_Pile(free, (), line.list_minor))
    return piles


def _cuts(answer: object, view: LaneView) -> dict[int, list[_Cut]]:
    cuts: dict[int, list[_Cut]] = {}
    if isinstance(answer, UnitPrices):
        places, lines = view.places, view.lines
        for price in answer.prices:
            place = places[price.line_id]
            cut = (price.quantity, lines[place].list_minor - price.price_minor)
            if place in cuts:
                cuts[place].append(cut)
            else:
                cuts[place] = [cut]
    if isinstance(answer, SetPrices):
        for chosen in answer.sets:
            for place, cut in _set_cuts(chosen, view):
                cuts.setdefault(place, []).append(cut)
    return cuts


def _set_cuts(chosen: SetPrice, view: LaneView) -> list[tuple[int, _Cut]]:
    units = sorted([(view.places[line_id], count) for line_id, count in chosen.units])
    weights = [view.lines[place].list_minor * count for place, count in units]
    rooms = [view.unit_room(place) * count for place, count in units]
    granted = min(set_reduction(chosen, view), sum(rooms))
    cuts = []
    for (place, count), part in zip(units, allocate_within(granted, weights, rooms), strict=True):
        each, odd = divmod(part, count)
        if odd:
            cuts.append((place, (odd, each + 1)))
        if count > odd:
            cuts.append((place, (count - odd, each)))
    return cuts


def _cut(
    piles: list[_Pile], offer: Offer, cuts: list[_Cut], floor: int
) -> tuple[list[_Pile], int, int]:
    """The piles after the promotion's cuts on its own pieces, the amount they gave, and on how
    many units."""
    if len(piles) == len(cuts) == 1 and piles[0].count == cuts[0][0]:
        pile, most = piles[0], cuts[0][1]
        minor = min(most, pile.unit_minor - floor)
        pile.unit_minor -= minor
        return piles, minor * pile.count, pile.count if minor else 0
    after: list[_Pile] = []
    total, cheaper, queue = 0, 0, list(cuts)
    for pile in piles:
        count = pile.count if offer in pile.offers else 0
        while count and queue:
            quantity, most = queue.pop(0)
            taken = min(count, quantity)
            minor = min(most, pile.unit_minor - floor)
            after.append(_Pile(taken, pile.offers, pile.unit_minor - minor))
            total += minor * taken
            cheaper += taken if minor else 0
            count -= taken
            pile.count -= taken
            if quantity > taken:
                queue.insert(0, (quantity - taken, most))
        if pile.count:
            after.append(pile)
    return after, total, cheaper


def _unit_amounts(piles: list[_Pile]) -> tuple[UnitAmount, ...]:
    """The units by what they cost now, dearest first."""
    if len(piles) == 1:
        return (UnitAmount(piles[0].count, piles[0].unit_minor),)
    counts: dict[int, int] = {}
    for pile in piles:
        counts[pile.unit_minor] = counts.get(pile.unit_minor, 0) + pile.count
    return tuple([UnitAmount(counts[unit], unit) for unit in sorted(counts, reverse=True)])
