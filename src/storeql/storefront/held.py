"""Content as writes hold it: nobody else's to change until the transaction ends."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, select

from storeql.db import Connection, statement
from storeql.errors import Rejected, StaleVersion, refuse
from storeql.storefront.bodies import Kind
from storeql.storefront.tables import storefront_contents

_content = storefront_contents.c
_HOLD = statement(
    select(
        _content.id,
        _content.kind,
        _content.slug,
        _content.channel_id,
        _content.place,
        _content.position,
        _content.newest,
        _content.version,
    )
    .where(_content.id == bindparam("id"))
    .with_for_update()
)


class Held(Struct, frozen=True):
    """The row of a content."""

    id: int
    kind: Kind
    slug: str
    channel_id: int | None
    place: str
    position: int
    newest: int
    version: int


def hold(connection: Connection, content_id: int, expected: int | None, kind: Kind) -> Held:
    """The content; raises Rejected when there is none of the kind, or its version is another."""
    row = connection.one(_HOLD, id=content_id)
    if row is None or row[1] != kind.value:
        raise refuse("NOT_FOUND", f"There is no such {kind.value.lower()}.", "id")
    held = Held(row[0], Kind(row[1]), *row[2:])
    if expected is not None and expected != held.version:
        message = f"This changed after you read it: its version is {held.version} now."
        problem = StaleVersion(message=message, field=("expectedVersion",), current=held.version)
        raise Rejected([problem])
    return held
