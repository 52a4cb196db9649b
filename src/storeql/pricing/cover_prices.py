"""Prices of rows under which covers seldom meet, so that the bound of their search is tight.

Lagrangian relaxation as in `prices`, but whoever takes a cover takes whole rows. The bound of such
prices is that of the linear program over all covers (the set packing formulation of a combinatorial
auction), whose optimum is hardly ever above the best answer: a threshold is seldom met to the last
minor unit, and parts of rows are what the bound by rows is too high by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from storeql.pricing.matching import bits
from storeql.pricing.promise import FRACTION, ONE

Cover = tuple[int, int]
"""What choosing these rows loses against this promotion's best choice alone, and the rows as a
mask: enough for the threshold, and none can be spared. The mask 0 is to go without."""


class Choice(NamedTuple):
    """A promotion and the covers that are still open to it, least loss first."""

    seat: int
    covers: list[Cover]


class Case(NamedTuple):
    """What no answer exceeds beside what is settled, with binary places, and what there is to
    choose.

    `priced` is the sum of all rows' prices, `paid` the part of it that a cover pays, by its mask:
    an answer stays below the top by what no cover pays, too.
    """

    top: int
    choices: list[Choice]
    priced: int = 0
    paid: Mapping[int, int] = {}


MOST_STEPS = 12
COVERS_PER_NODE, VALUED_PER_NODE = 10, 100
"""What laying covers out and valuing them in a step costs, in nodes of the search over lines."""
FAR, CLOSE = 40, 200
"""A top that exceeds the goal by this part of it is worth the trouble; by that part, not more."""
SIFT_EVERY = 3

Valued = list[tuple[int, ...]]
"""Covers of as many rows each: the loss in whole minor units, then the rows."""


class CoverPrices:
    """The prices of a component's rows, found for the first case that asks and kept for all.

    Whatever prices are, the top they lead to is right; good ones for one case are good for the
    others. So they are looked for in whole minor units, and among covers that an answer of
    interest can still hold.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        self._prices: list[int] | None = None
        self._rows_of: dict[int, list[int]] = {}

    def tightened(self, case: Case, goal: int, pay: Callable[[int], object]) -> Case:
        """The case with its top brought nearer to a goal, with binary places.

        A case that is near enough as it is is left alone.
        """
        if self._prices is None and _is_near(case.top, goal, FAR):
            self._prices = []
        if self._prices == []:  # looked for before, and of no use
            return case
        pay(sum([len(choice.covers) for choice in case.choices]) // COVERS_PER_NODE)
        seats = [self._seat(choice) for choice in case.choices]
        if self._prices is None:
            top = case.top >> FRACTION
            found = _good_prices(seats, [0] * self._rows, top, goal >> FRACTION, pay)
            self._prices = found if any(found) else []
        return _priced(case, seats, self._prices) if self._prices else case

    @property
    def are_good(self) -> bool:
        """True once prices were found that make a bound tighter."""
        return bool(self._prices)

    def _seat(self, choice: Choice) -> list[tuple[list[Cover], Valued]]:
        """A promotion's covers by the number of their rows."""
        sizes: dict[int, tuple[list[Cover], Valued]] = {}
        known = self._rows_of
        for cover in choice.covers:
            loss, mask = cover
            rows = known.get(mask)
            if rows is None:
                rows = known[mask] = bits(mask)
            if len(rows) not in sizes:
                sizes[len(rows)] = ([], [])
            covers, valued = sizes[len(rows)]
            covers.append(cover)
            valued.append((loss >> FRACTION, *rows))
        return list(sizes.values())


def _is_near(top: int, goal: int, part: int) -> bool:
    return (top - goal) * part <= goal


def _good_prices(
    found: Sequence[Sequence[tuple[object, Valued]]],
    prices: list[int],
    top: int,
    goal: int,
    pay: Callable[[int], object],
) -> list[int]:
    """Subgradient steps of Polyak's length, halved when one does not help."""
    seats = [[valued for _, valued in seat] for seat in found]
    kept, least, before, length = prices, top, top, ONE
    for step in range(1, MOST_STEPS + 1):
        costs = [[_costs(covers, prices) for covers in seat] for seat in seats]
        best = [min([min(known) for known in seat]) for seat in costs]
        bound = top + sum(prices) - sum(best)
        if bound < least:
            kept, least = prices, bound
        if bound > before:
            length //= 2
        before = bound
        pay(1 + sum([len(known) for seat in costs for known in seat]) // VALUED_PER_NODE)
        moved = _moved(prices, _wanted(seats, costs, best, len(prices)), bound - goal, length)
        if moved is None or _is_near(least, goal, CLOSE):
            break
        if step % SIFT_EVERY == 1:
            seats = _sifted(seats, costs, best, bound - goal)
        prices = moved
    return kept


def _costs(covers: Valued, prices: Sequence[int]) -> list[int]:
    """What each cover loses and pays. Spelled out: this is what most of the time goes to."""
    size = len(covers[0])
    if size == 1:
        return [covers[0][0]]
    if size == 2:
        return [loss + prices[a] for loss, a in covers]
    if size == 3:
        return [loss + prices[a] + prices[b] for loss, a, b in covers]
    if size == 4:
        return [loss + prices[a] + prices[b] + prices[c] for loss, a, b, c in covers]
    if size == 5:
        return [loss + prices[a] + prices[b] + prices[c] + prices[d] for loss, a, b, c, d in covers]
    paid = prices.__getitem__
    return [cover[0] + sum(map(paid, cover[1:])) for cover in covers]


def _wanted(
    seats: Sequence[Sequence[Valued]],
    costs: Sequence[Sequence[list[int]]],
    best: Sequence[int],
    rows: int,
) -> list[int]:
    """How many promotions take each row, if each takes its best cover."""
    wanted = [0] * rows
    for seat, known, least in zip(seats, costs, best, strict=True):
        for covers, amounts in zip(seat, known, strict=True):
            if least in amounts:
                for row in covers[amounts.index(least)][1:]:
                    wanted[row] += 1
                break
    return wanted


def _moved(
    prices: Sequence[int], wanted: Sequence[int], excess: int, length: int
) -> list[int] | None:
    """The prices after one step; None if no price would move."""
    spare = [
        count - 1 if price or count else 0 for price, count in zip(prices, wanted, strict=True)
    ]
    norm = sum([part * part for part in spare])
    if not norm:
        return None
    step = (excess * length >> FRACTION) // norm
    return [max(0, price + step * part) for price, part in zip(prices, spare, strict=True)]


def _sifted(
    seats: Sequence[Sequence[Valued]],
    costs: Sequence[Sequence[list[int]]],
    best: Sequence[int],
    room: int,
) -> list[list[Valued]]:
    """The covers that an answer at the goal can still hold."""
    sifted = []
    for seat, known, least in zip(seats, costs, best, strict=True):
        most = least + room
        near = [
            [cover for cover, cost in zip(covers, amounts, strict=True) if cost <= most]
            for covers, amounts in zip(seat, known, strict=True)
        ]
        sifted.append([covers for covers in near if covers])
    return sifted


def _priced(
    case: Case, seats: Sequence[Sequence[tuple[list[Cover], Valued]]], prices: Sequence[int]
) -> Case:
    """The case at these prices: covers by what they lose and pay, least first."""
    priced = sum(prices) << FRACTION
    top, choices, paid = case.top + priced, [], dict[int, int]()
    for choice, seat in zip(case.choices, seats, strict=True):
        found = []
        for covers, valued in seat:
            for (loss, mask), one, cost in zip(covers, valued, _costs(valued, prices), strict=True):
                paid[mask] = pays = cost - one[0] << FRACTION
                found.append((loss + pays, mask))
        found.sort()
        least = found[0][0]
        top -= least
        choices.append(Choice(choice.seat, [(cost - least, mask) for cost, mask in found]))
    return Case(top, choices, priced, paid)
