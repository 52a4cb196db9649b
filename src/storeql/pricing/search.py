"""Branch and bound: the assignment of a component's lines that saves most, and proof of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from storeql.pricing.bounds import Bounds
from storeql.pricing.cover_search import best_by_covers
from storeql.pricing.layout import Layout, Step
from storeql.pricing.nodes import Nodes
from storeql.pricing.prices import FEW_STEPS, MOST_STEPS, good_prices
from storeql.pricing.promise import FRACTION

MOST_TIES = 100
"""So many equal branches are followed only to settle which of equal answers comes first."""
SERVES_PER_NODE = 4
WORK_PER_NODE = 2
"""What a first answer, a wide row and a new partial sum cost: the cap on nodes is one on time."""
MOST_FOR_ROUNDING = 200
MOST_WHEN_NEAR = 100
"""Nodes spent on a gap that is hardly worth closing."""
LARGE = 20 * 8
"""Up to so many rows × promotions the search goes on for the last minor unit."""
FIRST_ALONE = (0,)
"""No answer comes before the one that grants the first promotion alone."""


class Found(NamedTuple):
    """The best choice of one move per row, by the row's place in the order of rows.

    `value` is what it saves, -1 if there is none; no choice saves more than `upper`.
    """

    value: int
    chosen: tuple[int, ...]
    upper: int


Leaf = Callable[[Sequence[int]], int]
"""The true value of a full choice, where it is less than the sum of the savings."""


Child = tuple[int, int, int]
"""The bound of a partial choice, the row's last move in it, and what is settled by it."""


class Search:
    """One component, searched over its rows in order, depth first, most promising move first.

    With a `forced` seat only choices that grant that promotion count; with a `floor` only choices
    that save more than it.
    """

    def __init__(
        self,
        layout: Layout,
        nodes: Nodes,
        *,
        forced: int | None = None,
        floor: int = -1,
        leaf: Leaf | None = None,
    ) -> None:
        self.layout = layout
        self.component = component = layout.component
        self.table = layout.table
        self.rows = component.rows
        self.offers = component.offers
        self.nodes = nodes
        self.forced = forced
        self.floor = floor
        self.leaf = leaf
        self.ties = MOST_TIES if forced is None else 0
        self.best = Found(-1, (), -1)
        self.best_key: tuple[int, ...] = ()
        self.most = sum([offer.most_minor for offer in self.offers])
        self.reserve = 0
        self.root = 0
        self.upper = -1

    def run(self) -> Found:
        """The best choice: first answers, a bound, better answers by its prices, the search."""
        if self.layout.bounds is None:
            self._try(self.layout.greedy.by_rate(), self.table.fallbacks)
        value = self._settled_at_once()
        if value < 0:
            return self.best
        proven = self._by_covers(value)
        if proven is not None and (proven < self.goal() or self._searched_enough()):
            return self.best._replace(upper=max(proven, self.best.value))
        bounds = self._bounds(max(self.best.value, self.floor) - value << FRACTION)
        self.reserve, root = 0, value + (bounds.root() >> FRACTION)
        if proven is not None:
            root = min(root, proven)
        if root > max(self.best.value, self.floor):
            self._try(bounds.by_surplus(), bounds.by_row)
            if self.forced is None and not self._large():
                self._try(self.layout.greedy.by_saving(), self.table.fallbacks)
        self.root = root
        self._slow_down()
        if self._promising(root):
            self._explore(0, value, self.component.start, self.table.start, [])
        upper = self.upper if self.component.complete else root
        return self.best._replace(upper=max(self.best.value, min(root, upper)))

    def _by_covers(self, settled: int) -> int | None:
        """Better answers, and what no answer can exceed; None where that way is not open."""
        covers = self.layout.covers
        if self.leaf is not None or not covers.fits:
            return None
        return best_by_covers(covers, self, settled)

    def _searched_enough(self) -> bool:
        """True if covers at their prices were searched, or as long as there were nodes: then line
        by line nothing better is found."""
        return self.nodes.left <= 0 or (self._large() and self.layout.covers.prices.are_good)

    def goal(self) -> int:
        """What an answer has to save to be of interest."""
        following_ties = self.ties > 0 and self.best_key != FIRST_ALONE
        if following_ties and self.floor < self.best.value < self.most:
            return self.best.value
        return max(self.best.value, self.floor) + 1

    def paid(self, count: int) -> bool:
        """Charges so many nodes; False if there are none left."""
        self.nodes.pay(count)
        return self.nodes.left > self.reserve

    def near(self, top: int) -> None:
        """Takes what no answer can exceed, and keeps few nodes for it if the best is close."""
        self.root = top
        self._slow_down()

    def equal(self, bound: int) -> None:
        """Counts a branch that can at best be as good as the best answer."""
        if bound == self.best.value:
            self.ties -= 1

    def offer(self, seats: Sequence[int | None]) -> None:
        """Takes an answer: the seat of each row."""
        favourite = self.layout.greedy.favourite
        chosen = tuple(
            [0 if seat is None else favourite[row][seat][0] for row, seat in enumerate(seats)]
        )
        self._keep(chosen, self._value(chosen))

    def _slow_down(self) -> None:
        """Keeps few nodes for a gap that rounding alone may leave, or in a large component for half
        a percent of the answer."""
        gap = self.root - self.best.value
        if self._large() and gap * 200 <= self.best.value:
            self.reserve = max(self.reserve, self.nodes.left - MOST_WHEN_NEAR)
        elif gap <= len(self.offers) and self.leaf is None:
            self.reserve = max(self.reserve, self.nodes.left - MOST_FOR_ROUNDING)

    def _large(self) -> bool:
        return len(self.rows) * len(self.offers) > LARGE

    def _bounds(self, goal: int) -> Bounds:
        """The bounds, found once for a component: prices stay good for a forced promotion."""
        layout = self.layout
        if layout.bounds is None:
            steps = FEW_STEPS if self._large() else MOST_STEPS
            layout.bounds = Bounds(layout.table, good_prices(layout.table, goal, steps))
        self.bounds = layout.bounds
        return layout.bounds

    def _try(self, order: Sequence[int], prices: Sequence[int]) -> None:
        if self.forced is not None:
            order = [self.forced, *(seat for seat in order if seat != self.forced)]
        self.nodes.pay(len(order) * len(self.rows) // SERVES_PER_NODE)
        chosen = self.layout.greedy.serve(order, prices)
        self._keep(chosen, self._value(chosen))

    def _value(self, chosen: Sequence[int]) -> int:
        """What a full choice saves; -1 if the forced promotion is not granted by it."""
        sums, total = self.component.sums(chosen)
        savings = [offer.saving(packed) for offer, packed in zip(self.offers, sums, strict=True)]
        if self.forced is not None and not savings[self.forced]:
            return -1
        return self.leaf(chosen) if self.leaf else total + sum(savings)

    def _settled_at_once(self) -> int:
        """What no row changes; -1 if the forced promotion is beyond reach."""
        value = self.component.base_minor
        for seat in self.table.settled:
            saving = self.offers[seat].saving(self.component.start[seat])
            if seat == self.forced and not saving:
                return -1
            value += saving
        return value

    def _keep(self, chosen: tuple[int, ...], value: int) -> None:
        if value < 0 or value < self.best.value:
            return
        sums, _ = self.component.sums(chosen)
        key = tuple(seat for seat, packed in enumerate(sums) if self.offers[seat].saving(packed))
        if value > self.best.value or key < self.best_key:
            self.best, self.best_key = Found(value, chosen, 0), key

    def _promising(self, bound: int) -> bool:
        if bound == self.best.value and self.ties > 0 and self.best_key != FIRST_ALONE:
            self.ties -= 1
            return True
        return bound > self.best.value and bound > self.floor

    def _explore(
        self, depth: int, value: int, sums: list[int], held: list[int], chosen: list[int]
    ) -> None:
        """Follows a partial choice: what is settled by it, what each seat holds, packed and
        by its own measure."""
        if depth == len(self.rows):
            full = tuple(chosen)
            self._keep(full, self.leaf(full) if self.leaf else value)
            self._slow_down()
            return
        fresh = self.bounds.fresh
        children = self._children(depth, value, sums, held)
        work = len(self.table.open[depth]) + self.bounds.fresh - fresh
        self.nodes.pay(len(children) + work // WORK_PER_NODE)
        for bound, index, settled in children:
            if not self._promising(bound):
                continue
            if self.nodes.left <= self.reserve:
                self.upper = max(self.upper, bound)
                continue
            sums_after, held_after = sums.copy(), held.copy()
            for seat, packed, measure in self.layout.steps(depth)[index].takes:
                sums_after[seat] += packed
                held_after[seat] += measure
            chosen.append(index)
            self._explore(depth + 1, settled, sums_after, held_after, chosen)
            chosen.pop()

    def _children(self, depth: int, value: int, sums: list[int], held: list[int]) -> list[Child]:
        """The row's moves, the one with the highest bound first."""
        surplus, after, children = self.bounds.surplus, depth + 1, []
        known, before = self.bounds.known[after], {}
        base = self.bounds.prices[after]
        for seat in self.table.open[after]:
            found = known[seat].get(held[seat])
            if found is None:
                found = surplus(after, seat, held[seat])
            before[seat] = found
            base += found
        closing = self.table.closing[depth]
        for step in self._useful(depth, sums, held):
            settled, total = value + step.value, base
            for seat, _, measure in step.takes:
                if seat in before:
                    total += surplus(after, seat, held[seat] + measure) - before[seat]
            if closing:
                gained = self._closed(closing, step, sums)
                if gained < 0:
                    continue
                settled += gained
            children.append((settled + (total >> FRACTION), step.move, settled))
        if len(children) > 1:
            children.sort(key=_by_bound, reverse=True)
        return children

    def _closed(self, closing: Sequence[int], step: Step, sums: list[int]) -> int:
        """What the promotions save that this row is the last one for; -1 if the forced one saves
        nothing."""
        gained = 0
        for seat in closing:
            packed = sums[seat] + sum(given for taker, given, _ in step.takes if taker == seat)
            saving = self.offers[seat].saving(packed)
            if not saving and seat == self.forced:
                return -1
            gained += saving
        return gained

    def _useful(self, depth: int, sums: list[int], held: list[int]) -> list[Step]:
        """The row's moves without those that give to a promotion to which nothing more is of use.

        Nothing is lost: savings never fall with more units, so another move is as good.
        """
        steps = self.layout.steps(depth)
        if self.component.stacks:
            return steps
        wanting = {seat for step in steps for seat, _, _ in step.takes}
        idle = [s for s in wanting if self._idle(depth, s, sums[s], held[s])]
        if not idle:
            return steps
        useful = [step for step in steps if not any(seat in idle for seat, _, _ in step.takes)]
        if useful:
            return useful
        return steps if self.component.view.by_unit else steps[:1]

    def _idle(self, depth: int, seat: int, packed: int, held: int) -> bool:
        promise = self.table.promises[seat]
        if held + self.table.rest[seat][depth] < promise.needs:
            return True
        offer = self.offers[seat]
        return held >= promise.full_at and offer.saving(packed) == offer.most_minor


def _by_bound(child: Child) -> int:
    return child[0]
