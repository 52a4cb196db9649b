"""Sets prices of many variants at once; their products' lowest prices and history follow.

The one way to change a channel's price: by hand, by an import, by a repricing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from storeql.catalog.inputs import VariantPriceInput
from storeql.catalog.known_ids import known_ids
from storeql.catalog.prices.causes import Cause, Forced, checked_cause, checked_reason
from storeql.catalog.prices.current import checked_price, save_prices
from storeql.catalog.prices.guard import PriceGuard
from storeql.catalog.products.rows import locked_products, touch_products
from storeql.catalog.tables import channels, variant_prices
from storeql.catalog.variants.rows import products_of_variants
from storeql.catalog.versions import note_version
from storeql.db import Connection, any_of, statement
from storeql.inputs import Fields

MOST_PRICES = 100

_price = variant_prices.c
_VERSIONS = statement(
    select(_price.variant_id, _price.channel_id, _price.version).where(
        any_of(_price.variant_id, "ids")
    )
)


def set_prices(
    connection: Connection,
    given: Sequence[VariantPriceInput],
    *,
    cause: Cause,
    below_floor_reason: str = "",
    now: int,
) -> None:
    """Replaces each variant's price in a channel, all or none; at most 100.

    Open carts reprice, placed orders keep theirs. Raises Rejected with all problems, BelowFloor
    among them unless there is a reason to go below a floor.
    """
    fields = Fields()
    fields.count("prices", given, least=1, most=MOST_PRICES)
    cause, reason = checked_cause(fields, cause), checked_reason(fields, below_floor_reason)
    fields.refuse_problems()
    found = products_of_variants(connection, (one.variant_id for one in given))
    locked_products(connection, found.values())
    # Read again now that nobody can delete them any more.
    found = products_of_variants(connection, found)
    guard = PriceGuard(connection, found, reason=reason, now=now)
    _check(connection, fields, given, found, guard)
    fields.refuse_problems()
    product_ids = set(found.values())
    ordered = sorted(given, key=lambda one: (one.variant_id, one.channel_id))
    prices = [(one.variant_id, one) for one in ordered]
    forced = Forced(floors=guard.broken, reason=reason)
    save_prices(connection, prices, product_ids=product_ids, cause=cause, now=now, forced=forced)
    touch_products(connection, product_ids, now=now)


def _check(
    connection: Connection,
    fields: Fields,
    given: Sequence[VariantPriceInput],
    found: Mapping[int, int],
    guard: PriceGuard,
) -> None:
    channel_ids = known_ids(connection, channels, (one.channel_id for one in given))
    versions = _versions(connection, given)
    seen: set[tuple[int, int]] = set()
    for entry, price in zip(fields.each("prices", len(given)), given, strict=True):
        key = (price.variant_id, price.channel_id)
        if price.variant_id not in found:
            entry.missing("variant", "variantId")
        checked_price(entry, price, channel_ids)
        if key in seen:
            entry.report("DUPLICATE", "This variant and channel come twice.", "variantId")
        seen.add(key)
        note_version(entry, versions.get(key, 0), price.expected_version)
        guard.check_channel_price(
            entry,
            "price",
            key=key,
            price_minor=price.price_minor,
            cost_minor=price.cost_minor,
        )


def _versions(
    connection: Connection, given: Sequence[VariantPriceInput]
) -> Mapping[tuple[int, int], int]:
    """Versions by variant and channel; no statement unless one is expected."""
    ids = sorted({one.variant_id for one in given if one.expected_version is not None})
    rows = connection.rows(_VERSIONS, ids=ids) if ids else []
    return {(variant_id, channel_id): version for variant_id, channel_id, version in rows}
