"""Where a product stands: its categories, its collections, its tags."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import BigInteger, Table, bindparam, delete, func, insert, select
from sqlalchemy.dialects.postgresql import insert as insert_new

from storeql.catalog.constraints import refusing_use
from storeql.catalog.inputs import ProductInput, ProductUpdate
from storeql.catalog.known_ids import known_ids
from storeql.catalog.tables import (
    categories,
    collection_products,
    collections,
    product_categories,
    product_tags,
    tags,
)
from storeql.db import Connection, Statement, any_of, statement
from storeql.errors import Problem
from storeql.inputs import Fields

Ids = Sequence[int] | UnsetType


class Places(Struct, frozen=True):
    """Row numbers of what a product is to stand in; UNSET leaves a relation as it is."""

    category_ids: Ids
    collection_ids: Ids
    tag_ids: Ids


class Relation:
    """Writes of one of the tables between products and what they stand in."""

    def __init__(self, table: Table, column: str, join: Statement) -> None:
        self._column = column
        self._join = join
        of_product = table.c.product_id == bindparam("product_id")
        self._now = statement(select(table.c[column]).where(of_product))
        self._leave = statement(delete(table).where(of_product, any_of(table.c[column], "ids")))

    def save(self, connection: Connection, product_id: int, ids: Ids) -> None:
        """Makes `ids` what the product stands in: touches only what changes."""
        if ids is UNSET:
            return
        current = {row[0] for row in connection.rows(self._now, product_id=product_id)}
        left = sorted(current - set(ids))
        if left:
            connection.run(self._leave, product_id=product_id, ids=left)
        connection.run_many(
            self._join,
            [{"product_id": product_id, self._column: one} for one in ids if one not in current],
        )


_last = collection_products.c
# A product that joins a collection comes last there.
JOIN_COLLECTION = statement(
    insert_new(collection_products)
    .from_select(
        ["collection_id", "product_id", "position"],
        select(
            bindparam("collection_id", type_=BigInteger),
            bindparam("product_id", type_=BigInteger),
            func.coalesce(func.max(_last.position) + 1, 0),
        ).where(_last.collection_id == bindparam("collection_id")),
    )
    .on_conflict_do_nothing()
)
CATEGORIES_OF = Relation(
    product_categories,
    "category_id",
    statement(insert(product_categories), "product_id", "category_id"),
)
COLLECTIONS_OF = Relation(collection_products, "collection_id", JOIN_COLLECTION)
TAGS_OF = Relation(product_tags, "tag_id", statement(insert(product_tags), "product_id", "tag_id"))

MOST_COLLECTIONS = MOST_TAGS = 50
CHECKS: Mapping[str, tuple[Table, str, int]] = {
    "categoryIds": (categories, "category", 20),
    "collectionIds": (collections, "collection", MOST_COLLECTIONS),
    "tagIds": (tags, "tag", MOST_TAGS),
}


def checked_places(
    connection: Connection, fields: Fields, given: ProductInput | ProductUpdate
) -> Places:
    """Where a product is to stand; whatever does not exist is noted in `fields`."""
    return Places(
        _checked(connection, fields, "categoryIds", given.category_ids),
        _checked(connection, fields, "collectionIds", given.collection_ids),
        _checked(connection, fields, "tagIds", given.tag_ids),
    )


def save_places(connection: Connection, product_id: int, places: Places) -> None:
    """Puts a product where it is to stand; Rejected when something of that just went."""
    message = "Something that is named here was just deleted: read it again."
    with refusing_use(Problem(code="NOT_FOUND", message=message)):
        CATEGORIES_OF.save(connection, product_id, places.category_ids)
        COLLECTIONS_OF.save(connection, product_id, places.collection_ids)
        TAGS_OF.save(connection, product_id, places.tag_ids)


def _checked(connection: Connection, fields: Fields, field: str, ids: Ids) -> Ids:
    if ids is UNSET:
        return UNSET
    table, noun, most = CHECKS[field]
    if not fields.count(field, ids, most=most):
        return ()
    known = known_ids(connection, table, ids)
    for place, one in enumerate(ids):
        if one not in known:
            fields.missing(noun, field, str(place))
    return tuple(dict.fromkeys(ids))
