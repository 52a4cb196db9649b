"""What staff send about pages, banners and menus."""

from collections.abc import Sequence
from typing import Any

import strawberry

from storeql.schema.catalog.product_inputs import ANY_VERSION, SLUG, VERSION
from storeql.schema.ids import row_of
from storeql.schema.optional import defaulting, listed, needed, optional
from storeql.schema.scalars import DateTime
from storeql.storefront.bodies import Link, LinkKind, MenuItem

TITLE = "What it is called, at most 200 characters."
CHANNEL = "The one channel that shows it; null for all. It cannot be changed."
TEXT = "Its text in Markdown without raw HTML, at most 50,000 characters."
SEO_TITLE = "The title for search engines; the page's own when empty."
SEO_DESCRIPTION = "The description for search engines, at most 500 characters."
BANNER_TEXT = "The line below its title, at most 500 characters."
IMAGE = "The address of its picture."
ALT = "What the picture shows."
PLACE = "Where it hangs, such as home-top; named like a slug."
POSITION = "The order in its place, ascending."


@strawberry.input(description="Where something leads.", one_of=True)
class LinkInput:
    """One of the ways to say it."""

    url: str | None = optional("An address: https://, /, mailto: or tel:.")
    product_id: strawberry.ID | None = optional("A product.")
    category_id: strawberry.ID | None = optional("A category.")
    collection_id: strawberry.ID | None = optional("A collection.")
    page_id: strawberry.ID | None = optional("A page.")


@strawberry.input(description="An entry of a menu.")
class MenuItemInput:
    """A menu's entry."""

    title: str = needed(TITLE)
    link: LinkInput | None = defaulting(None, "Where it leads; null to only head others.")
    items: list["MenuItemInput"] = listed("The entries below it.")


@strawberry.input(description="A new page, a draft until it is published.")
class PageCreateInput:
    """A page to add."""

    title: str = needed(TITLE)
    text: str = defaulting("", TEXT)
    seo_title: str = defaulting("", SEO_TITLE)
    seo_description: str = defaulting("", SEO_DESCRIPTION)
    slug: str = defaulting("", SLUG)
    channel_id: strawberry.ID | None = defaulting(None, CHANNEL)


@strawberry.input(description="What to change; fields left out stay as they are.")
class PageUpdateInput:
    """A page's change."""

    id: strawberry.ID = needed("The page's id.")
    expected_version: int = needed(VERSION)
    title: str | None = optional(TITLE)
    text: str | None = optional(TEXT)
    seo_title: str | None = optional(SEO_TITLE)
    seo_description: str | None = optional(SEO_DESCRIPTION)
    slug: str | None = optional("The name in addresses.")


@strawberry.input(description="A new banner, a draft until it is published.")
class BannerCreateInput:
    """A banner to add."""

    title: str = needed(TITLE)
    place: str = needed(PLACE)
    position: int = defaulting(0, POSITION)
    text: str = defaulting("", BANNER_TEXT)
    image_url: str = defaulting("", IMAGE)
    image_alt: str = defaulting("", ALT)
    link: LinkInput | None = defaulting(None, "Where it leads.")
    slug: str = defaulting("", SLUG)
    channel_id: strawberry.ID | None = defaulting(None, CHANNEL)


@strawberry.input(description="What to change; fields left out stay as they are.")
class BannerUpdateInput:
    """A banner's change."""

    id: strawberry.ID = needed("The banner's id.")
    expected_version: int = needed(VERSION)
    title: str | None = optional(TITLE)
    place: str | None = optional(PLACE)
    position: int | None = optional(POSITION)
    text: str | None = optional(BANNER_TEXT)
    image_url: str | None = optional(IMAGE)
    image_alt: str | None = optional(ALT)
    link: LinkInput | None = optional("Where it leads; null for nowhere.")
    slug: str | None = optional("Its name in arguments.")


@strawberry.input(description="A new menu, a draft until it is published.")
class MenuCreateInput:
    """A menu to add."""

    title: str = needed(TITLE)
    items: list[MenuItemInput] = listed("Its entries: at most 200 in all, 4 levels deep.")
    slug: str = defaulting("", SLUG)
    channel_id: strawberry.ID | None = defaulting(None, CHANNEL)


@strawberry.input(description="What to change; fields left out stay as they are.")
class MenuUpdateInput:
    """A menu's change."""

    id: strawberry.ID = needed("The menu's id.")
    expected_version: int = needed(VERSION)
    title: str | None = optional(TITLE)
    items: list[MenuItemInput] | None = optional("All its entries, in place of those it has.")
    slug: str | None = optional("Its name in arguments.")


@strawberry.input(description="A revision to show to shoppers.")
class ContentPublishInput:
    """A publication."""

    id: strawberry.ID = needed("The id of a page, banner or menu.")
    expected_version: int = needed(VERSION)
    revision: int | None = defaulting(None, "Its number; the newest when left out.")
    at: DateTime | None = defaulting(None, "From when it is shown; now when left out.")
    until: DateTime | None = defaulting(
        None, "Until when; the revision shown before returns then. For good when left out."
    )


@strawberry.input(description="Content to take down.")
class ContentWithdrawInput:
    """A withdrawal."""

    id: strawberry.ID = needed("The id of a page, banner or menu.")
    expected_version: int = needed(VERSION)
    at: DateTime | None = defaulting(None, "From when it is gone; now when left out.")


@strawberry.input(description="Content to delete with all its revisions.")
class ContentDeleteInput:
    """A deletion."""

    id: strawberry.ID = needed("The id of a page, banner or menu.")
    expected_version: int | None = defaulting(None, ANY_VERSION)


def link_of(typed: LinkInput | None) -> Link | None:
    """The link an input says; raises BadInput for the id of something else."""
    if typed is None:
        return None
    targets: tuple[tuple[LinkKind, str, Any], ...] = (
        (LinkKind.PRODUCT, "Product", typed.product_id),
        (LinkKind.CATEGORY, "Category", typed.category_id),
        (LinkKind.COLLECTION, "Collection", typed.collection_id),
        (LinkKind.PAGE, "Page", typed.page_id),
    )
    for kind, name, opaque in targets:
        if opaque is not strawberry.UNSET:
            return Link(kind, row=row_of(name, opaque))
    return Link(LinkKind.URL, url=typed.url or "")


def items_of(typed: Sequence[MenuItemInput]) -> tuple[MenuItem, ...]:
    """The entries an input says."""
    return tuple(
        MenuItem(title=one.title, link=link_of(one.link), items=items_of(one.items))
        for one in typed
    )
