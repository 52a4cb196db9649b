"""Sets prices of many variants at once; their products' lowest prices follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storeql.catalog.inputs import VariantPriceInput
from storeql.catalog.known_ids import known_ids
from storeql.catalog.prices.current import checked_price, save_prices
from storeql.catalog.products.rows import locked_products, touch_products
from storeql.catalog.tables import channels
from storeql.catalog.variants.rows import products_of_variants
from storeql.db import Connection
from storeql.inputs import Fields

MOST_PRICES = 100


def set_prices(connection: Connection, given: Sequence[VariantPriceInput], *, now: int) -> None:
    """Replaces each variant's price in a channel, all or none; at most 100.

    Open carts reprice, placed orders keep theirs. Raises Rejected with all problems.
    """
    fields = Fields()
    fields.count("prices", given, least=1, most=MOST_PRICES)
    fields.refuse_problems()
    found = products_of_variants(connection, (one.variant_id for one in given))
    locked_products(connection, found.values())
    # Read again now that nobody can delete them any more.
    found = products_of_variants(connection, found)
    _check(connection, fields, given, found)
    fields.refuse_problems()
    product_ids = set(found.values())
    ordered = sorted(given, key=lambda one: (one.variant_id, one.channel_id))
    entries = [(one.variant_id, one) for one in ordered]
    save_prices(connection, entries, product_ids=product_ids, now=now)
    touch_products(connection, product_ids, now=now)


def _check(
    connection: Connection,
    fields: Fields,
    given: Sequence[VariantPriceInput],
    found: Mapping[int, int],
) -> None:
    channel_ids = known_ids(connection, channels, (one.channel_id for one in given))
    seen: set[tuple[int, int]] = set()
    for entry, price in zip(fields.each("prices", len(given)), given, strict=True):
        if price.variant_id not in found:
            entry.missing("variant", "variantId")
        checked_price(entry, price, channel_ids)
        if (price.variant_id, price.channel_id) in seen:
            entry.report("DUPLICATE", "This variant and channel come twice.", "variantId")
        seen.add((price.variant_id, price.channel_id))
