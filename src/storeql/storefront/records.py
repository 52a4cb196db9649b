"""What reads of the storefront return: content with the one revision that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from storeql.storefront.bodies import Kind, LinkKind


class Standing(StrEnum):
    """Whether shoppers see a revision: not yet, at an instant to come, now, or no longer."""

    DRAFT = "DRAFT"
    SCHEDULED = "SCHEDULED"
    PUBLISHED = "PUBLISHED"
    WITHDRAWN = "WITHDRAWN"


class ResolvedLink(Struct, frozen=True, kw_only=True):
    """Where something leads, as a front end follows it: an address, or a slug of the shop.

    `row` is the row number behind the slug; 0 for an address.
    """

    kind: LinkKind
    url: str = ""
    slug: str = ""
    row: int = 0


class Content(Struct, frozen=True, kw_only=True):
    """What all kinds have: `revision` is the number of the one that is shown here."""

    id: int
    kind: Kind
    slug: str
    channel: str | None
    position: int
    version: int
    updated_at: int
    revision: int
    published_at: int | None
    withdrawn_at: int | None
    standing: Standing
    title: str


class Page(Content, frozen=True, kw_only=True):
    """A page; `text` is Markdown."""

    text: str
    seo_title: str
    seo_description: str


class Banner(Content, frozen=True, kw_only=True):
    """A banner that hangs in a place of the storefront."""

    place: str
    text: str
    image_url: str
    image_alt: str
    link: ResolvedLink | None


class MenuEntry(Struct, frozen=True, kw_only=True):
    """An entry of a menu; one that leads nowhere only heads the entries below it."""

    title: str
    link: ResolvedLink | None
    items: Sequence[MenuEntry]


class Menu(Content, frozen=True, kw_only=True):
    """A menu with its tree of entries."""

    items: Sequence[MenuEntry]


class FieldText(Struct, frozen=True):
    """A field of a body under its name in the API, such as `items.0.title`."""

    path: str
    value: str


class Revision(Struct, frozen=True, kw_only=True):
    """One state of what a content says, as it was saved."""

    id: int
    number: int
    actor: str
    created_at: int
    published_at: int | None
    withdrawn_at: int | None
    standing: Standing
    fields: Sequence[FieldText]


def standing(published_at: int | None, withdrawn_at: int | None, now: int) -> Standing:
    """How a revision with this window stands at `now`; windows are half-open."""
    if published_at is None:
        return Standing.DRAFT
    if now < published_at:
        return Standing.SCHEDULED
    if withdrawn_at is not None and withdrawn_at <= now:
        return Standing.WITHDRAWN
    return Standing.PUBLISHED
