"""A good answer to start the search from: promotions one by one, each content with the least."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from storeql.pricing.component import Move
from storeql.pricing.promise import FRACTION
from storeql.pricing.table import Table
from storeql.pricing.view import MASK


class Greedy:
    """Serves promotions in some order, each from the rows that no one has taken yet.

    Those that need only part of the money come first, so that a percentage on everything does not
    take the rows that a threshold needs; it takes what is left.
    """

    def __init__(self, table: Table) -> None:
        self.component = component = table.component
        self.table = table
        self.favourite = [_favourites(row.moves) for row in component.rows]
        self.idle = [_idle(row.moves) for row in component.rows]
        self.amounts = [amount or 1 for amount in table.amounts()]
        self.sums: list[int] = []
        self.chosen: list[int | None] = []

    def by_rate(self) -> list[int]:
        """The seats that save most per amount first."""
        promises = self.table.promises
        return sorted(self.table.seats, key=lambda seat: -promises[seat].rate)

    def by_saving(self) -> list[int]:
        """The seats that save most first."""
        promises = self.table.promises
        return sorted(self.table.seats, key=lambda seat: -promises[seat].cap)

    def serve(self, order: Sequence[int], prices: Sequence[int]) -> tuple[int, ...]:
        """One move per row, at these prices of the rows, with binary places.

        Each promotion takes the cheapest rows that earn its full saving, if that is more than the
        rows save otherwise; what is left over goes to whoever still saves by it.
        """
        self.sums = self.component.start.copy()
        self.chosen = [None] * len(self.component.rows)
        rating = [price // amount for price, amount in zip(prices, self.amounts, strict=True)]
        rows = sorted(
            range(len(rating)), key=lambda row: (rating[row], len(self.favourite[row]), row)
        )
        for seat in order:
            if seat not in self.table.takers:
                self._serve(seat, rows, sparing=True)
        for seat in sorted(self.by_rate(), key=lambda seat: seat not in self.table.takers):
            self._serve(seat, rows, sparing=False)
        return tuple(
            self.idle[row] if move is None else move for row, move in enumerate(self.chosen)
        )

    def _serve(self, seat: int, rows: Sequence[int], *, sparing: bool) -> None:
        free = [row for row in rows if self.chosen[row] is None and seat in self.favourite[row]]
        takes = [(row, self.favourite[row][seat][1]) for row in free]
        held, saving = self.sums[seat], self.component.offers[seat].saving
        now, goal = saving(held), saving(held + sum(take for _, take in takes))
        if goal <= now:
            return
        if sparing:
            takes = _enough(held, takes, goal, saving)
        otherwise = self.table.fallbacks if sparing else self.table.floors
        if goal - now << FRACTION > sum(otherwise[row] for row, _ in takes):
            for row, _ in takes:
                self._choose(row, self.favourite[row][seat][0])

    def _choose(self, row: int, move: int) -> None:
        self.chosen[row] = move
        for seat, packed in self.component.rows[row].moves[move].takes:
            self.sums[seat] += packed


def _enough(
    held: int, takes: list[tuple[int, int]], goal: int, saving: Callable[[int], int]
) -> list[tuple[int, int]]:
    """Few of the takes that save the goal: the first ones, with the smallest that is enough as the
    last, and without any that can be spared."""
    low, high = 0, len(takes)
    while low < high:
        middle = (low + high) // 2
        if saving(held + sum(take for _, take in takes[:middle])) >= goal:
            high = middle
        else:
            low = middle + 1
    if not low:
        return []
    kept = takes[: low - 1]
    total = held + sum(take for _, take in kept)
    for entry in sorted(takes[low - 1 :], key=_amount):
        if saving(total + entry[1]) >= goal:
            kept.append(entry)
            total += entry[1]
            break
    for entry in sorted(kept, key=_amount, reverse=True):
        if saving(total - entry[1]) >= goal:
            kept.remove(entry)
            total -= entry[1]
    return kept


def _amount(take: tuple[int, int]) -> int:
    return take[1] & MASK


def _favourites(moves: Sequence[Move]) -> dict[int, tuple[int, int]]:
    """For each seat the move that gives it most, and how much; of equal ones the first."""
    best: dict[int, tuple[int, int]] = {}
    for index, move in enumerate(moves):
        for seat, packed in move.takes:
            if seat not in best or packed > best[seat][1]:
                best[seat] = (index, packed)
    return best


def _idle(moves: Sequence[Move]) -> int:
    """The move that leaves most to promotions settled unit by unit."""
    return max(range(len(moves)), key=lambda move: moves[move].value)
