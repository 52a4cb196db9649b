"""What a revision of each kind of content holds, checked as it is given and kept as JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct

from storeql.inputs import LONGEST_NAME, Fields

LONGEST_URL = 500
LONGEST_SUMMARY = 500
LONGEST_PAGE = 50_000
MOST_ITEMS = 200
DEEPEST_MENU = 4
ADDRESS = re.compile(r"(https?://[^\s/]+\S*|/(?!/)\S*|mailto:\S+@\S+|tel:\+?[0-9-]+)")


class Kind(StrEnum):
    """What a storefront shows."""

    PAGE = "PAGE"
    BANNER = "BANNER"
    MENU = "MENU"


class LinkKind(StrEnum):
    """What a banner or a menu entry leads to."""

    URL = "URL"
    PRODUCT = "PRODUCT"
    CATEGORY = "CATEGORY"
    COLLECTION = "COLLECTION"
    PAGE = "PAGE"


class Link(Struct, frozen=True, omit_defaults=True):
    """Where something leads: an address, or the row of something in the shop."""

    kind: LinkKind
    url: str = ""
    row: int = 0


class PageBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page: its text is Markdown without raw HTML."""

    title: str = ""
    text: str = ""
    seo_title: str = ""
    seo_description: str = ""


class BannerBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A banner: a title, a line of text, a picture by its address and what it shows, a link."""

    title: str = ""
    text: str = ""
    image_url: str = ""
    image_alt: str = ""
    link: Link | None = None


class MenuItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An entry of a menu with the entries below it."""

    title: str = ""
    link: Link | None = None
    items: tuple[MenuItem, ...] = ()


class MenuBody(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A menu: a tree of entries, at most 200 in all and 4 levels deep."""

    title: str = ""
    items: tuple[MenuItem, ...] = ()


Body = PageBody | BannerBody | MenuBody
BODIES: dict[Kind, type[Body]] = {
    Kind.PAGE: PageBody,
    Kind.BANNER: BannerBody,
    Kind.MENU: MenuBody,
}


def stored(body: Body) -> str:
    """The body as it is kept."""
    return msgspec.json.encode(body).decode()


def read(kind: Kind, text: str) -> Body:
    """A kept body."""
    return msgspec.json.decode(text, type=BODIES[kind])


def checked(fields: Fields, body: Body) -> Body:
    """The body in its one spelling; everything wrong with it is noted in `fields`."""
    if isinstance(body, PageBody):
        return _page(fields, body)
    if isinstance(body, BannerBody):
        return _banner(fields, body)
    return _menu(fields, body)


def links_of(body: Body) -> Iterator[tuple[Link, tuple[str, ...]]]:
    """Every link of the body, with the path of the field it is in."""
    if isinstance(body, BannerBody) and body.link is not None:
        yield body.link, ("link",)
    elif isinstance(body, MenuBody):
        yield from _item_links(body.items, ())


def _page(fields: Fields, body: PageBody) -> PageBody:
    return PageBody(
        title=fields.line("title", body.title),
        text=fields.block("text", body.text, most=LONGEST_PAGE),
        seo_title=fields.line("seoTitle", body.seo_title, required=False),
        seo_description=fields.line(
            "seoDescription", body.seo_description, most=LONGEST_SUMMARY, required=False
        ),
    )


def _banner(fields: Fields, body: BannerBody) -> BannerBody:
    return BannerBody(
        title=fields.line("title", body.title),
        text=fields.line("text", body.text, most=LONGEST_SUMMARY, required=False),
        image_url=_address(fields, "imageUrl", body.image_url),
        image_alt=fields.line("imageAlt", body.image_alt, most=LONGEST_SUMMARY, required=False),
        link=_link(fields, body.link),
    )


def _menu(fields: Fields, body: MenuBody) -> MenuBody:
    title = fields.line("title", body.title)
    if _count(body.items) > MOST_ITEMS:
        fields.report("TOO_MANY", f"A menu has at most {MOST_ITEMS} entries in all.", "items")
        return MenuBody(title=title)
    return MenuBody(title=title, items=_items(fields, body.items, DEEPEST_MENU))


def _items(fields: Fields, items: Sequence[MenuItem], levels: int) -> tuple[MenuItem, ...]:
    if items and not levels:
        fields.report("TOO_DEEP", f"A menu is at most {DEEPEST_MENU} levels deep.", "items")
        return ()
    return tuple(
        MenuItem(
            title=here.line("title", item.title, most=LONGEST_NAME),
            link=_link(here, item.link),
            items=_items(here, item.items, levels - 1),
        )
        for here, item in zip(fields.each("items", len(items)), items, strict=True)
    )


def _link(fields: Fields, link: Link | None) -> Link | None:
    if link is None or link.kind is not LinkKind.URL:
        return link
    return Link(LinkKind.URL, url=_address(fields.at("link"), "url", link.url, required=True))


def _address(fields: Fields, name: str, typed: str, *, required: bool = False) -> str:
    address = fields.line(name, typed, most=LONGEST_URL, required=required)
    if address and not ADDRESS.fullmatch(address):
        message = "An address begins with https://, with /, with mailto: or with tel:."
        fields.report("INVALID_URL", message, name)
    return address


def _count(items: Sequence[MenuItem]) -> int:
    return sum(1 + _count(item.items) for item in items)


def _item_links(
    items: Sequence[MenuItem], path: tuple[str, ...]
) -> Iterator[tuple[Link, tuple[str, ...]]]:
    for place, item in enumerate(items):
        here = (*path, "items", str(place))
        if item.link is not None:
            yield item.link, (*here, "link")
        yield from _item_links(item.items, here)
