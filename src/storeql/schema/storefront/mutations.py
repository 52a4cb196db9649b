"""Mutations of the storefront: pages, banners and menus are written, shown and taken down."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.db import Connection, Selection
from storeql.schema.fields import argument, attribute
from storeql.schema.ids import row_of
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.optional import kept, row_or_none
from storeql.schema.storefront.inputs import (
    BannerCreateInput,
    BannerUpdateInput,
    ContentDeleteInput,
    ContentPublishInput,
    ContentWithdrawInput,
    MenuCreateInput,
    MenuUpdateInput,
    PageCreateInput,
    PageUpdateInput,
    items_of,
    link_of,
)
from storeql.schema.storefront.queries import content_of
from storeql.schema.storefront.types import CONTENT, Banner, Menu, Page, StorefrontContent
from storeql.storefront.bodies import BannerBody, Kind, MenuBody, PageBody
from storeql.storefront.inputs import ContentInput, ContentUpdate, Publication
from storeql.storefront.publish import delete_content, publish, withdraw
from storeql.storefront.resolvers import Look, contents_by_id
from storeql.storefront.save import create_content, update_content

Info_: TypeAlias = Info[Any, Any]


@strawberry.type(description="A page after a change.")
class PagePayload:
    """What a change of a page answers."""

    page: Page | None = attribute("Its newest revision.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A banner after a change.")
class BannerPayload:
    """What a change of a banner answers."""

    banner: Banner | None = attribute("Its newest revision.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A menu after a change.")
class MenuPayload:
    """What a change of a menu answers."""

    menu: Menu | None = attribute("Its newest revision.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="Content after it was published or taken down.")
class ContentPayload:
    """What a publication answers."""

    content: StorefrontContent | None = attribute("Its newest revision.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="Content that was deleted.")
class ContentDeletePayload:
    """What deleting content answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class StorefrontMutation:
    """Mutations of the storefront."""

    @mutation("Writes a page.", CONTENT)
    def page_create(
        self, info: Info_, input: Annotated[PageCreateInput, argument("The page.")]
    ) -> PagePayload | None:
        body = PageBody(
            title=input.title,
            text=input.text,
            seo_title=input.seo_title,
            seo_description=input.seo_description,
        )
        return _create(info, PagePayload, "page", _content(input, body))  # type: ignore[no-any-return]

    @mutation("Changes a page; what shoppers see stays until it is published again.", CONTENT)
    def page_update(
        self, info: Info_, input: Annotated[PageUpdateInput, argument("The change.")]
    ) -> PagePayload | None:
        names = ("title", "text", "seo_title", "seo_description")
        body = {name: kept(getattr(input, name)) for name in names}
        return _update(info, PagePayload, "page", _change("Page", input, body))  # type: ignore[no-any-return]

    @mutation("Makes a banner.", CONTENT)
    def banner_create(
        self, info: Info_, input: Annotated[BannerCreateInput, argument("The banner.")]
    ) -> BannerPayload | None:
        body = BannerBody(
            title=input.title,
            text=input.text,
            image_url=input.image_url,
            image_alt=input.image_alt,
            link=link_of(input.link),
        )
        given = _content(input, body, place=input.place, position=input.position)
        return _create(info, BannerPayload, "banner", given)  # type: ignore[no-any-return]

    @mutation("Changes a banner; what it says is seen once it is published again.", CONTENT)
    def banner_update(
        self, info: Info_, input: Annotated[BannerUpdateInput, argument("The change.")]
    ) -> BannerPayload | None:
        names = ("title", "text", "image_url", "image_alt")
        body = {name: kept(getattr(input, name)) for name in names}
        if input.link is not strawberry.UNSET:
            body["link"] = link_of(input.link)
        moved = {"place": kept(input.place), "position": kept(input.position)}
        change = _change("Banner", input, body, **moved)
        return _update(info, BannerPayload, "banner", change)  # type: ignore[no-any-return]

    @mutation("Makes a menu.", CONTENT)
    def menu_create(
        self, info: Info_, input: Annotated[MenuCreateInput, argument("The menu.")]
    ) -> MenuPayload | None:
        body = MenuBody(title=input.title, items=items_of(input.items))
        return _create(info, MenuPayload, "menu", _content(input, body))  # type: ignore[no-any-return]

    @mutation("Changes a menu; what shoppers see stays until it is published again.", CONTENT)
    def menu_update(
        self, info: Info_, input: Annotated[MenuUpdateInput, argument("The change.")]
    ) -> MenuPayload | None:
        body = {"title": kept(input.title)}
        if input.items is not None and input.items is not strawberry.UNSET:
            body["items"] = items_of(input.items)
        return _update(info, MenuPayload, "menu", _change("Menu", input, body))  # type: ignore[no-any-return]

    @mutation("Shows a revision to shoppers, now or from an instant on.", CONTENT)
    def content_publish(
        self, info: Info_, input: Annotated[ContentPublishInput, argument("What, and when.")]
    ) -> ContentPayload | None:
        (kind, row), now = content_of(input.id), context_of(info).now
        wanted = Publication(
            id=row,
            expected_version=input.expected_version,
            revision=input.revision,
            at=input.at,
            until=input.until,
        )

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            publish(connection, wanted, kind, now=now)
            return _newest(connection, "content", row, now)

        return run(info, ContentPayload, work)

    @mutation("Takes content down, now or at an instant.", CONTENT)
    def content_withdraw(
        self, info: Info_, input: Annotated[ContentWithdrawInput, argument("What, and when.")]
    ) -> ContentPayload | None:
        (kind, row), now = content_of(input.id), context_of(info).now
        expected = input.expected_version

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            withdraw(connection, row, kind, expected_version=expected, at=input.at, now=now)
            return _newest(connection, "content", row, now)

        return run(info, ContentPayload, work)

    @mutation("Deletes content with all its revisions.", CONTENT)
    def content_delete(
        self, info: Info_, input: Annotated[ContentDeleteInput, argument("What.")]
    ) -> ContentDeletePayload | None:
        kind, row = content_of(input.id)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            delete_content(connection, row, kind, expected_version=input.expected_version)
            return {"deleted_id": input.id}

        return run(info, ContentDeletePayload, work)


KINDS = {"page": Kind.PAGE, "banner": Kind.BANNER, "menu": Kind.MENU}


def _content(typed: Any, body: PageBody | BannerBody | MenuBody, **where: Any) -> ContentInput:
    channel_id = row_or_none("Channel", typed.channel_id)
    return ContentInput(body=body, slug=typed.slug, channel_id=channel_id, **where)


def _change(type_name: str, typed: Any, body: dict[str, Any], **where: Any) -> ContentUpdate:
    return ContentUpdate(
        id=row_of(type_name, typed.id),
        expected_version=typed.expected_version,
        body={name: value for name, value in body.items() if value is not kept(None)},
        slug=kept(typed.slug),
        **where,
    )


def _create(info: Info_, payload: type[Any], name: str, given: ContentInput) -> Any:
    actor, now = context_of(info).actor.key, context_of(info).now

    def work(connection: Connection, selection: Selection) -> dict[str, Any]:
        row = create_content(connection, given, actor=actor, now=now)
        return _newest(connection, name, row, now)

    return run(info, payload, work)


def _update(info: Info_, payload: type[Any], name: str, change: ContentUpdate) -> Any:
    actor, now = context_of(info).actor.key, context_of(info).now

    def work(connection: Connection, selection: Selection) -> dict[str, Any]:
        update_content(connection, change, KINDS[name], actor=actor, now=now)
        return _newest(connection, name, change.id, now)

    return run(info, payload, work)


def _newest(connection: Connection, name: str, row: int, now: int) -> dict[str, Any]:
    return {name: contents_by_id(connection, [row], look=Look(now=now, drafts=True)).get(row)}
