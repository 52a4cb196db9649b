"""Root fields of the storefront: what a channel shows, and what staff work on."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission, require
from storeql.errors import BadInput
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, field
from storeql.schema.ids import read_id
from storeql.schema.mutation import context_of
from storeql.schema.node import refetches
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of
from storeql.schema.storefront.types import (
    CONTENT,
    Banner,
    ContentFieldChange,
    ContentRevision,
    Menu,
    Page,
)
from storeql.storefront import difference, resolvers
from storeql.storefront.bodies import Kind
from storeql.storefront.resolvers import Look

Info_: TypeAlias = Info[Any, Any]

Slug: TypeAlias = Annotated[str, argument("Its slug.")]
ChannelSlug: TypeAlias = Annotated[
    str | None, argument("The channel to look through; the shop's default one when left out.")
]
Drafts: TypeAlias = Annotated[
    bool, argument("Show the newest revision of everything; needs MANAGE_CONTENT.")
]
At: TypeAlias = Annotated[
    DateTime | None, argument("Show it as it is at this instant; needs MANAGE_CONTENT.")
]
ContentId: TypeAlias = Annotated[strawberry.ID, argument("The id of a page, banner or menu.")]

KINDS = {"Page": Kind.PAGE, "Banner": Kind.BANNER, "Menu": Kind.MENU}


@strawberry.type
class StorefrontQuery:
    """Root fields of the storefront."""

    @field("The page a channel shows under a slug; null for none.")
    def page(
        self,
        info: Info_,
        slug: Slug,
        channel: ChannelSlug = None,
        drafts: Drafts = False,
        at: At = None,
    ) -> Page | None:
        return _one(info, Kind.PAGE, slug, _look(info, channel, drafts, at))  # type: ignore[no-any-return]

    @field("The pages a channel shows, by slug.")
    def pages(
        self,
        info: Info_,
        channel: ChannelSlug = None,
        drafts: Drafts = False,
        at: At = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Page]:
        return resolvers.content_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            kind=Kind.PAGE,
            look=_look(info, channel, drafts, at),
            page=page_request(first, after, last, before),
        )

    @field("The menu a channel shows under a slug; null for none.")
    def menu(
        self,
        info: Info_,
        slug: Slug,
        channel: ChannelSlug = None,
        drafts: Drafts = False,
        at: At = None,
    ) -> Menu | None:
        return _one(info, Kind.MENU, slug, _look(info, channel, drafts, at))  # type: ignore[no-any-return]

    @field("The menus a channel shows, by slug.")
    def menus(
        self,
        info: Info_,
        channel: ChannelSlug = None,
        drafts: Drafts = False,
        at: At = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Menu]:
        return resolvers.content_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            kind=Kind.MENU,
            look=_look(info, channel, drafts, at),
            page=page_request(first, after, last, before),
        )

    @field("The banners that hang in a place of a channel, in their order; at most 100.")
    def banners(
        self,
        info: Info_,
        place: Annotated[str, argument("The place, such as home-top.")],
        channel: ChannelSlug = None,
        drafts: Drafts = False,
        at: At = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Banner]:
        return resolvers.banner_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            place=place,
            look=_look(info, channel, drafts, at),
            page=page_request(first, after, last, before),
        )

    @field("All that a page, banner or menu ever said, newest first.", CONTENT)
    def content_revisions(
        self,
        info: Info_,
        id: ContentId,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ContentRevision] | None:
        return resolvers.revision_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            content_id=content_of(id)[1],
            now=context_of(info).now,
            page=page_request(first, after, last, before),
        )

    @field("What differs between two revisions; null when one of them does not exist.", CONTENT)
    def content_difference(
        self,
        info: Info_,
        id: ContentId,
        from_revision: Annotated[int, argument("The number of the one revision.")],
        to_revision: Annotated[int, argument("The number of the other.")],
    ) -> Sequence[ContentFieldChange] | None:
        return difference.difference(  # type: ignore[return-value]
            context_of(info).connection,
            content_of(id)[1],
            before=from_revision,
            after=to_revision,
        )


def content_of(opaque: strawberry.ID) -> tuple[Kind, int]:
    """Kind and row number of a content; raises BadInput for the id of anything else."""
    name, row = read_id(opaque)
    if name not in KINDS:
        raise BadInput(f"This is the id of a {name}, not of a page, banner or menu.")
    return KINDS[name], row


def _look(info: Info_, channel: str | None, drafts: bool, at: int | None) -> Look:
    context = context_of(info)
    if drafts or at is not None:
        require(context.actor, Permission.MANAGE_CONTENT)
    if channel is not None and "\0" in channel:
        raise BadInput("A channel's slug cannot hold the character NUL.")
    return Look(now=context.now if at is None else at, channel=channel, drafts=drafts)


def _one(info: Info_, kind: Kind, slug: str, look: Look) -> Any:
    return resolvers.content_by_slug(context_of(info).connection, kind=kind, slug=slug, look=look)


def _again(kind: Kind) -> Any:
    """How content of a kind is read again: as shoppers see it now, with the drafts for staff."""

    def read(info: Info_, rows: list[int]) -> dict[int, Any]:
        context = context_of(info)
        look = Look(now=context.now, drafts=CONTENT in context.granted)
        return dict(resolvers.contents_by_id(context.connection, rows, look=look, kind=kind))

    return read


for _name, _kind in KINDS.items():
    refetches(_name)(_again(_kind))
