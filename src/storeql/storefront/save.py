"""Creates content and changes it; what it says is a new revision that waits to be shown."""

from __future__ import annotations

import secrets
from contextlib import AbstractContextManager

import msgspec
from msgspec import UNSET
from sqlalchemy import bindparam, insert, select, update

from storeql.catalog.constraints import refusing_duplicates
from storeql.catalog.known_ids import known_ids
from storeql.catalog.slugs import checked_slug, slug_of
from storeql.catalog.tables import channels
from storeql.db import Connection, statement
from storeql.errors import Problem
from storeql.inputs import MOST_PIECES, Fields
from storeql.storefront.bodies import BODIES, Body, Kind, checked, read, stored
from storeql.storefront.held import Held, hold
from storeql.storefront.inputs import ContentInput, ContentUpdate
from storeql.storefront.links import check_targets
from storeql.storefront.tables import storefront_contents, storefront_revisions

TAKEN = "This slug is already in use."
# As PostgreSQL and SQLite name them: a channel's own content, and that of every channel.
SLUG_INDEXES = (
    "storefront_contents.own",
    "storefront_contents.common",
    "storefront_contents.kind, storefront_contents.slug, storefront_contents.channel_id",
    "storefront_contents.kind, storefront_contents.slug",
)

_content, _revision = storefront_contents.c, storefront_revisions.c
_TAKEN = statement(
    select(_content.id).where(
        _content.kind == bindparam("kind"),
        _content.slug == bindparam("slug"),
        _content.channel_id.is_not_distinct_from(bindparam("channel_id")),
        _content.id != bindparam("but"),
    )
)
_ADD = statement(
    insert(storefront_contents).returning(_content.id),
    "kind",
    "slug",
    "channel_id",
    "place",
    "position",
    "created_at",
    "updated_at",
)
_ADD_REVISION = statement(
    insert(storefront_revisions), "content_id", "number", "body", "actor", "created_at"
)
_NEWEST = statement(
    select(_revision.body).where(
        _revision.content_id == bindparam("content_id"), _revision.number == bindparam("number")
    )
)
_SAVE = statement(
    update(storefront_contents)
    .where(_content.id == bindparam("b_id"))
    .values(version=_content.version + 1),
    "slug",
    "place",
    "position",
    "newest",
    "updated_at",
)


def create_content(connection: Connection, given: ContentInput, *, actor: str, now: int) -> int:
    """The row number of new content, a draft until it is published.

    Raises Rejected with all problems.
    """
    fields, kind = Fields(), _kind_of(given.body)
    body = checked(fields, given.body)
    check_targets(connection, fields, body)
    channel_id = _channel(connection, fields, given.channel_id)
    slug = checked_slug(fields, given.slug) if given.slug else _slug_from(body)
    _check_free(connection, fields, kind=kind, slug=slug, channel_id=channel_id)
    place = _place(fields, kind, given.place)
    position = fields.whole("position", given.position, most=MOST_PIECES)
    fields.refuse_problems()
    with _refusing_taken():
        content_id: int = connection.scalar(
            _ADD,
            kind=kind.value,
            slug=slug,
            channel_id=channel_id,
            place=place,
            position=position,
            created_at=now,
            updated_at=now,
        )
    _add_revision(connection, content_id, 1, body, actor=actor, now=now)
    return content_id


def update_content(
    connection: Connection, change: ContentUpdate, kind: Kind, *, actor: str, now: int
) -> None:
    """Changes content; raises Rejected with all problems.

    A body that differs from the newest revision becomes the next one. What is shown stays.
    """
    held = hold(connection, change.id, change.expected_version, kind)
    fields = Fields()
    before = read(kind, connection.scalar(_NEWEST, content_id=held.id, number=held.newest))
    after = checked(fields, msgspec.structs.replace(before, **change.body))
    if after != before:
        check_targets(connection, fields, after)
    slug = _changed_slug(connection, fields, held, change)
    place = held.place if change.place is UNSET else _place(fields, kind, change.place)
    position = held.position if change.position is UNSET else change.position
    fields.whole("position", position, most=MOST_PIECES)
    fields.refuse_problems()
    newest = held.newest + (after != before)
    values = {"slug": slug, "place": place, "position": position, "newest": newest}
    with _refusing_taken():
        connection.run(_SAVE, b_id=held.id, updated_at=now, **values)
    if newest != held.newest:
        _add_revision(connection, held.id, newest, after, actor=actor, now=now)


def _add_revision(
    connection: Connection, content_id: int, number: int, body: Body, *, actor: str, now: int
) -> None:
    connection.run(
        _ADD_REVISION,
        content_id=content_id,
        number=number,
        body=stored(body),
        actor=actor,
        created_at=now,
    )


def _kind_of(body: Body) -> Kind:
    return next(kind for kind, of in BODIES.items() if isinstance(body, of))


def _channel(connection: Connection, fields: Fields, channel_id: int | None) -> int | None:
    if channel_id is not None and channel_id not in known_ids(connection, channels, [channel_id]):
        fields.missing("channel", "channelId")
    return channel_id


def _slug_from(body: Body) -> str:
    return slug_of(body.title) or secrets.token_hex(4)


def _changed_slug(connection: Connection, fields: Fields, held: Held, change: ContentUpdate) -> str:
    if change.slug is UNSET:
        return held.slug
    slug = checked_slug(fields, change.slug)
    _check_free(
        connection, fields, kind=held.kind, slug=slug, channel_id=held.channel_id, but=held.id
    )
    return slug


def _check_free(
    connection: Connection,
    fields: Fields,
    *,
    kind: Kind,
    slug: str,
    channel_id: int | None,
    but: int = 0,
) -> None:
    if "\0" in slug:
        return
    found = connection.one(_TAKEN, kind=kind.value, slug=slug, channel_id=channel_id, but=but)
    if found is not None:
        fields.report("TAKEN", TAKEN, "slug")


def _refusing_taken() -> AbstractContextManager[None]:
    """For the moment after looking, in which somebody else may take the slug."""
    problem = Problem(code="TAKEN", message=TAKEN, field=("slug",))
    return refusing_duplicates(dict.fromkeys(SLUG_INDEXES, problem))


def _place(fields: Fields, kind: Kind, typed: str) -> str:
    if kind is not Kind.BANNER:
        return ""
    place = fields.line("place", typed, most=100)
    if place and place != slug_of(place):
        message = "A place is named like a slug: lower-case letters, digits and single hyphens."
        fields.report("INVALID_SLUG", message, "place")
    return place
