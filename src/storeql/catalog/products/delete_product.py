"""Deletes products and variants that nothing was promised of; orders keep what they sold."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete

from storeql.catalog.constraints import refusing_use
from storeql.catalog.event_kinds import PRODUCT_DELETED, DeletedFacts
from storeql.catalog.finding.search import index_products
from storeql.catalog.prices.current import lower_prices
from storeql.catalog.problems import StockReserved
from storeql.catalog.products.rows import PRODUCTS, locked_product, touch_products
from storeql.catalog.stock.moves import locked_levels
from storeql.catalog.tables import variants
from storeql.catalog.variants.options import option_names
from storeql.catalog.variants.rows import product_of_variant, save_options, variants_of
from storeql.catalog.versions import check_version
from storeql.db import Connection, statement
from storeql.errors import Problem, Rejected, refuse
from storeql.events import tell

_DELETE_VARIANT = statement(delete(variants).where(variants.c.id == bindparam("id")))


def delete_product(
    connection: Connection, product_id: int, *, now: int, expected_version: int | None = None
) -> None:
    """Deletes a product with its variants, their prices, stock and ledger.

    Raises Rejected with StockReserved while orders wait for pieces of it.
    """
    row = PRODUCTS.locked(connection, product_id, expected_version)
    _refuse_reserved(connection, [one.id for one in variants_of(connection, product_id)])
    PRODUCTS.delete(connection, product_id)
    facts = DeletedFacts(slug=row.slug, name=row.name)
    tell(connection, PRODUCT_DELETED, product_id, now=now, facts=facts)


def delete_variant(
    connection: Connection, variant_id: int, *, now: int, expected_version: int | None = None
) -> int:
    """Deletes a variant, not the last one, and returns its product's row number."""
    product_id = product_of_variant(connection, variant_id)
    product = locked_product(connection, product_id, "id")
    rows = variants_of(connection, product_id)
    row = next((one for one in rows if one.id == variant_id), None)
    if row is None:
        raise refuse("NOT_FOUND", "There is no such variant.", "id")
    check_version(row.version, expected_version)
    if len(rows) == 1:
        raise refuse("LAST_VARIANT", "This is the only variant: delete the product.", "id")
    _refuse_reserved(connection, [variant_id])
    with refusing_use(Problem(code="IN_USE", message="This variant is in use.", field=("id",))):
        connection.run(_DELETE_VARIANT, id=variant_id)
    left = [one for one in rows if one.id != variant_id]
    save_options(connection, product_id, option_names(product.options), left)
    lower_prices(connection, product_id)
    touch_products(connection, [product_id], now=now)
    index_products(connection, [product_id])
    return product_id


def _refuse_reserved(connection: Connection, variant_ids: Sequence[int]) -> None:
    # The levels are locked before their variants go: an order that reserves comes before or after.
    levels = locked_levels(connection, variant_ids)
    reserved = sum(level.reserved for level in levels)
    if reserved:
        message = f"{reserved} pieces are promised to orders."
        on_hand = sum(level.on_hand for level in levels)
        raise Rejected(
            [StockReserved(message=message, field=("id",), on_hand=on_hand, reserved=reserved)]
        )
