"""Everything that is wrong with a refund before it is started, said at once."""

from __future__ import annotations

from collections.abc import Iterator

from storeql.db import Connection
from storeql.errors import Problem
from storeql.inputs import MOST_MINOR, MOST_PIECES
from storeql.orders.order_rows import OrderHead
from storeql.orders.refunds.left import what_is_left
from storeql.orders.refunds.problems import RefundLineTooLarge, RefundTooLarge
from storeql.orders.refunds.split import Left, Split, SplitLine

MOST_LINES = 1024


def problems_of(connection: Connection, order: OrderHead, split: Split) -> list[Problem]:
    """What keeps this split of a held order from being given back; empty when nothing does."""
    problems = list(_shape(split))
    if problems:
        return problems
    if split.lines or split.shipping_minor:
        problems += _parts(order, split, what_is_left(connection, order.id))
    left = order.balance.refundable_minor
    if split.amount_minor > left:
        problems.append(too_large(order, left, "amount"))
    return problems


def too_large(order: OrderHead, left_minor: int, *field: str) -> RefundTooLarge:
    """The refusal of more than is left."""
    return RefundTooLarge(
        message="More than is left cannot be given back.",
        field=field,
        left_minor=left_minor,
        currency=order.currency,
    )


def _shape(split: Split) -> Iterator[Problem]:
    if len(split.lines) > MOST_LINES:
        yield _wrong("TOO_MANY", f"A refund has at most {MOST_LINES} lines.", "lines")
        return
    known: set[int] = set()
    for place, line in enumerate(split.lines):
        if line.order_line_id in known:
            yield _wrong("DUPLICATE", "The line is named twice.", "lines", str(place), "lineId")
        known.add(line.order_line_id)
        if not 0 <= line.quantity <= MOST_PIECES:
            message = f"This must be between 0 and {MOST_PIECES}."
            yield _wrong("OUT_OF_RANGE", message, "lines", str(place), "quantity")
        if not 0 <= line.amount_minor <= MOST_MINOR:
            yield _wrong("OUT_OF_RANGE", _AMOUNTS, "lines", str(place), "amount")
    if not 0 <= split.shipping_minor <= MOST_MINOR:
        yield _wrong("OUT_OF_RANGE", _AMOUNTS, "shipping")
    if split.adjustment_minor < 0:
        message = "The lines and the delivery come to more than the amount."
        yield _wrong("REFUND_PARTS_EXCEED_AMOUNT", message, "amount")
    elif not 0 < split.amount_minor <= MOST_MINOR:
        yield _wrong("OUT_OF_RANGE", "There must be something to give back.", "amount")


def _parts(order: OrderHead, split: Split, left: Left) -> Iterator[Problem]:
    known = {line.order_line_id: line for line in left.lines}
    for place, line in enumerate(split.lines):
        rest = known.get(line.order_line_id)
        if rest is None:
            message = "The order has no such line."
            yield _wrong("ORDER_LINE_NOT_FOUND", message, "lines", str(place), "lineId")
        elif line.quantity > rest.quantity or line.amount_minor > rest.amount_minor:
            yield RefundLineTooLarge(
                message="More than is left of the line cannot be given back.",
                field=("lines", str(place), _too_much(line, rest.quantity)),
                index=place,
                order_line_id=line.order_line_id,
                left_minor=rest.amount_minor,
                left_quantity=rest.quantity,
                currency=order.currency,
            )
    if split.shipping_minor > left.shipping_minor:
        yield too_large(order, left.shipping_minor, "shipping")


def _too_much(line: SplitLine, left_quantity: int) -> str:
    return "quantity" if line.quantity > left_quantity else "amount"


def _wrong(code: str, message: str, *field: str) -> Problem:
    places = [int(name) for name in field if name.isdecimal()]
    return Problem(code=code, message=message, field=field, index=places[0] if places else None)


_AMOUNTS = f"An amount is between 0 and {MOST_MINOR} minor units."
