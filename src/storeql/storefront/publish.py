"""Shows a revision from an instant on, takes content down, and deletes it.

Nothing has to happen at the instant itself: reads compare it with theirs.
"""

from __future__ import annotations

from sqlalchemy import bindparam, delete, or_, update

from storeql.db import Connection, statement
from storeql.inputs import Fields
from storeql.storefront.bodies import Kind
from storeql.storefront.held import hold
from storeql.storefront.inputs import Publication
from storeql.storefront.tables import storefront_contents, storefront_revisions

_content, _revision = storefront_contents.c, storefront_revisions.c
_at = bindparam("at", type_=_revision.published_at.type)
_of_content = _revision.content_id == bindparam("b_content_id")

_PUBLISH = statement(
    update(storefront_revisions).where(_of_content, _revision.number == bindparam("b_number")),
    "published_at",
    "withdrawn_at",
)
_CLOSE = statement(
    update(storefront_revisions)
    .where(
        _of_content,
        _revision.published_at < _at,
        or_(_revision.withdrawn_at.is_(None), _revision.withdrawn_at > _at),
    )
    .values(withdrawn_at=_at)
)
_UNSCHEDULE = statement(
    update(storefront_revisions)
    .where(_of_content, _revision.published_at >= _at)
    .values(published_at=None, withdrawn_at=None)
)
_TOUCH = statement(
    update(storefront_contents)
    .where(_content.id == bindparam("b_id"))
    .values(version=_content.version + 1),
    "updated_at",
)
_DELETE = statement(delete(storefront_contents).where(_content.id == bindparam("b_id")))


def publish(connection: Connection, wanted: Publication, kind: Kind, *, now: int) -> None:
    """Shows a revision from `at` (never before `now`) until `until`, or for good.

    While several revisions could be shown, the one published last is: after a revision with an
    end, the one before it returns. Publishing an old revision again restores it. Raises Rejected
    with all problems.
    """
    held = hold(connection, wanted.id, wanted.expected_version, kind)
    fields = Fields()
    number = held.newest if wanted.revision is None else wanted.revision
    if not 1 <= number <= held.newest:
        fields.missing("revision", "revision")
    at = now if wanted.at is None else max(wanted.at, now)
    if wanted.until is not None and wanted.until <= at:
        fields.report("INVALID_PERIOD", "The end must come after the start.", "until")
    fields.refuse_problems()
    connection.run(
        _PUBLISH,
        b_content_id=held.id,
        b_number=number,
        published_at=at,
        withdrawn_at=wanted.until,
    )
    connection.run(_TOUCH, b_id=held.id, updated_at=now)


def withdraw(
    connection: Connection,
    content_id: int,
    kind: Kind,
    *,
    expected_version: int,
    at: int | None,
    now: int,
) -> None:
    """Takes content down at `at` (None for now), with every revision that was to be shown later."""
    held = hold(connection, content_id, expected_version, kind)
    instant = now if at is None else max(at, now)
    connection.run(_CLOSE, b_content_id=held.id, at=instant)
    connection.run(_UNSCHEDULE, b_content_id=held.id, at=instant)
    connection.run(_TOUCH, b_id=held.id, updated_at=now)


def delete_content(
    connection: Connection, content_id: int, kind: Kind, *, expected_version: int | None
) -> None:
    """Deletes content with all its revisions; menus that lead to it lose the entry."""
    held = hold(connection, content_id, expected_version, kind)
    connection.run(_DELETE, b_id=held.id)
