"""Reads the refunds of orders, one statement per relation however many orders there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import select

from storeql.db import Connection, Selection, any_of, statement
from storeql.db.paging import node_selection
from storeql.orders.payments.records import MoneyMovement
from storeql.orders.payments.relations import load_movements
from storeql.orders.refunds.records import Refund, RefundLine
from storeql.orders.refunds.tables import refund_lines, refunds
from storeql.orders.tables import order_lines

_refund, _line = refunds.c, refund_lines.c

_NAMES = (
    "id",
    "order_id",
    "state",
    "cause",
    "reason",
    "actor",
    "amount_minor",
    "shipping_minor",
    "adjustment_minor",
    "refunded_minor",
    "failed_minor",
    "created_at",
    "updated_at",
)
_REFUNDS = statement(
    select(*(_refund[name] for name in _NAMES))
    .where(any_of(_refund.order_id, "ids"))
    .order_by(_refund.id)
)
_LINES = statement(
    select(
        _refund.order_id,
        _line.refund_id,
        _line.order_line_id,
        order_lines.c.sku,
        order_lines.c.product_name,
        _line.quantity,
        _line.amount_minor,
    )
    .join(refunds, _refund.id == _line.refund_id)
    .join(order_lines, order_lines.c.id == _line.order_line_id)
    .where(any_of(_refund.order_id, "ids"))
    .order_by(_line.refund_id, _line.order_line_id)
)


def load_refunds(
    connection: Connection, currencies: Mapping[int, str], wanted: Selection
) -> dict[int, list[Refund]]:
    """The refunds of orders, given with their currencies, the oldest first.

    `wanted` is what is asked of the orders, whose refunds are a connection.
    """
    asked = node_selection(wanted.of("refunds"))
    return refunds_of(connection, currencies, asked)


def refunds_of(
    connection: Connection, currencies: Mapping[int, str], asked: Selection
) -> dict[int, list[Refund]]:
    """The refunds of orders with what is asked of each refund."""
    ids = list(currencies)
    lines = _lines(connection, currencies) if asked.wants("lines") else {}
    movements = _movements(connection, ids) if asked.wants("movements") else {}
    found: dict[int, list[Refund]] = defaultdict(list)
    for row in connection.rows(_REFUNDS, ids=ids):
        refund = Refund(currency=currencies[row[1]], **dict(zip(_NAMES, row, strict=True)))
        parts = {"lines": lines.get(refund.id, ()), "movements": movements.get(refund.id, ())}
        found[refund.order_id].append(msgspec.structs.replace(refund, **parts))
    return found


def _lines(connection: Connection, currencies: Mapping[int, str]) -> dict[int, list[RefundLine]]:
    found: dict[int, list[RefundLine]] = defaultdict(list)
    for order_id, refund_id, line_id, sku, name, quantity, amount in connection.rows(
        _LINES, ids=list(currencies)
    ):
        line = RefundLine(
            refund_id=refund_id,
            order_line_id=line_id,
            sku=sku,
            product_name=name,
            quantity=quantity,
            amount_minor=amount,
            currency=currencies[order_id],
        )
        found[refund_id].append(line)
    return found


def _movements(connection: Connection, ids: Sequence[int]) -> dict[int, list[MoneyMovement]]:
    found: dict[int, list[MoneyMovement]] = defaultdict(list)
    for step in load_movements(connection, ids):
        if step.refund_id is not None:
            found[step.refund_id].append(step)
    return found
