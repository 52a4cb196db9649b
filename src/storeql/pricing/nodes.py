"""The purse that bounds the time of a pricing, whatever the promotions."""

from __future__ import annotations


class Nodes:
    """What a pricing may still spend on searching; a node is about one bound computed."""

    __slots__ = ("left", "spent")

    def __init__(self, left: int) -> None:
        self.left = left
        self.spent = 0

    def part(self, most: int) -> Nodes:
        """A purse of its own with at most so many nodes; `settle` it afterwards."""
        return Nodes(min(most, self.left))

    def settle(self, part: Nodes) -> None:
        """Charges what the part has spent."""
        self.left -= part.spent
        self.spent += part.spent

    def pay(self, count: int) -> None:
        """Charges so many nodes."""
        self.left -= count
        self.spent += count
