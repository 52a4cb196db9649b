"""A component in numbers: what each row can give each promotion, by depth of the search."""

from __future__ import annotations

from storeql.pricing.component import Component
from storeql.pricing.promise import FRACTION, ONE, Promise
from storeql.pricing.view import MASK

Term = tuple[int, int, int]
"""A row that a promotion wants: its depth, all that it can give by the promotion's measure, and
the part of the row that this is, with binary places."""


class Table:
    """The rows of a component by depth, the promotions by seat; depth 0 is before the first row.

    `start` is what each seat holds by its own measure before the first row. `open` lists the seats
    that a row from here on may still give to, `closing` those that a row is the last one for,
    `settled` those that no row is for. `rest` is what the rows from here on can give a seat, by
    its measure, and `left` the same in pieces. `floors` is what a row saves at most if promotions
    settled unit by unit get all of it.
    """

    def __init__(self, component: Component) -> None:
        rows, offers = component.rows, component.offers
        self.component = component
        self.seats, self.depths = range(len(offers)), range(len(rows) + 1)
        last = {s: at for at, row in enumerate(rows) for move in row.moves for s, _ in move.takes}
        self.settled = [seat for seat in self.seats if seat not in last]
        self.closing: list[list[int]] = [[] for _ in self.depths]
        for seat in sorted(last):
            self.closing[last[seat]].append(seat)
        self.open = self._open()
        self.promises = [Promise(offer) for offer in offers]
        self.start = [
            p >> r.shift & MASK for p, r in zip(component.start, self.promises, strict=True)
        ]
        self.pieces = [[offer.pieces.get(row.place, 0) for row in rows] for offer in offers]
        self.left = [suffixes(pieces) for pieces in self.pieces]
        self.measures = [self._measures(seat) for seat in self.seats]
        self.rest = [suffixes(measures) for measures in self.measures]
        self.terms = [self._terms(seat) for seat in self.seats]
        self.shares = [{at: (much, part) for at, much, part in terms} for terms in self.terms]
        self.floors = [self._floor(row.place) for row in rows]
        self.takers = [seat for seat in self.open[0] if self._takes_any(seat)]
        self.fallbacks = self._fallbacks()

    def _open(self) -> list[list[int]]:
        still: list[int] = []
        by_depth = []
        for closing in reversed(self.closing):
            if closing:
                still = sorted([*still, *closing])
            by_depth.append(still)
        by_depth.reverse()
        return by_depth

    def amounts(self) -> list[int]:
        """What each row costs at the lane's entry."""
        view = self.component.view
        return [
            view.piece_amount(row.place) * view.pieces(row.place) for row in self.component.rows
        ]

    def _measures(self, seat: int) -> list[int]:
        packs, shift = self.component.view.packs, self.promises[seat].shift
        rows = self.component.rows
        return [
            (packs[row.place] >> shift & MASK) * count if count else 0
            for row, count in zip(rows, self.pieces[seat], strict=True)
        ]

    def _terms(self, seat: int) -> list[Term]:
        terms = [
            (depth, measure, ONE) for depth, measure in enumerate(self.measures[seat]) if measure
        ]
        view, rows, pieces = self.component.view, self.component.rows, self.pieces[seat]
        if not view.by_unit:
            return terms
        return [
            (depth, measure, pieces[depth] * ONE // view.pieces(rows[depth].place))
            for depth, measure, _ in terms
        ]

    def _takes_any(self, seat: int) -> bool:
        """True if the cap is reached with all its rows, or but for a rounding."""
        whole = self.start[seat] + self.rest[seat][0]
        return self.promises[seat].bounded and self.promises[seat].full_at * 64 >= whole * 63

    def _fallbacks(self) -> list[int]:
        fallbacks = list(self.floors)
        for seat in self.takers:
            rate = self.promises[seat].rate
            for depth, measure, share in self.terms[seat]:
                fallbacks[depth] = max(fallbacks[depth], rate * measure * share >> FRACTION)
        return fallbacks

    def _floor(self, place: int) -> int:
        layers = self.component.residual.layers(place)
        if not layers:
            return 0
        return layers[0].each_minor * self.component.view.pieces(place) << FRACTION


def suffixes(numbers: list[int]) -> list[int]:
    """Sums of what is left from each place on; one longer than the numbers, ends with 0."""
    sums = [0]
    for number in reversed(numbers):
        sums.append(sums[-1] + number)
    sums.reverse()
    return sums
