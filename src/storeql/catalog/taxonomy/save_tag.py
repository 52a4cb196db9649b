"""Creates, renames and deletes tags."""

from __future__ import annotations

from storeql.catalog.inputs import NamedInput, NamedUpdate
from storeql.catalog.named_rows import NamedRows
from storeql.catalog.products.rows import products_of_tag, reindex
from storeql.catalog.records import Tag
from storeql.catalog.tables import tags
from storeql.db import Connection
from storeql.inputs import Fields

TAGS = NamedRows(tags, Tag, "tag")


def create_tag(connection: Connection, given: NamedInput) -> int:
    """Adds a tag and returns its row number; raises Rejected with all problems."""
    return TAGS.add(connection, Fields(), given)


def update_tag(connection: Connection, change: NamedUpdate) -> None:
    """Renames a tag; its products are found by the new name at once."""
    fields = Fields()
    tag = TAGS.locked(connection, change.id, change.expected_version)
    names = TAGS.names(connection, fields, tag, change)
    TAGS.save(connection, fields, tag, **names)
    if names["name"] != tag.name:
        reindex(connection, products_of_tag(connection, tag.id))


def delete_tag(connection: Connection, tag_id: int, *, expected_version: int | None = None) -> None:
    """Deletes a tag and takes it off its products."""
    TAGS.locked(connection, tag_id, expected_version)
    carrying = products_of_tag(connection, tag_id)
    TAGS.delete(connection, tag_id)
    reindex(connection, carrying)
