"""Two revisions compared field by field, as staff see them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, select

from storeql.db import Connection, any_of, statement
from storeql.storefront.bodies import Kind, read
from storeql.storefront.field_texts import field_texts
from storeql.storefront.links import slugs_of
from storeql.storefront.tables import storefront_contents, storefront_revisions

_content, _revision = storefront_contents.c, storefront_revisions.c
_TWO = statement(
    select(_revision.number, _content.kind, _revision.body)
    .select_from(
        storefront_revisions.join(storefront_contents, _content.id == _revision.content_id)
    )
    .where(_revision.content_id == bindparam("content_id"), any_of(_revision.number, "numbers"))
)


class FieldChange(Struct, frozen=True, kw_only=True):
    """A field that differs, under its name in the API; None on the side where there is nothing."""

    path: str
    before: str | None
    after: str | None


def difference(
    connection: Connection, content_id: int, *, before: int, after: int
) -> Sequence[FieldChange] | None:
    """What changed from one revision to another; None when one of them does not exist."""
    rows = connection.rows(_TWO, content_id=content_id, numbers=sorted({before, after}))
    bodies = {number: read(Kind(kind), body) for number, kind, body in rows}
    if before not in bodies or after not in bodies:
        return None
    slugs = slugs_of(connection, bodies.values())
    old, new = (dict(field_texts(bodies[number], slugs)) for number in (before, after))
    return [
        FieldChange(path=path, before=old.get(path), after=new.get(path))
        for path in dict.fromkeys((*old, *new))
        if old.get(path) != new.get(path)
    ]
