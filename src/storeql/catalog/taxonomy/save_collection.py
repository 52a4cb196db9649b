"""Creates, changes and deletes collections; what stands in them is `collect`'s."""

from __future__ import annotations

from msgspec import UNSET

from storeql.catalog.inputs import DescribedInput, DescribedUpdate
from storeql.catalog.named_rows import NamedRows
from storeql.catalog.records import Collection
from storeql.catalog.tables import collections
from storeql.db import Connection
from storeql.inputs import Fields

COLLECTIONS = NamedRows(collections, Collection, "collection")


def create_collection(connection: Connection, given: DescribedInput) -> int:
    """Adds an empty collection and returns its row number; raises Rejected with all problems."""
    fields = Fields()
    description = fields.block("description", given.description)
    return COLLECTIONS.add(connection, fields, given, description=description)


def update_collection(connection: Connection, change: DescribedUpdate) -> None:
    """Changes a collection's name, slug or description."""
    fields = Fields()
    collection = COLLECTIONS.locked(connection, change.id, change.expected_version)
    values = dict(COLLECTIONS.names(connection, fields, collection, change))
    if change.description is not UNSET:
        values["description"] = fields.block("description", change.description)
    COLLECTIONS.save(connection, fields, collection, **values)


def delete_collection(
    connection: Connection, collection_id: int, *, expected_version: int | None = None
) -> None:
    """Deletes a collection; its products stay."""
    COLLECTIONS.locked(connection, collection_id, expected_version)
    COLLECTIONS.delete(connection, collection_id)
