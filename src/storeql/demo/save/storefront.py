"""Writes the demo's pages, banners and menu through the same verbs that staff use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storeql.db import Connection
from storeql.demo.content.storefront import BannerSpec, EntrySpec, StorefrontSpec
from storeql.storefront.bodies import (
    BannerBody,
    Body,
    Kind,
    Link,
    LinkKind,
    MenuBody,
    MenuItem,
    PageBody,
)
from storeql.storefront.inputs import ContentInput, Publication
from storeql.storefront.profile import update_profile
from storeql.storefront.publish import publish
from storeql.storefront.save import create_content

Rows = Mapping[tuple[LinkKind, str], int]


def save_storefront(
    connection: Connection,
    spec: StorefrontSpec,
    *,
    collections: Mapping[str, int],
    categories: Mapping[str, int],
    staff_id: int,
    now: int,
) -> None:
    """Publishes pages first, then what leads to them; one page stays a draft."""
    update_profile(connection, spec.profile, expected_version=1, now=now)
    rows: dict[tuple[LinkKind, str], int] = {
        **{(LinkKind.COLLECTION, slug): row for slug, row in collections.items()},
        **{(LinkKind.CATEGORY, slug): row for slug, row in categories.items()},
    }
    desk = _Desk(connection, actor=f"staff:{staff_id}", now=now)
    for page in spec.pages:
        body = PageBody(title=page.title, text=page.text, seo_description=page.seo_description)
        rows[LinkKind.PAGE, page.slug] = desk.put(body, page.slug, shown=page.is_shown)
    menu = MenuBody(title=spec.menu_title, items=_items(spec.menu, rows))
    desk.put(menu, "main")
    for position, banner in enumerate(spec.banners):
        desk.put(_banner(banner, rows), banner.slug, place=banner.place, position=position)


class _Desk:
    """Where content is written and published."""

    def __init__(self, connection: Connection, *, actor: str, now: int) -> None:
        self._connection = connection
        self._actor = actor
        self._now = now

    def put(
        self, body: Body, slug: str, *, place: str = "", position: int = 0, shown: bool = True
    ) -> int:
        given = ContentInput(body=body, slug=slug, place=place, position=position)
        row = create_content(self._connection, given, actor=self._actor, now=self._now)
        if shown:
            wanted = Publication(id=row, expected_version=1)
            publish(self._connection, wanted, _kind(body), now=self._now)
        return row


def _kind(body: Body) -> Kind:
    if isinstance(body, PageBody):
        return Kind.PAGE
    return Kind.MENU if isinstance(body, MenuBody) else Kind.BANNER


def _banner(spec: BannerSpec, rows: Rows) -> BannerBody:
    return BannerBody(title=spec.title, text=spec.text, link=_link(spec.to, rows))


def _items(specs: Sequence[EntrySpec], rows: Rows) -> tuple[MenuItem, ...]:
    return tuple(
        MenuItem(title=one.title, link=_link(one.to, rows), items=_items(one.entries, rows))
        for one in specs
    )


def _link(to: str, rows: Rows) -> Link | None:
    """`page:about`, `collection:gifts`, `category:tea`, an address, or nothing."""
    if not to:
        return None
    kind, _, slug = to.partition(":")
    known = {one.value.lower(): one for one in LinkKind if one is not LinkKind.URL}
    if kind not in known:
        return Link(LinkKind.URL, url=to)
    return Link(known[kind], row=rows[known[kind], slug])
