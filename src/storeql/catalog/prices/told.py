"""Tells of prices that change, with what they were: read only when somebody listens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from storeql.catalog.event_kinds import PRICE_CHANGED, PriceFacts
from storeql.catalog.inputs import PriceInput
from storeql.catalog.tables import channels, variant_prices
from storeql.db import Connection, any_of, statement
from storeql.events import hears, tell
from storeql.events.facts import Amount

_price = variant_prices.c
_PRICES = statement(
    select(_price.variant_id, _price.channel_id, _price.price_minor).where(
        any_of(_price.variant_id, "ids")
    )
)
_CURRENCIES = statement(
    select(channels.c.id, channels.c.currency).where(any_of(channels.c.id, "ids"))
)

Prices = dict[tuple[int, int], int]


def heard_prices(connection: Connection, variant_ids: Iterable[int]) -> Prices | None:
    """The variants' prices by variant and channel, before a change; None if nobody listens."""
    if not hears(connection, PRICE_CHANGED):
        return None
    rows = connection.rows(_PRICES, ids=sorted(set(variant_ids)))
    return {(variant_id, channel_id): minor for variant_id, channel_id, minor in rows}


def tell_prices(
    connection: Connection,
    before: Prices | None,
    after: Sequence[tuple[int, PriceInput]],
    *,
    now: int,
) -> None:
    """Tells of every price that is another one than before."""
    if before is None:
        return
    channel_ids = {price.channel_id for _, price in after}
    currencies: dict[int, str] = dict(connection.rows(_CURRENCIES, ids=sorted(channel_ids)))
    for variant_id, price in after:
        was, channel_id = before.get((variant_id, price.channel_id)), price.channel_id
        if was == price.price_minor:
            continue
        currency = currencies[channel_id]
        facts = PriceFacts(
            price_before=None if was is None else Amount(was, currency),
            price_after=Amount(price.price_minor, currency),
        )
        tell(connection, PRICE_CHANGED, variant_id, now=now, channel_id=channel_id, facts=facts)
