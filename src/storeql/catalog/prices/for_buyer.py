"""What variants cost a buyer who is in groups, and what more pieces cost: one statement each.

Listings for everybody need none of it: they read the price that rows keep (see at_instant.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct
from sqlalchemy import select

from storeql.catalog.finding.filters import in_channel
from storeql.catalog.prices.offers import offers_in, prices_of
from storeql.catalog.tables import channels, variant_prices, variants
from storeql.db import Connection, Statement, any_of, statement
from storeql.pricing.price_choice import ChosenPrice, VariantPrices, choose_price

_price = variant_prices.c


class OfferedVariant(Struct, frozen=True):
    """A variant with all that its price in the channel depends on."""

    id: int
    product_id: int
    prices: VariantPrices

    def chosen(self, group_ids: Sequence[str], *, now: int) -> ChosenPrice:
        """What one piece costs a buyer of these groups."""
        return choose_price(self.prices, group_ids=group_ids, quantity=1, at=now)


def offered_variants(
    connection: Connection, ids: Iterable[int], *, channel: str | None, now: int
) -> Mapping[int, OfferedVariant]:
    """Variants by row number, without those that have no price in the channel."""
    return {one.id: one for one in _offered(connection, ids, channel, now, by="variant")}


def lowest_prices(
    connection: Connection,
    product_ids: Iterable[int],
    *,
    channel: str | None,
    group_ids: Sequence[str],
    now: int,
) -> Mapping[int, int]:
    """The lowest price of each product for a buyer of these groups, by row number."""
    lowest: dict[int, int] = {}
    for one in _offered(connection, product_ids, channel, now, by="product"):
        price_minor = one.chosen(group_ids, now=now).price_minor
        lowest[one.product_id] = min(price_minor, lowest.get(one.product_id, price_minor))
    return lowest


def _offered(
    connection: Connection, ids: Iterable[int], channel: str | None, now: int, *, by: str
) -> list[OfferedVariant]:
    given = {} if channel is None else {"channel": channel}
    rows = connection.rows(
        _statement(by, channel is not None), ids=sorted(set(ids)), now=now, **given
    )
    return [OfferedVariant(row[0], row[1], prices_of(*row[2:])) for row in rows]


@lru_cache(maxsize=4)
def _statement(by: str, channel_named: bool) -> Statement:
    source = variants.join(channels, in_channel(channel_named)).join(
        variant_prices, (_price.variant_id == variants.c.id) & (_price.channel_id == channels.c.id)
    )
    owner = variants.c.product_id if by == "product" else variants.c.id
    return statement(
        select(
            variants.c.id,
            variants.c.product_id,
            _price.price_minor,
            _price.compare_at_minor,
            *offers_in(channels.c.id),
        )
        .select_from(source)
        .where(any_of(owner, "ids"))
    )
