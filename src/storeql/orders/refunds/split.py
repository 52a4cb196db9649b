"""What a refund is for: so much of which lines, of the delivery, and of the rest."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class SplitLine(Struct, frozen=True, kw_only=True):
    """Pieces of an order's line and the money for them; one of the two may be 0."""

    order_line_id: int
    quantity: int
    amount_minor: int


class Split(Struct, frozen=True, kw_only=True):
    """How a refund is made up, in minor units of the order.

    `adjustment_minor` is for no line and not for the delivery, such as a gesture of good will.
    """

    lines: Sequence[SplitLine] = ()
    shipping_minor: int = 0
    adjustment_minor: int = 0

    @property
    def amount_minor(self) -> int:
        """All that goes back."""
        of_lines = sum(line.amount_minor for line in self.lines)
        return of_lines + self.shipping_minor + self.adjustment_minor


class LineLeft(Struct, frozen=True, kw_only=True):
    """What of an order's line no refund is about yet."""

    order_line_id: int
    quantity: int
    amount_minor: int


class Left(Struct, frozen=True, kw_only=True):
    """What of an order no refund is about yet; lines in their order."""

    lines: Sequence[LineLeft]
    shipping_minor: int


def split_of_all(amount_minor: int, left: Left) -> Split:
    """An amount spread over all that is left: the lines in their order, then the delivery.

    Every piece that is left goes back. The parts are the amount, to the cent.
    """
    lines, rest = [], amount_minor
    for line in left.lines:
        part = min(rest, line.amount_minor)
        rest -= part
        if part or line.quantity:
            lines.append(
                SplitLine(
                    order_line_id=line.order_line_id, quantity=line.quantity, amount_minor=part
                )
            )
    shipping = min(rest, left.shipping_minor)
    return Split(lines=tuple(lines), shipping_minor=shipping, adjustment_minor=rest - shipping)
