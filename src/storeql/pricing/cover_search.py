"""Branch and bound over promotions instead of lines: each takes enough, or what is left, or none.

A shop's promotions mostly need one threshold met, or take a share of whatever there is. Then an
answer is a choice of disjoint covers, and there are far fewer of these than ways to share out the
lines one by one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from storeql.pricing.cover_prices import Choice
from storeql.pricing.covers import Covers
from storeql.pricing.matching import bits
from storeql.pricing.promise import FRACTION
from storeql.pricing.view import MASK

STEP = 2
"""What one more cover costs, in nodes of the search over lines; so many covers looked through: """
COVERS_PER_NODE = 48
EVERYTHING = 1 << 80
"""More than any promotion saves."""


class Keeper(Protocol):
    """Keeps the best answer of a search and pays for it."""

    forced: int | None

    def goal(self) -> int:
        """What an answer has to save to be of interest."""

    def paid(self, count: int) -> bool:
        """Charges so many nodes; False if there are none left."""

    def near(self, top: int) -> None:
        """Takes what no answer can exceed, and keeps few nodes for it if the best is close."""

    def equal(self, bound: int) -> None:
        """Counts a branch that can at best be as good as the best answer."""

    def offer(self, seats: Sequence[int | None]) -> None:
        """Takes an answer: the seat of each row."""


class CoverSearch:
    """One component, searched with these takers active and those `required` made sure of.

    `upper` is what no answer beyond those offered can exceed. `unmet` is a taker of which the
    search found that it counted on more than its threshold allows.
    """

    def __init__(
        self, covers: Covers, keeper: Keeper, takers: Sequence[int], required: Sequence[int]
    ) -> None:
        self.covers = covers
        self.keeper = keeper
        self.takers = takers
        self.required = required
        self.leftovers = covers.leftovers(tuple(takers))
        self.upper = -1
        self.unmet: int | None = None
        self._top = self._settled = 0
        self._paid: Mapping[int, int] = {}
        self._offers = covers.table.component.offers
        self._start = covers.table.component.start
        self._taken: list[tuple[int, int]] = []
        self._seen: set[tuple[int, ...]] = set()

    def run(self, settled: int) -> bool:
        """False if some promotion has too many covers to look at, or no node is left to look;
        `settled` is saved anyway."""
        if not self.keeper.paid(0):
            return False
        goal = self.keeper.goal() - settled << FRACTION
        case = self.covers.case(tuple(self.takers), tuple(self.required), goal, self.keeper.paid)
        if case is None:
            return False
        self._top = (settled << FRACTION) + case.top
        self._paid = case.paid
        self._settled = settled + sum([self._offers[seat].most_minor for seat in self.covers.full])
        self.keeper.near(self._top >> FRACTION)
        room = self._top - (self.keeper.goal() << FRACTION)
        choices = [_within(self._committed(choice), room) for choice in case.choices]
        if case.paid:
            self._dive(choices, case.priced)
            room = self._top - (self.keeper.goal() << FRACTION)
            choices = [_within(choice, room) for choice in choices]
        self._follow(choices, 0, case.priced)
        return True

    def _committed(self, choice: Choice) -> Choice:
        """Without the way out, for the promotion that has to be granted."""
        if choice.seat != self.keeper.forced:
            return choice
        return Choice(choice.seat, [cover for cover in choice.covers if cover[1]])

    def _dive(self, choices: list[Choice], loss: int) -> None:
        """A first answer at good prices: who has most to lose chooses first, the best cover."""
        while choices and all(choice.covers for choice in choices):
            choice = max(choices, key=_at_stake)
            lost, mask = choice.covers[0]
            loss += lost - self._paid.get(mask, 0)
            self._taken.append((choice.seat, mask))
            choices = [
                Choice(seat, [cover for cover in covers if not cover[1] & mask])
                for seat, covers in choices
                if seat != choice.seat
            ]
        if not choices:
            self._finish(loss)
        self._taken.clear()

    def _follow(self, choices: list[Choice], loss: int, unpaid: int) -> None:
        """Every answer that begins with the covers taken so far; the fewest ways first.

        `unpaid` are the prices of the rows that no cover has taken yet.
        """
        if not all(choice.covers for choice in choices):
            return
        if not choices:
            self._finish(loss + unpaid)
            return
        choice = min(choices, key=_ways)
        others = [other for other in choices if other is not choice]
        ahead = loss + sum([other.covers[0][0] for other in others])
        for lost, mask in choice.covers:
            bound = self._top - ahead - lost
            if bound >> FRACTION < self.keeper.goal():
                break
            if not self.keeper.paid(STEP):
                self.upper = max(self.upper, bound >> FRACTION)
                break
            self.keeper.equal(bound >> FRACTION)
            self._taken.append((choice.seat, mask))
            left = unpaid - self._paid.get(mask, 0)
            self._follow(self._open(others, mask, bound), loss + lost, left)
            self._taken.pop()

    def _open(self, choices: list[Choice], mask: int, bound: int) -> list[Choice]:
        """What is left to the others once these rows are gone."""
        if not mask:
            return choices
        room = bound - (self.keeper.goal() << FRACTION)
        found = []
        for seat, covers in choices:
            most = covers[0][0] + room
            found.append(Choice(seat, [c for c in covers if not c[1] & mask and c[0] <= most]))
        self.keeper.paid(sum([len(choice.covers) for choice in choices]) // COVERS_PER_NODE)
        return found

    def _finish(self, loss: int) -> None:
        self.keeper.paid(STEP)
        sums = self._held()
        savings = {seat: self._offers[seat].saving(packed) for seat, packed in sums.items()}
        value = self._settled + sum(savings.values())
        granted = (value, *[seat for seat, saving in savings.items() if saving])
        if value >= self.keeper.goal() and granted not in self._seen:
            self._seen.add(granted)
            self._hand_over()
        bound = self._top - loss >> FRACTION
        if value >= bound:
            return
        unmet = [seat for seat in self.takers if self._short(seat, sums[seat])]
        if not unmet and self._rounded(bound - value, savings):
            return
        self.upper = max(self.upper, bound)
        if unmet and self.unmet is None:
            self.unmet = unmet[0]

    def _held(self) -> dict[int, int]:
        """What each promotion that gets anything holds, packed."""
        sums = self.leftovers.held.copy()
        for seat, mask in self._taken:
            if mask:
                total, drained = self.leftovers.drain(mask)
                sums[seat] = sums.get(seat, self._start[seat]) + total
                for heir, packed in drained:
                    sums[heir] -= packed
        return sums

    def _rounded(self, short: int, savings: dict[int, int]) -> bool:
        """True if only the takers' roundings keep this answer below its bound, so that no other
        way to share out its rows is better."""
        if not self.leftovers.apart or short > len(self.takers):
            return False
        return all(
            savings[seat] == self._offers[seat].most_minor
            for seat, mask in self._taken
            if mask and seat not in self.takers
        )

    def _hand_over(self) -> None:
        chosen = self.leftovers.heirs.copy()
        for seat, mask in self._taken:
            for row in bits(mask):
                chosen[row] = seat
        self.keeper.offer(chosen)
        self.keeper.near(self._top >> FRACTION)

    def _short(self, seat: int, packed: int) -> bool:
        promise = self.covers.table.promises[seat]
        return packed >> promise.shift & MASK < promise.needs


def best_by_covers(covers: Covers, keeper: Keeper, settled: int) -> int | None:
    """Offers the keeper the best answers; what no other one can exceed, or None for not known.

    First all takers are counted on. Where one turns out not to reach its threshold, the answers
    without it and those that make sure of it are looked at apart.
    """
    required = [s for s in covers.takers if s == keeper.forced and not covers.saves_already(s)]
    return _proven(covers, keeper, settled, (covers.takers, required))


def _proven(
    covers: Covers, keeper: Keeper, settled: int, case: tuple[Sequence[int], Sequence[int]]
) -> int | None:
    takers, required = case
    search = CoverSearch(covers, keeper, takers, required)
    if not search.run(settled):
        return None
    unmet = search.unmet
    if unmet is None or unmet in required or search.upper < keeper.goal():
        return search.upper
    without = [seat for seat in takers if seat != unmet]
    proven = -1
    for split in ((without, required), (takers, [*required, unmet])):
        upper = _proven(covers, keeper, settled, split)
        proven = max(proven, search.upper if upper is None else upper)
    return min(search.upper, proven)


def _within(choice: Choice, room: int) -> Choice:
    most = room + (choice.covers[0][0] if choice.covers else 0)
    return Choice(choice.seat, [cover for cover in choice.covers if cover[0] <= most])


def _at_stake(choice: Choice) -> int:
    """What is lost without any of its better covers; everything where only one is left."""
    return choice.covers[-1][0] if len(choice.covers) > 1 else choice.covers[0][0] + EVERYTHING


def _ways(choice: Choice) -> int:
    return len(choice.covers)
