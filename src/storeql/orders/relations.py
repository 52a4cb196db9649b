"""Reads what belongs to orders, one statement per relation however many orders there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import null, select

from storeql.carts.price_records import AppliedDiscount
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.orders.records import OrderEvent, OrderLine
from storeql.orders.tables import discount_allocations, order_events, order_lines
from storeql.pricing import Funding, Lane

_line, _discount = order_lines.c, discount_allocations.c

# The columns of a line in the order of its record, and the selected field that asks for each.
LINE_COLUMNS = (
    ("product_id", "product_id"),
    ("variant_id", "variant_id"),
    ("sku", "sku"),
    ("product_name", "product_name"),
    ("variant_name", "variant_name"),
    ("quantity", "quantity"),
    ("unit_list_minor", "unit_price"),
    ("list_minor", "list_price"),
    ("discount_minor", "discount_total"),
    ("net_minor", "net_price"),
    ("tax_minor", "tax"),
    ("refunded_minor", "refunded_total"),
    ("refunded_quantity", "refunded_quantity"),
    ("is_gift", "is_gift"),
    ("price_source", "price_source"),
)
LINE_FIELDS = tuple(field for _, field in LINE_COLUMNS)
_DISCOUNTS = statement(
    select(
        _discount.order_id,
        _discount.order_line_id,
        _discount.promotion_id,
        _discount.promotion_version,
        _discount.promotion_name,
        _discount.lane,
        _discount.amount_minor,
        _discount.fundings,
    )
    .where(any_of(_discount.order_id, "ids"))
    .order_by(_discount.id)
)
_EVENTS = statement(
    select(
        order_events.c.id,
        order_events.c.order_id,
        order_events.c.kind,
        order_events.c.actor,
        order_events.c.data,
        order_events.c.at,
    )
    .where(any_of(order_events.c.order_id, "ids"))
    .order_by(order_events.c.id)
)

_fundings = msgspec.json.Decoder(tuple[Funding, ...])

Discounts = Mapping[tuple[int, int | None], list[AppliedDiscount]]
"""Discounts by order and line; those on the delivery are under the line None."""


def load_lines(
    connection: Connection,
    wanted: Selection,
    *,
    currencies: Mapping[int, str],
    discounts: Discounts,
) -> dict[int, list[OrderLine]]:
    """The lines of orders (given with their currencies), gifts last."""
    found: dict[int, list[OrderLine]] = {}
    for row in connection.rows(
        _lines_statement(wanted.columns(*LINE_FIELDS)), ids=list(currencies)
    ):
        order_id = row[1]
        applied = discounts.get((order_id, row[0]), ()) if discounts else ()
        found.setdefault(order_id, []).append(
            OrderLine(*row, currencies[order_id], applied)  # type: ignore[call-arg]
        )
    return found


@lru_cache(maxsize=128)
def _lines_statement(wanted: tuple[bool, ...]) -> Statement:
    """The wanted columns of orders' lines, NULL for the others."""
    asked = zip(LINE_COLUMNS, wanted, strict=True)
    columns = [(_line[name] if yes else null()).label(f"line_{name}") for (name, _), yes in asked]
    return statement(
        select(_line.id, _line.order_id, *columns)
        .where(any_of(_line.order_id, "ids"))
        .order_by(_line.order_id, _line.position)
    )


def load_discounts(connection: Connection, currencies: Mapping[int, str]) -> Discounts:
    """What promotions took off orders, given with their currencies."""
    found: dict[tuple[int, int | None], list[AppliedDiscount]] = {}
    for row in connection.rows(_DISCOUNTS, ids=list(currencies)):
        order_id, line_id, promotion_id, version, name, lane, amount_minor, fundings = row
        discount = AppliedDiscount(
            promotion_id=promotion_id,
            promotion_version=version,
            promotion_name=name,
            lane=Lane(lane),
            amount_minor=amount_minor,
            currency=currencies[order_id],
            fundings=_fundings.decode(fundings),
        )
        found.setdefault((order_id, line_id), []).append(discount)
    return found


def load_events(connection: Connection, ids: Sequence[int]) -> dict[int, list[OrderEvent]]:
    """The event logs of orders, the oldest entry first."""
    found: dict[int, list[OrderEvent]] = {}
    for row_id, order_id, kind, actor, text, at in connection.rows(_EVENTS, ids=ids):
        data: dict[str, Any] = msgspec.json.decode(text)
        event = OrderEvent(
            id=row_id,
            order_id=order_id,
            kind=kind,
            actor=actor,
            before=data.pop("before", ""),
            after=data.pop("after", ""),
            data=data,
            at=at,
        )
        found.setdefault(order_id, []).append(event)
    return found
