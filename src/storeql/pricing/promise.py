"""A promotion's ceiling in the search's numbers: what it can save at most, and at what price."""

from __future__ import annotations

from collections.abc import Sequence

from storeql.pricing.offer import Offer
from storeql.pricing.proposal import Gifts
from storeql.pricing.view import LIST_SHIFT, MASK, QUANTITY_SHIFT

FRACTION = 20
"""Savings in bounds are integers with this many binary places, always rounded up."""
ONE = 1 << FRACTION
HALF = ONE >> 1


Supply = tuple[int, int, int]
"""What a row can give a promotion: the price of a unit of its measure, the measure, the depth."""


class Promise:
    """What a promotion can save at most with so much of its measure.

    The measure is entry amounts or list prices, as `shift` finds them in a packed selection.
    `needs` is the threshold below which it saves nothing, `rate` the most it saves per unit of
    measure, `cap` the most it saves at all, `full_at` where its ceiling reaches the cap. A type
    without a ceiling saves no more than the units cost, unless it gives gifts, which may be worth
    many times what earns them: then it is not `bounded` and its cap is due at once.
    """

    __slots__ = ("bounded", "cap", "full_at", "needs", "rate", "shift")

    def __init__(self, offer: Offer) -> None:
        ceiling = offer.ceiling
        self.cap = offer.most_minor << FRACTION
        self.needs, self.rate, self.shift = 0, ONE, 0
        self.bounded = not isinstance(offer.answer, Gifts)
        if ceiling is not None:
            self.bounded = True
            self.shift = LIST_SHIFT if ceiling.on_list_prices else 0
            self.rate = -(-ceiling.rate_numerator * ONE // ceiling.rate_denominator)
            least = _cheapest(offer, ceiling.needs_quantity, self.shift)
            self.needs = max(ceiling.needs_minor, least)
        if offer.promotion.type.all_or_nothing:
            self.needs = offer.packed >> self.shift & MASK
        self.full_at = max(self.needs, -(-self.cap // self.rate) if self.rate else self.needs)

    def surplus(self, held: int, depth: int, supplies: Sequence[Supply]) -> int:
        """The most it can save beyond the price of what it still takes, of rows from a depth on.

        `held` is what it has of its measure, at no price. Supplies come cheapest first.
        """
        if held >= self.full_at or not self.bounded:
            return self.cap
        idle = 0 if held < self.needs else self._ceiling(held)
        short, paid, got = max(0, self.needs - held), 0, held
        for each, measure, row in supplies:
            if row < depth:
                continue
            if short:
                taken = measure if measure < short else short
                paid += each * taken
                got += taken
                short -= taken
                measure -= taken
            if not short and measure:
                if each >= self.rate or got >= self.full_at:
                    break
                taken = min(measure, self.full_at - got)
                paid += each * taken
                got += taken
        return idle if short else max(idle, self._ceiling(got) - paid)

    def best(self, held: int, supplies: Sequence[Supply]) -> tuple[int, list[tuple[int, int]]]:
        """`surplus` from the first row on, and what it takes of each row: (depth, measure)."""
        if held >= self.full_at or not self.bounded:
            return self.cap, []
        idle = 0 if held < self.needs else self._ceiling(held)
        taken, got, paid = [], held, 0
        for each, measure, row in supplies:
            goal = self.full_at if each < self.rate else self.needs
            part = measure if measure < goal - got else goal - got
            if part <= 0:
                break
            taken.append((row, part))
            got += part
            paid += each * part
        if got < self.needs:
            return idle, []
        surplus = self._ceiling(got) - paid
        return (surplus, taken) if surplus > idle else (idle, [])

    def _ceiling(self, measure: int) -> int:
        """With what rounding half up to whole minor units may add."""
        saving = measure * self.rate
        return self.cap if saving >= self.cap else min(self.cap, saving + HALF)


def _cheapest(offer: Offer, units: int, shift: int) -> int:
    """The least that so many units measure: an amount threshold that stands for a quantity."""
    if units < 2:
        return 0
    packs, parts = offer.view.packs, []
    for place, count in offer.pieces.items():
        quantity = packs[place] >> QUANTITY_SHIFT & MASK
        parts.append(((packs[place] >> shift & MASK) // quantity, quantity * count))
    total = 0
    for amount, quantity in sorted(parts):
        total += amount * min(units, quantity)
        units -= min(units, quantity)
    return total
