"""The ways in which each promotion reaches its threshold, for a search over promotions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from storeql.pricing.cover_prices import Case, Choice, Cover, CoverPrices
from storeql.pricing.matching import bits
from storeql.pricing.promise import FRACTION, HALF
from storeql.pricing.table import Table

MOST_PARTS = 4000
"""A component whose ways take more steps than this to find is left to the search over lines."""
PARTS_PER_NODE = 16


class Covers:
    """A component of promotions that either need one threshold met or take whatever is left.

    `askers` are the former by seat, `takers` the latter; `fits` tells that there are no others.
    `prices` are those of the rows.
    """

    def __init__(self, table: Table) -> None:
        promises, component = table.promises, table.component
        self.table = table
        wanting = [s for s in table.open[0] if table.start[s] < promises[s].full_at]
        self.askers = [s for s in wanting if promises[s].full_at == promises[s].needs]
        self.takers = [s for s in wanting if s in table.takers and s not in self.askers]
        self.full = [s for s in table.open[0] if s not in wanting]
        self._parts_left = MOST_PARTS
        self._leftovers: dict[tuple[int, ...], Leftovers] = {}
        self.prices = CoverPrices(len(component.rows))
        self._cases: dict[tuple[tuple[int, ...], tuple[int, ...]], Case | None] = {}
        self._choices: dict[tuple[tuple[int, ...], int], tuple[int, Choice] | None] = {}
        self.fits = (
            not component.view.by_unit
            and not component.stacks
            and len(self.askers) + len(self.takers) == len(wanting)
            and all(promises[seat].bounded for seat in wanting)
            and all(self.saves_already(seat) == promises[seat].cap for seat in self.full)
        )

    def saves_already(self, seat: int) -> int:
        """What the promotion saves with the pieces that are no one else's, with binary places."""
        component = self.table.component
        return component.offers[seat].saving(component.start[seat]) << FRACTION

    def leftovers(self, takers: tuple[int, ...]) -> Leftovers:
        """Who takes what no threshold needs, among these takers."""
        if takers not in self._leftovers:
            self._leftovers[takers] = Leftovers(self, takers)
        return self._leftovers[takers]

    def case(
        self,
        takers: tuple[int, ...],
        required: tuple[int, ...],
        goal: int,
        pay: Callable[[int], object],
    ) -> Case | None:
        """What there is to choose with these takers active, of which some are made sure of.

        Its bound is made tight once, for answers that save the goal (with binary places) or more.
        None if a promotion has too many ways to its threshold.
        """
        key = (takers, required)
        if key not in self._cases:
            plain = self._case(takers, required, pay)
            self._cases[key] = plain and self.prices.tightened(plain, goal, pay)
        return self._cases[key]

    def _case(
        self, takers: tuple[int, ...], required: tuple[int, ...], pay: Callable[[int], object]
    ) -> Case | None:
        promises = self.table.promises
        top, choices = sum(self.leftovers(takers).worth), []
        top += sum([promises[seat].cap for seat in self.full])
        for seat in takers:
            top += min(promises[seat].cap, promises[seat].rate * self.table.start[seat] + HALF)
        for seat in (*self.askers, *required):
            key = (takers, seat)
            if key not in self._choices:
                self._choices[key] = self._choice(seat, takers, pay)
            found = self._choices[key]
            if found is None:
                return None
            top += found[0]
            choices.append(found[1])
        return Case(top, choices)

    def _choice(
        self, seat: int, takers: tuple[int, ...], pay: Callable[[int], object]
    ) -> tuple[int, Choice] | None:
        """What a promotion saves at best beyond what it pays, and its ways to do so.

        A taker has to be made sure of without a way out; what it pays it saves itself in part.
        """
        promise, worth = self.table.promises[seat], self.leftovers(takers).worth
        rate = promise.rate if seat in takers else 0
        items = [
            (measure, 1 << row, worth[row] - rate * measure)
            for row, measure in enumerate(self.table.measures[seat])
            if measure
        ]
        most = sum(worth) if seat in takers else promise.cap
        need = max(1, promise.needs - self.table.start[seat])
        found, steps = minimal_covers(items, need, most, self._parts_left)
        self._parts_left -= steps
        pay(1 + steps // PARTS_PER_NODE)
        if found is None:
            return None
        found.sort()
        if seat in takers:
            return 0, Choice(seat, found)
        least = found[0][0] if found else most
        covers = [(cost - least, mask) for cost, mask in found]
        return most - least, Choice(seat, [*covers, (most - least, 0)])


class Leftovers:
    """Who takes each row that no threshold needs, among these takers.

    `worth` tells by row what it saves so, with binary places; `heirs` who takes it, None for
    nobody; `held` what each taker holds then, packed. `apart`: any other taker loses more than all
    their roundings can make good.
    """

    def __init__(self, covers: Covers, takers: Collection[int]) -> None:
        table = covers.table
        self.worth: list[int] = []
        self.heirs: list[int | None] = []
        self.apart = True
        component = table.component
        self._packs = [component.view.packs[row.place] for row in component.rows]
        self._drained: dict[int, tuple[int, list[tuple[int, int]]]] = {}
        for row in range(len(table.component.rows)):
            offers = [
                (table.promises[seat].rate * table.measures[seat][row], -seat)
                for seat in takers
                if table.measures[seat][row]
            ]
            offers.sort(reverse=True)
            self.worth.append(offers[0][0] if offers else 0)
            self.heirs.append(-offers[0][1] if offers else None)
            if len(offers) > 1 and offers[0][0] - offers[1][0] <= len(takers) << FRACTION:
                self.apart = False
        self.held = {seat: component.start[seat] for seat in takers}
        for heir, packed in zip(self.heirs, self._packs, strict=True):
            if heir is not None:
                self.held[heir] += packed

    def drain(self, mask: int) -> tuple[int, list[tuple[int, int]]]:
        """These rows as a packed selection, and what each of their heirs gives up."""
        known = self._drained.get(mask)
        if known is None:
            total, lost = 0, dict[int, int]()
            for row in bits(mask):
                packed, heir = self._packs[row], self.heirs[row]
                total += packed
                if heir is not None:
                    lost[heir] = lost.get(heir, 0) + packed
            known = self._drained[mask] = (total, list(lost.items()))
        return known


def minimal_covers(
    items: Sequence[tuple[int, int, int]], need: int, most: int, limit: int
) -> tuple[list[Cover] | None, int]:
    """The sets of items that measure enough and cost no more than `most`: (cost, mask).

    Items are (measure, bit, cost). Taken from the largest measure on, the one that reaches the need
    is the smallest of its set, so that none can be spared. None if that takes more steps than the
    limit; with it comes how many it took.
    """
    rest, steps = sum([measure for measure, _, _ in items]), 0
    parts, found = [(0, 0, 0)], list[Cover]()
    for measure, bit, cost in sorted(items, reverse=True):
        steps += len(parts)
        if steps > limit:
            return None, steps
        rest -= measure
        enough, short, left = need - measure, need - rest, most - cost
        affordable = [part for part in parts if part[2] <= left]
        found += [(paid + cost, mask | bit) for got, mask, paid in affordable if got >= enough]
        parts = [part for part in parts if part[0] >= short]
        parts += [
            (got + measure, mask | bit, paid + cost)
            for got, mask, paid in affordable
            if short - measure <= got < enough
        ]
    return found, steps
