"""What of an order's lines and delivery has not gone back: read, and taken by one UPDATE."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select, update

from storeql.db import Connection, statement
from storeql.orders.refunds.split import Left, LineLeft
from storeql.orders.refunds.states import RefundState
from storeql.orders.refunds.tables import refund_lines, refunds
from storeql.orders.tables import order_lines, orders

_line, _order, _part = order_lines.c, orders.c, refund_lines.c

# Where prices come without tax it was paid on top of them: then it goes back with them.
_tax_on_top = _order.total_minor > _order.subtotal_minor + _order.shipping_minor
_line_charge = _line.net_minor + case((_tax_on_top, _line.tax_minor), else_=0)
_sibling = order_lines.alias("siblings").c
_lines_tax = (
    select(func.sum(_sibling.tax_minor))
    .where(_sibling.order_id == _order.id)
    .correlate(orders)
    .scalar_subquery()
)
_shipping_charge = _order.shipping_minor + case(
    (_tax_on_top, _order.tax_minor - _lines_tax), else_=0
)
_shipping_back = (
    select(func.coalesce(func.sum(refunds.c.shipping_minor), 0))
    .where(refunds.c.order_id == _order.id, refunds.c.state != RefundState.FAILED.value)
    .scalar_subquery()
)
_LEFT = statement(
    select(
        _line.id,
        _line.quantity - _line.refunded_quantity,
        _line_charge - _line.refunded_minor,
        _shipping_charge - _shipping_back,
    )
    .join(orders, _order.id == _line.order_id)
    .where(_order.id == bindparam("order_id"))
    .order_by(_line.position)
)


def _of_part(column: ColumnElement[int]) -> ColumnElement[int]:
    """A column of the refund's row about the line."""
    return (
        select(column)
        .where(_part.refund_id == bindparam("refund_id"), _part.order_line_id == _line.id)
        .scalar_subquery()
    )


_is_about = _line.id.in_(
    select(_part.order_line_id).where(_part.refund_id == bindparam("refund_id"))
)
_charge = (
    select(_line_charge)
    .select_from(orders)
    .where(_order.id == _line.order_id)
    .correlate(order_lines)
    .scalar_subquery()
)
_more_money = _line.refunded_minor + _of_part(_part.amount_minor)
_more_pieces = _line.refunded_quantity + _of_part(_part.quantity)
_TAKE = statement(
    update(order_lines)
    .where(
        _is_about,
        _line.order_id == bindparam("order_id"),
        and_(_more_money <= _charge, _more_pieces <= _line.quantity),
    )
    .values(refunded_minor=_more_money, refunded_quantity=_more_pieces)
)
_GIVE_BACK = statement(
    update(order_lines)
    .where(_is_about)
    .values(
        refunded_minor=_line.refunded_minor - _of_part(_part.amount_minor),
        refunded_quantity=_line.refunded_quantity - _of_part(_part.quantity),
    )
)


def what_is_left(connection: Connection, order_id: int) -> Left:
    """What no refund of a held order is about yet, those that failed left out."""
    rows = connection.rows(_LEFT, order_id=order_id)
    lines = [
        LineLeft(order_line_id=row_id, quantity=quantity, amount_minor=amount)
        for row_id, quantity, amount, _ in rows
    ]
    return Left(lines=lines, shipping_minor=int(rows[0][-1]) if rows else 0)


def take_lines(connection: Connection, refund_id: int, *, order_id: int, lines: int) -> bool:
    """Counts the refund's lines, so many of them, as gone; False when too little is left of one.

    Nothing of the transaction may stay then.
    """
    if not lines:
        return True
    return connection.run(_TAKE, refund_id=refund_id, order_id=order_id) == lines


def give_lines_back(connection: Connection, refund_id: int) -> None:
    """What the refund's lines took counts as left again."""
    connection.run(_GIVE_BACK, refund_id=refund_id)
