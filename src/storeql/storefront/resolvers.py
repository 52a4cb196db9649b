"""The shared reads of the storefront: what is shown at an instant, and what staff work on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from storeql.catalog.finding.filters import in_channel
from storeql.catalog.tables import channels
from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    page_of_list,
    window_of,
    windowed,
)
from storeql.storefront.bodies import Kind, read
from storeql.storefront.build import built
from storeql.storefront.field_texts import field_texts
from storeql.storefront.links import slugs_of
from storeql.storefront.records import Banner, Content, FieldText, Revision, standing
from storeql.storefront.tables import storefront_contents, storefront_revisions

MOST_BANNERS = 100

_content, _revision = storefront_contents.c, storefront_revisions.c
COLUMNS = (
    _content.id,
    _content.kind,
    _content.slug,
    channels.c.slug,
    _content.place,
    _content.position,
    _content.version,
    _content.updated_at,
    _revision.number,
    _revision.published_at,
    _revision.withdrawn_at,
    _revision.body,
)


class Look(Struct, frozen=True, kw_only=True):
    """Whose eyes a read has: a channel's shoppers at an instant, or staff with the drafts.

    `channel` is a slug, None for the default channel. With `drafts` the newest revision of
    everything is read, published or not.
    """

    now: int
    channel: str | None = None
    drafts: bool = False

    @property
    def params(self) -> dict[str, Any]:
        """The parameters of a read with these eyes."""
        named = {} if self.channel is None else {"channel": self.channel}
        return named if self.drafts else {**named, "at": self.now}


def content_by_slug(connection: Connection, *, kind: Kind, slug: str, look: Look) -> Content | None:
    """What the channel shows under this slug: its own content, else that of every channel."""
    if "\0" in slug:
        return None
    query = _by_slug(look.channel is not None, look.drafts)
    rows = connection.rows(query, kind=kind.value, slug=slug, **look.params)
    found = _records(connection, rows, look.now)
    return found[0] if found else None


def contents_by_id(
    connection: Connection, ids: Iterable[int], *, look: Look, kind: Kind | None = None
) -> dict[int, Content]:
    """Content by row number, in any channel; what is not shown is left out."""
    rows = connection.rows(_by_ids(look.drafts), ids=sorted(ids), **_timed(look))
    found = _records(connection, rows, look.now)
    return {one.id: one for one in found if kind is None or one.kind is kind}


def content_page(
    connection: Connection, selection: Selection, *, kind: Kind, look: Look, page: PageRequest
) -> Page[Content]:
    """Content of a kind by slug, as the channel shows it."""
    window = window_of(page, kind.value, str)
    named = look.channel is not None
    query = _listing(named, look.drafts, window.shape)
    given = {"kind": kind.value, **look.params}
    rows, more = cut(connection.rows(query, **given, **window.params), window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count(named, look.drafts), **given)
    nodes = _records(connection, rows, look.now) if node_selection(selection).names else rows

    def cursor(place: int) -> str:
        return make_cursor(kind.value, rows[place][2], rows[place][0])

    return page_of(nodes, window, more, selection, cursor, total)


def banner_page(
    connection: Connection, selection: Selection, *, place: str, look: Look, page: PageRequest
) -> Page[Banner]:
    """The banners of a place in their order; a place shows at most 100."""
    query = _in_place(look.channel is not None, look.drafts)
    given = {"kind": Kind.BANNER.value, "place": place, **look.params}
    rows = [] if "\0" in place else connection.rows(query, **given)
    banners: list[Banner] = _records(connection, rows, look.now)  # type: ignore[assignment]
    return page_of_list(banners, page, selection, sort="POSITION")


def revision_page(
    connection: Connection, selection: Selection, *, content_id: int, now: int, page: PageRequest
) -> Page[Revision]:
    """The revisions of a content, newest first."""
    window = window_of(page, "NUMBER")
    found = connection.rows(_revisions(window.shape), content_id=content_id, **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_COUNT_REVISIONS, content_id=content_id)
    nodes = _revisions_of(connection, rows, now)

    def cursor(at: int) -> str:
        return make_cursor("NUMBER", nodes[at].number, nodes[at].id)

    return page_of(nodes, window, more, selection, cursor, total)


def _timed(look: Look) -> dict[str, Any]:
    return {} if look.drafts else {"at": look.now}


def _shown(drafts: bool) -> Select[Any]:
    """Content joined to the revision that these eyes see."""
    source = storefront_contents.outerjoin(channels, channels.c.id == _content.channel_id)
    if drafts:
        seen: ColumnElement[bool] = _revision.number == _content.newest
    else:
        seen = _revision.id == _last_published()
    joined = source.join(storefront_revisions, and_(_revision.content_id == _content.id, seen))
    return select(*COLUMNS).select_from(joined)


def _last_published() -> Any:
    other = storefront_revisions.alias("other")
    at = bindparam("at", type_=other.c.published_at.type)
    return (
        select(other.c.id)
        .where(
            other.c.content_id == _content.id,
            other.c.published_at <= at,
            or_(other.c.withdrawn_at.is_(None), other.c.withdrawn_at > at),
        )
        .order_by(other.c.published_at.desc(), other.c.number.desc())
        .limit(1)
        .correlate(storefront_contents)
        .scalar_subquery()
    )


def _here(has_channel: bool) -> ColumnElement[bool]:
    """Content of the channel and of every channel."""
    own = select(channels.c.id).where(in_channel(has_channel)).correlate(None).scalar_subquery()
    return or_(_content.channel_id.is_(None), _content.channel_id == own)


@lru_cache(maxsize=8)
def _by_slug(has_channel: bool, drafts: bool) -> Statement:
    query = _shown(drafts).where(
        _content.kind == bindparam("kind"), _content.slug == bindparam("slug"), _here(has_channel)
    )
    return statement(query.order_by(_content.channel_id.is_(None), _content.id).limit(1))


@lru_cache(maxsize=2)
def _by_ids(drafts: bool) -> Statement:
    return statement(_shown(drafts).where(any_of(_content.id, "ids")).order_by(_content.id))


@lru_cache(maxsize=16)
def _listing(has_channel: bool, drafts: bool, shape: tuple[bool, bool]) -> Statement:
    query = _shown(drafts).where(_content.kind == bindparam("kind"), _here(has_channel))
    return statement(windowed(query, shape, value=_content.slug, row=_content.id))


@lru_cache(maxsize=4)
def _count(has_channel: bool, drafts: bool) -> Statement:
    query = _shown(drafts).where(_content.kind == bindparam("kind"), _here(has_channel))
    return statement(select(func.count()).select_from(query.subquery()))


@lru_cache(maxsize=4)
def _in_place(has_channel: bool, drafts: bool) -> Statement:
    query = _shown(drafts).where(
        _content.kind == bindparam("kind"),
        _content.place == bindparam("place"),
        _here(has_channel),
    )
    return statement(query.order_by(_content.position, _content.id).limit(MOST_BANNERS))


@lru_cache(maxsize=4)
def _revisions(shape: tuple[bool, bool]) -> Statement:
    query = (
        select(
            _revision.id,
            _revision.number,
            _revision.actor,
            _revision.created_at,
            _revision.published_at,
            _revision.withdrawn_at,
            _revision.body,
            _content.kind,
        )
        .select_from(
            storefront_revisions.join(storefront_contents, _content.id == _revision.content_id)
        )
        .where(_revision.content_id == bindparam("content_id"))
    )
    return statement(
        windowed(query, shape, value=_revision.number, row=_revision.id, descending=True)
    )


_COUNT_REVISIONS = statement(
    select(func.count())
    .select_from(storefront_revisions)
    .where(_revision.content_id == bindparam("content_id"))
)


def _records(connection: Connection, rows: Sequence[Any], now: int) -> list[Content]:
    bodies = [read(Kind(row[1]), row[-1]) for row in rows]
    slugs = slugs_of(connection, bodies)
    return [built(row, body, slugs, now) for row, body in zip(rows, bodies, strict=True)]


def _revisions_of(connection: Connection, rows: Sequence[Any], now: int) -> list[Revision]:
    bodies = [read(Kind(row[7]), row[6]) for row in rows]
    slugs = slugs_of(connection, bodies)
    return [
        Revision(
            id=row[0],
            number=row[1],
            actor=row[2],
            created_at=row[3],
            published_at=row[4],
            withdrawn_at=row[5],
            standing=standing(row[4], row[5], now),
            fields=tuple(FieldText(*one) for one in field_texts(body, slugs)),
        )
        for row, body in zip(rows, bodies, strict=True)
    ]
