"""Builds the record of each kind of content from its row, its body and its links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storeql.storefront.bodies import BannerBody, Body, Kind, MenuItem, PageBody
from storeql.storefront.links import Slugs, followed
from storeql.storefront.records import Banner, Content, Menu, MenuEntry, Page, standing


def built(row: Sequence[Any], body: Body, slugs: Slugs, now: int) -> Content:
    """The record of a row of `resolvers.COLUMNS`; its standing is that of `now`."""
    common = {
        "id": row[0],
        "kind": Kind(row[1]),
        "slug": row[2],
        "channel": row[3],
        "position": row[5],
        "version": row[6],
        "updated_at": row[7],
        "revision": row[8],
        "published_at": row[9],
        "withdrawn_at": row[10],
        "standing": standing(row[9], row[10], now),
        "title": body.title,
    }
    if isinstance(body, PageBody):
        return _page(common, body)
    if isinstance(body, BannerBody):
        return _banner(common, body, row[4], slugs)
    return Menu(**common, items=_entries(body.items, slugs))


def _page(common: dict[str, Any], body: PageBody) -> Page:
    return Page(
        **common,
        text=body.text,
        seo_title=body.seo_title or body.title,
        seo_description=body.seo_description,
    )


def _banner(common: dict[str, Any], body: BannerBody, place: str, slugs: Slugs) -> Banner:
    return Banner(
        **common,
        place=place,
        text=body.text,
        image_url=body.image_url,
        image_alt=body.image_alt,
        link=followed(body.link, slugs),
    )


def _entries(items: Sequence[MenuItem], slugs: Slugs) -> tuple[MenuEntry, ...]:
    """The entries that lead somewhere or hold others: a link whose target is gone drops out."""
    entries = (
        MenuEntry(
            title=item.title,
            link=followed(item.link, slugs),
            items=_entries(item.items, slugs),
        )
        for item in items
    )
    kept = zip(items, entries, strict=True)
    return tuple(entry for item, entry in kept if item.link is None or entry.link or entry.items)
