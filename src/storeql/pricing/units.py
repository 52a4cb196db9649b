"""The view of a basket that a promotion is offered: some units, and what they cost now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from storeql.pricing.basket import Line


class UnitLine(NamedTuple):
    """`quantity` units of one line, offered together.

    `amount_minor` is what these units cost at the lane's entry, all together.
    """

    line: Line
    quantity: int
    amount_minor: int

    @property
    def unit_minor(self) -> int:
        """The price of one unit in the ITEM lane, where the entry price is the list price."""
        return self.line.list_minor

    @property
    def list_minor(self) -> int:
        """What these units cost at list price, all together."""
        return self.line.list_minor * self.quantity


class Units:
    """Units of a basket offered to one promotion; never changed by it.

    `amount_minor` is the sum at the lane's entry, `list_minor` the sum of list prices, `quantity`
    the number of units. A threshold reads these and does not walk the lines, which are only built
    when asked for: the search offers a promotion very many selections.
    """

    __slots__ = ("_build", "_lines", "amount_minor", "list_minor", "quantity")

    def __init__(
        self,
        amount_minor: int,
        list_minor: int,
        quantity: int,
        build: Callable[[], tuple[UnitLine, ...]],
    ) -> None:
        self.amount_minor = amount_minor
        self.list_minor = list_minor
        self.quantity = quantity
        self._build = build
        self._lines: tuple[UnitLine, ...] | None = None

    @classmethod
    def of(cls, lines: tuple[UnitLine, ...]) -> Units:
        """The view of these entries, which come in ascending line id."""
        amount = listed = quantity = 0
        for line, count, entry in lines:
            amount += entry
            quantity += count
            listed += line.list_minor * count
        return cls(amount, listed, quantity, lambda: lines)

    @property
    def lines(self) -> tuple[UnitLine, ...]:
        """One entry per line in ascending line id: a choice among equals is always the same."""
        if self._lines is None:
            self._lines = self._build()
        return self._lines

    def __iter__(self) -> Iterator[UnitLine]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)
