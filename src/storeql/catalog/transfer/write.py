"""Writes the changes of some hundred rows: a statement for each kind of change, however many."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storeql.catalog.event_kinds import PRODUCT_CREATED, PRODUCT_PUBLISHED, PRODUCT_UNPUBLISHED
from storeql.catalog.finding.search import index_products
from storeql.catalog.inputs import PriceInput
from storeql.catalog.prices.causes import Cause, CauseKind
from storeql.catalog.prices.current import add_prices, save_prices
from storeql.catalog.products.places import JOIN_COLLECTION
from storeql.catalog.products.rows import touch_products
from storeql.catalog.stock.adjust import open_levels
from storeql.catalog.stock.moves import Move, move
from storeql.catalog.tables import (
    attribute_values,
    collection_products,
    product_categories,
    product_tags,
    products,
    publications,
    variants,
)
from storeql.catalog.transfer.changes import Changes, options_json
from storeql.catalog.transfer.merge_variant import price_input
from storeql.db import Connection, any_of, statement
from storeql.db.name_order import NAME_KEY, keyed, name_key
from storeql.events import tell

_product, _variant, _value = products.c, variants.c, attribute_values.c
_CHANGE_PRODUCT = statement(
    update(products).where(_product.id == bindparam("b_id")),
    "name",
    "description",
    "options",
    NAME_KEY,
)
_BY_SLUG = statement(select(_product.slug, _product.id).where(any_of(_product.slug, "slugs")))
_VARIANT_COLUMNS = ("sku", "name", "options", "position", "weight_grams", "barcode")
_CHANGE_VARIANT = statement(
    update(variants).where(_variant.id == bindparam("b_id")).values(version=_variant.version + 1),
    *_VARIANT_COLUMNS,
)
_BY_SKU = statement(select(_variant.sku, _variant.id).where(any_of(_variant.sku, "skus")))
_setting = upsert(attribute_values)
_SET_VALUE = statement(
    _setting.on_conflict_do_update(
        index_elements=["product_id", "attribute_id"], set_={"value": _setting.excluded.value}
    ),
    "product_id",
    "attribute_id",
    "value",
)
_FORGET_VALUE = statement(
    delete(attribute_values).where(
        _value.product_id == bindparam("product_id"), _value.attribute_id == bindparam("other")
    )
)
_publishing = upsert(publications)
_PUBLISH = statement(
    _publishing.on_conflict_do_update(
        index_elements=["product_id", "channel_id"],
        set_={"published_at": _publishing.excluded.published_at},
    ),
    "product_id",
    "channel_id",
    "published_at",
)
_COLUMN = {"categories": "category_id", "collections": "collection_id", "tags": "tag_id"}
_LEAVE = {
    name: statement(
        delete(table).where(
            table.c.product_id == bindparam("product_id"),
            table.c[_COLUMN[name]] == bindparam("other"),
        )
    )
    for name, table in {
        "categories": product_categories,
        "collections": collection_products,
        "tags": product_tags,
    }.items()
}


def write_changes(
    connection: Connection, changes: Changes, *, now: int, actor: str, note: str, reference: str
) -> None:
    """Writes everything; `note` and `reference` go into the ledger of stock and the price history.

    The products must be locked, and the changes made of what they are now.
    """
    ids = _write_products(connection, changes, now=now)
    variant_ids = _write_variants(connection, changes, ids)
    cause = Cause(kind=CauseKind.IMPORT, actor=actor, reason=note, reference=reference)
    _write_prices(connection, changes, ids, variant_ids, cause=cause, now=now)
    _write_stock(
        connection, changes, variant_ids, now=now, actor=actor, note=note, reference=reference
    )
    _write_relations(connection, changes, ids)
    if changes.touched:
        touch_products(connection, changes.touched, now=now)
    if changes.reindexed:
        index_products(connection, sorted(ids[slug] for slug in changes.reindexed))
    _tell(connection, changes, ids, now=now, actor=actor)


def _tell(
    connection: Connection, changes: Changes, ids: dict[str, int], *, now: int, actor: str
) -> None:
    for one in changes.new_products:
        tell(connection, PRODUCT_CREATED, ids[one.slug], now=now, actor=actor)
    for slug, channel_id, at in changes.published:
        kind = PRODUCT_UNPUBLISHED if at is None else PRODUCT_PUBLISHED
        tell(connection, kind, ids[slug], now=now, channel_id=channel_id, actor=actor)


def _write_products(connection: Connection, changes: Changes, *, now: int) -> dict[str, int]:
    """The row number of each product by its slug."""
    connection.insert_many(
        products,
        [
            {
                "product_type_id": one.product_type_id,
                "slug": one.slug,
                "name": one.name,
                "description": one.description,
                "options": options_json(one),
                "created_at": now,
                "updated_at": now,
                NAME_KEY: name_key(one.name),
            }
            for one in changes.new_products
        ],
    )
    changed = [keyed(products, row) for row in changes.changed_products]
    connection.run_many(_CHANGE_PRODUCT, changed)
    slugs = [one.slug for one in changes.new_products]
    added: dict[str, int] = dict(connection.rows(_BY_SLUG, slugs=slugs)) if slugs else {}
    return {**changes.product_ids, **added}


def _write_variants(
    connection: Connection, changes: Changes, product_ids: dict[str, int]
) -> dict[str, int]:
    """The row number of each variant that is written about, by its SKU."""
    connection.insert_many(
        variants,
        [{"product_id": product_ids[slug], **row} for slug, row in changes.new_variants],
    )
    connection.run_many(_CHANGE_VARIANT, changes.changed_variants)
    skus = [row["sku"] for _, row in changes.new_variants]
    added: dict[str, int] = dict(connection.rows(_BY_SKU, skus=skus)) if skus else {}
    return {**changes.variant_ids, **added}


def _write_prices(
    connection: Connection,
    changes: Changes,
    product_ids: dict[str, int],
    variant_ids: dict[str, int],
    *,
    cause: Cause,
    now: int,
) -> None:
    """First prices of new variants, which have no history yet, and then those that change."""
    new = {row["sku"] for _, row in changes.new_variants}
    owners = {product_ids[slug] for slug in changes.priced}
    priced: dict[bool, list[tuple[int, PriceInput]]] = {True: [], False: []}
    for sku, channel_id, price in changes.prices:
        priced[sku in new].append((variant_ids[sku], price_input(channel_id, price)))
    for prices in priced.values():
        prices.sort(key=lambda one: (one[0], one[1].channel_id))
    if priced[True]:
        add_prices(connection, priced[True], product_ids=owners, cause=cause, now=now)
    if priced[False]:
        save_prices(connection, priced[False], product_ids=owners, cause=cause, now=now)


def _write_stock(
    connection: Connection,
    changes: Changes,
    variant_ids: dict[str, int],
    *,
    now: int,
    actor: str,
    note: str,
    reference: str,
) -> None:
    if changes.new_levels:
        open_levels(connection, ((variant_ids[sku], house) for sku, house in changes.new_levels))
    moves = [
        Move(variant_ids[one.sku], one.warehouse_id, one.change, 0, one.reason, note, reference)
        for one in changes.stock
    ]
    move(connection, moves, now=now, actor=actor)


def _write_relations(connection: Connection, changes: Changes, product_ids: dict[str, int]) -> None:
    connection.run_many(_FORGET_VALUE, _pairs(changes.values_gone, product_ids, "other"))
    connection.run_many(
        _SET_VALUE,
        [
            {"product_id": product_ids[slug], "attribute_id": attribute_id, "value": value}
            for slug, attribute_id, value in changes.values
        ],
    )
    for name, made in _LEAVE.items():
        connection.run_many(made, _pairs(changes.left[name], product_ids, "other"))
    for name, table in (("categories", product_categories), ("tags", product_tags)):
        connection.insert_many(table, _pairs(changes.joined[name], product_ids, _COLUMN[name]))
    joined = _pairs(changes.joined["collections"], product_ids, _COLUMN["collections"])
    connection.run_many(JOIN_COLLECTION, joined)
    connection.run_many(
        _PUBLISH,
        [
            {"product_id": product_ids[slug], "channel_id": channel_id, "published_at": at}
            for slug, channel_id, at in changes.published
        ],
    )


def _pairs(
    pairs: Iterable[tuple[str, int]], product_ids: dict[str, int], other: str
) -> list[dict[str, int]]:
    return [{"product_id": product_ids[slug], other: row} for slug, row in pairs]
