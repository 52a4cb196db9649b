"""What can still be saved at most from each row on: the bound that the search is cut by."""

from __future__ import annotations

from storeql.pricing.prices import supplies
from storeql.pricing.promise import FRACTION
from storeql.pricing.table import Table, suffixes

MOST_WHOLE = 9
"""With no more pieces to come than this, a promotion's best selection is found piece by piece."""


class Bounds:
    """The bounds that follow from prices by row; where rows stack they pay nothing.

    `prices` is the sum of the prices of the rows from each depth on; `known` holds the surpluses
    found so far, by depth, seat and what the seat holds; `fresh` counts those computed.
    """

    def __init__(self, table: Table, by_row: list[int]) -> None:
        self.table = table
        self.by_row = by_row
        self.prices = suffixes(by_row)
        paid = [0] * len(by_row) if table.component.stacks else by_row
        self._supplies = [supplies(table, seat, paid) for seat in table.seats]
        self._paid = [
            {depth: paid[depth] * share >> FRACTION for depth, _, share in table.terms[seat]}
            for seat in table.seats
        ]
        self.known = self._memory()
        self.fresh = 0

    def _memory(self) -> list[list[dict[int, int]]]:
        """Empty dictionaries by depth and seat; one for all depths with the same rows to come."""
        table = self.table
        memory: list[list[dict[int, int]]] = [[{} for _ in table.seats]]
        for depth in reversed(range(len(self.by_row))):
            after = memory[-1]
            memory.append(
                [{} if table.pieces[seat][depth] else after[seat] for seat in table.seats]
            )
        memory.reverse()
        return memory

    def root(self) -> int:
        """What no choice can exceed beside what is settled, with binary places."""
        table = self.table
        return self.prices[0] + sum(
            self.surplus(0, seat, table.start[seat]) for seat in table.open[0]
        )

    def by_surplus(self) -> list[int]:
        """The seats that gain most beyond what they pay first."""
        surpluses = [self.surplus(0, seat, held) for seat, held in enumerate(self.table.start)]
        return sorted(self.table.seats, key=lambda seat: -surpluses[seat])

    def surplus(self, depth: int, seat: int, held: int) -> int:
        """What the promotion can save beyond what it pays for rows from here on."""
        known = self.known[depth][seat]
        found = known.get(held)
        if found is None:
            self.fresh += 1
            found = known[held] = self._surplus(depth, seat, held)
        return found

    def _surplus(self, depth: int, seat: int, held: int) -> int:
        promise = self.table.promises[seat]
        few = self.table.left[seat][depth] <= MOST_WHOLE
        if few and promise.bounded and held < promise.needs:
            return self._whole_surplus(depth, seat, held)
        return promise.surplus(held, depth, self._supplies[seat])

    def _whole_surplus(self, depth: int, seat: int, held: int) -> int:
        """The same with undivided pieces: a threshold is seldom met to the last minor unit.

        By dynamic programming over the rows; the search asks for the same partial sums again.
        """
        table = self.table
        if held + table.rest[seat][depth] < table.promises[seat].needs:
            return 0
        while not table.measures[seat][depth]:
            depth += 1
        count, best = table.pieces[seat][depth], self.surplus(depth + 1, seat, held)
        measure, price = table.measures[seat][depth], self._paid[seat][depth]
        if count == 1:
            return max(best, self.surplus(depth + 1, seat, held + measure) - price)
        for taken in range(1, count + 1):
            more = self.surplus(depth + 1, seat, held + measure * taken // count)
            best = max(best, more - price * taken // count)
        return best
