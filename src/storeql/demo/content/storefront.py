"""The shapes of what the demo's storefront shows beside its goods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct


class PageSpec(Struct, frozen=True):
    """A page; `text` is Markdown. One that is not shown is still being written."""

    slug: str
    title: str
    text: str
    seo_description: str = ""
    is_shown: bool = True


class EntrySpec(Struct, frozen=True):
    """A menu's entry; `to` is `page:about`, `collection:gifts`, `category:tea` or an address."""

    title: str
    to: str = ""
    entries: Sequence[EntrySpec] = ()


class BannerSpec(Struct, frozen=True):
    """A banner in a place of the storefront."""

    slug: str
    place: str
    title: str
    text: str
    to: str = ""


class StorefrontSpec(Struct, frozen=True):
    """All of it; `profile` are fields of what the shop says of itself."""

    profile: Mapping[str, str]
    pages: Sequence[PageSpec]
    menu_title: str
    menu: Sequence[EntrySpec]
    banners: Sequence[BannerSpec]
