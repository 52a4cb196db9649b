"""Puts products into collections and under tags, many at once, and orders a collection by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from sqlalchemy import bindparam, delete, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.catalog.inputs import Placement
from storeql.catalog.products.places import JOIN_COLLECTION, MOST_COLLECTIONS, MOST_TAGS
from storeql.catalog.products.rows import locked_products, reindex
from storeql.catalog.tables import collection_products, product_tags
from storeql.catalog.taxonomy.save_collection import COLLECTIONS
from storeql.catalog.taxonomy.save_tag import TAGS
from storeql.db import Connection, any_of, statement
from storeql.inputs import Fields

MOST_AT_ONCE = 100

_member = collection_products.c
_MEMBERS = statement(
    select(_member.product_id)
    .where(_member.collection_id == bindparam("id"))
    .order_by(_member.position, _member.product_id)
)
_LEAVE = statement(
    delete(collection_products).where(
        _member.collection_id == bindparam("id"), any_of(_member.product_id, "product_ids")
    )
)
_IN_TOO_MANY = statement(
    select(_member.product_id)
    .where(any_of(_member.product_id, "ids"))
    .group_by(_member.product_id)
    .having(func.count() > literal_column(str(MOST_COLLECTIONS)))
)
_UNDER_TOO_MANY = statement(
    select(product_tags.c.product_id)
    .where(any_of(product_tags.c.product_id, "ids"))
    .group_by(product_tags.c.product_id)
    .having(func.count() > literal_column(str(MOST_TAGS)))
)
_PLACE = statement(
    update(collection_products).where(
        _member.collection_id == bindparam("b_collection"),
        _member.product_id == bindparam("b_product"),
    ),
    "position",
)
_TAG = statement(insert(product_tags).on_conflict_do_nothing(), "product_id", "tag_id")
_UNTAG = statement(
    delete(product_tags).where(
        product_tags.c.tag_id == bindparam("id"), any_of(product_tags.c.product_id, "product_ids")
    )
)


def add_to_collection(
    connection: Connection, collection_id: int, product_ids: Sequence[int]
) -> None:
    """Puts products at the end of a collection; those in it already stay where they are."""
    collection = COLLECTIONS.locked(connection, collection_id, None)
    checked = _known_products(connection, product_ids)
    entries = [{"collection_id": collection_id, "product_id": one} for one in checked]
    connection.run_many(JOIN_COLLECTION, entries)
    full = {row[0] for row in connection.rows(_IN_TOO_MANY, ids=checked)}
    _refuse_full(product_ids, full, f"A product is in at most {MOST_COLLECTIONS} collections.")
    COLLECTIONS.save(connection, Fields(), collection)


def remove_from_collection(
    connection: Connection, collection_id: int, product_ids: Sequence[int]
) -> None:
    """Takes products out of a collection."""
    checked = _checked(product_ids)
    collection = COLLECTIONS.locked(connection, collection_id, None)
    connection.run(_LEAVE, id=collection_id, product_ids=checked)
    COLLECTIONS.save(connection, Fields(), collection)


def reorder_collection(
    connection: Connection,
    collection_id: int,
    moves: Sequence[Placement],
    *,
    expected_version: int | None = None,
) -> None:
    """Moves products within a collection, one after the other; raises Rejected."""
    fields = Fields()
    fields.count("moves", moves, least=1, most=MOST_AT_ONCE)
    fields.refuse_problems()
    collection = COLLECTIONS.locked(connection, collection_id, expected_version)
    before = [row[0] for row in connection.rows(_MEMBERS, id=collection_id)]
    after = _moved(fields, before, moves)
    fields.refuse_problems()
    connection.run_many(
        _PLACE,
        [
            {"b_collection": collection_id, "b_product": product_id, "position": position}
            for position, product_id in enumerate(after)
        ],
    )
    COLLECTIONS.save(connection, fields, collection)


def tag_products(connection: Connection, tag_id: int, product_ids: Sequence[int]) -> None:
    """Puts a tag on products; they are found by its name."""
    TAGS.locked(connection, tag_id, None)
    checked = _known_products(connection, product_ids)
    connection.run_many(_TAG, [{"product_id": one, "tag_id": tag_id} for one in checked])
    full = {row[0] for row in connection.rows(_UNDER_TOO_MANY, ids=checked)}
    _refuse_full(product_ids, full, f"A product has at most {MOST_TAGS} tags.")
    reindex(connection, checked)


def untag_products(connection: Connection, tag_id: int, product_ids: Sequence[int]) -> None:
    """Takes a tag off products."""
    checked = _checked(product_ids)
    TAGS.locked(connection, tag_id, None)
    locked = locked_products(connection, checked)
    connection.run(_UNTAG, id=tag_id, product_ids=checked)
    reindex(connection, locked)


def _refuse_full(product_ids: Sequence[int], full: Set[int], message: str) -> None:
    fields = Fields()
    for place, product_id in enumerate(product_ids):
        if product_id in full:
            fields.report("TOO_MANY", message, "productIds", str(place))
    fields.refuse_problems()


def _moved(fields: Fields, before: Iterable[int], moves: Sequence[Placement]) -> list[int]:
    order = list(before)
    for entry, asked in zip(fields.each("moves", len(moves)), moves, strict=True):
        entry.whole("position", asked.position, most=max(len(order) - 1, 0))
        if asked.product_id not in order:
            entry.missing("product in this collection", "productId")
            continue
        order.remove(asked.product_id)
        order.insert(asked.position, asked.product_id)
    return order


def _checked(product_ids: Sequence[int]) -> list[int]:
    fields = Fields()
    fields.count("productIds", product_ids, least=1, most=MOST_AT_ONCE)
    fields.refuse_problems()
    return list(dict.fromkeys(product_ids))


def _known_products(connection: Connection, product_ids: Sequence[int]) -> list[int]:
    fields = Fields()
    checked = _checked(product_ids)
    known = locked_products(connection, checked)
    for place, product_id in enumerate(product_ids):
        if product_id not in known:
            fields.missing("product", "productIds", str(place))
    fields.refuse_problems()
    return checked
