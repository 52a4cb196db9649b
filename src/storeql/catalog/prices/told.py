"""Tells of prices that change, with what they were: read only when somebody listens."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct
from sqlalchemy import and_, select

from storeql.catalog.event_kinds import PRICE_CHANGED, PriceFacts
from storeql.catalog.prices.at_instant import NOW
from storeql.catalog.prices.tables import price_changes
from storeql.catalog.tables import channels, variant_prices, variants
from storeql.db import Connection, any_of, statement
from storeql.events import hears, tell
from storeql.events.facts import Amount

_price, _change = variant_prices.c, price_changes.c
_CURRENCIES = statement(
    select(channels.c.id, channels.c.currency).where(any_of(channels.c.id, "ids"))
)
# What was planned and came due since the rows were settled.
_FLIPPED = statement(
    select(_change.variant_id, _change.channel_id, _change.before_minor, _change.price_minor)
    .join_from(
        variants,
        variant_prices,
        and_(_price.variant_id == variants.c.id, _price.price_due_at <= NOW),
    )
    .join(
        price_changes,
        and_(
            _change.variant_id == _price.variant_id,
            _change.channel_id == _price.channel_id,
            _change.at >= _price.price_due_at,
            _change.at <= NOW,
            _change.at > _change.recorded_at,
        ),
    )
    .where(any_of(variants.c.product_id, "ids"))
    .order_by(_change.at, _change.id)
)


class Changed(Struct, frozen=True):
    """What everybody pays for a variant in a channel, before and after; None before the first."""

    variant_id: int
    channel_id: int
    before_minor: int | None
    price_minor: int


def tell_prices(connection: Connection, changes: Sequence[Changed], *, now: int) -> None:
    """Tells of every price that is another one than before, if anybody listens."""
    moved = [one for one in changes if one.before_minor != one.price_minor]
    if not moved or not hears(connection, PRICE_CHANGED):
        return
    channel_ids = sorted({one.channel_id for one in moved})
    currencies: dict[int, str] = dict(connection.rows(_CURRENCIES, ids=channel_ids))
    for one in moved:
        currency, was = currencies[one.channel_id], one.before_minor
        facts = PriceFacts(
            price_before=None if was is None else Amount(was, currency),
            price_after=Amount(one.price_minor, currency),
        )
        tell(
            connection,
            PRICE_CHANGED,
            one.variant_id,
            now=now,
            channel_id=one.channel_id,
            facts=facts,
        )


def tell_flips(connection: Connection, product_ids: Collection[int], *, now: int) -> None:
    """Tells of the planned changes that came due, before their rows are settled."""
    if hears(connection, PRICE_CHANGED):
        rows = connection.rows(_FLIPPED, ids=sorted(product_ids), now=now)
        tell_prices(connection, [Changed(*row) for row in rows], now=now)
