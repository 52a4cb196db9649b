"""The lowest price of the last 30 days, as a column of a variant's price in a channel.

Of a price that was reduced, and did not rise since, it is the lowest that held at any time in the
30 days before that reduction: the price a reduction is announced against (Directive 98/6/EC,
article 6a). The last fall counts as the reduction, also where one follows another. Without a
reduction it is the lowest of the 30 days up to now, today's price among them.

It is about what everybody pays for one piece: neither about what members pay, nor about what
promotions take off.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from storeql.catalog.prices.at_instant import NOW, PRICE_NOW
from storeql.catalog.prices.history import LOOK_BACK_MS
from storeql.catalog.prices.tables import price_changes
from storeql.catalog.tables import variant_prices

_price, _change = variant_prices.c, price_changes.c
_here = (_change.variant_id == _price.variant_id, _change.channel_id == _price.channel_id)
_fell = _change.price_minor < _change.before_minor

_before_the_reduction: ColumnElement[Any] = (
    select(case((_fell, _change.lowest_before_minor)))
    .where(
        *_here,
        _change.at <= NOW,
        or_(_change.before_minor.is_(None), _change.before_minor != _change.price_minor),
    )
    .order_by(_change.at.desc(), _change.id.desc())
    .limit(1)
    .correlate(variant_prices)
    .scalar_subquery()
)
# What held when the 30 days began is what held before the first change within them.
_since: ColumnElement[Any] = (
    select(
        func.min(
            case(
                (_change.before_minor < _change.price_minor, _change.before_minor),
                else_=_change.price_minor,
            )
        )
    )
    .where(*_here, _change.at <= NOW, _change.at > NOW - LOOK_BACK_MS)
    .correlate(variant_prices)
    .scalar_subquery()
)

LOWEST_OF_30_DAYS: ColumnElement[int] = func.coalesce(_before_the_reduction, _since, PRICE_NOW)
"""The column, for statements that name `variant_prices` and have the parameter `now`."""
