"""What everybody pays at an instant, as SQL that costs next to nothing while no price flips.

A row keeps the price that holds until `price_due_at`. From then on, until the row is settled (see
settle.py), the price is read from `price_changes`, which knows what is planned. So a price is right
at its instant, whether or not anybody came by to settle it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    case,
    exists,
    func,
    select,
)

from storeql.catalog.prices.tables import price_changes
from storeql.catalog.tables import products, publications, variant_prices, variants
from storeql.db import Connection, statement

NOW: ColumnElement[int] = bindparam("now", type_=BigInteger)
"""The instant, in the parameter `now`."""

_price, _change = variant_prices.c, price_changes.c
_is_due = _price.price_due_at <= NOW


def told(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of the change that holds at the instant for a row of `variant_prices`."""
    return (
        select(column)
        .where(
            _change.variant_id == _price.variant_id,
            _change.channel_id == _price.channel_id,
            _change.at <= NOW,
        )
        .order_by(_change.at.desc(), _change.id.desc())
        .limit(1)
        .correlate(variant_prices)
        .scalar_subquery()
    )


PRICE_NOW: ColumnElement[int] = case(
    (_is_due, told(_change.price_minor)),
    else_=func.coalesce(_price.current_minor, _price.price_minor),
)
"""What everybody pays for a variant of `variant_prices`."""

COMPARE_AT_NOW: ColumnElement[int] = case(
    (_is_due, told(_change.compare_at_minor)),
    (_price.current_minor.is_not(None), _price.current_compare_minor),
    else_=_price.compare_at_minor,
)
"""The price that it is compared with."""

_cheapest = (
    select(func.min(PRICE_NOW))
    .join(variants, variants.c.id == _price.variant_id)
    .where(
        variants.c.product_id == products.c.id,
        _price.channel_id == publications.c.channel_id,
    )
    .correlate(products, publications)
    .scalar_subquery()
)
LOWEST_NOW: ColumnElement[int] = case(
    (publications.c.price_due_at <= NOW, _cheapest),
    else_=publications.c.price_minor,
)
"""The lowest that everybody pays for a variant of a product of `publications`."""

_ANY_DUE = statement(select(exists(select(1).where(publications.c.price_due_at <= NOW))))


def is_any_due(connection: Connection, now: int) -> bool:
    """Whether any product's lowest price flipped and is not settled yet."""
    return bool(connection.scalar(_ANY_DUE, now=now))
