"""Pages, banners and menus as front ends see them, and their revisions as staff do."""

from collections.abc import Sequence

import strawberry

from storeql.access import Permission
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import Node, opaque_id
from storeql.schema.scalars import DateTime
from storeql.storefront import records
from storeql.storefront.bodies import LinkKind
from storeql.storefront.difference import FieldChange
from storeql.storefront.records import Standing
from storeql.storefront.render import html_of

CONTENT = Permission.MANAGE_CONTENT

strawberry.enum(
    Standing,
    name="ContentStanding",
    description="Whether shoppers see it: not yet, at an instant to come, now, or no longer.",
)
strawberry.enum(LinkKind, name="LinkKind", description="What a link leads to.")

TARGETS = {
    LinkKind.PRODUCT: "Product",
    LinkKind.CATEGORY: "Category",
    LinkKind.COLLECTION: "Collection",
    LinkKind.PAGE: "Page",
}


@strawberry.interface(description="Something that the storefront shows beside its products.")
class StorefrontContent(Node):
    """What pages, banners and menus have in common."""

    slug: str = attribute("Its name in addresses and arguments.")
    title: str = attribute("What it is called.")
    channel: str | None = attribute("The slug of the one channel that shows it; null for all.")
    revision: int = attribute("The number of the revision that is seen here.")
    published_at: DateTime | None = attribute("From when this revision is shown.")
    withdrawn_at: DateTime | None = attribute("Until when it is shown; null for good.")
    updated_at: DateTime | None = attribute("When staff last changed something.", CONTENT)
    standing: Standing | None = attribute("How this revision stands at this instant.", CONTENT)
    version: int | None = attribute("Give it as `expectedVersion`.", CONTENT)


@strawberry.type(description="Where a banner or a menu entry leads.")
@answers(records.ResolvedLink)
class Link:
    """A link."""

    kind: LinkKind = attribute("What it leads to.")

    @pure("The address of a URL; null when it leads into the shop.")
    def url(self: records.ResolvedLink) -> str | None:
        return self.url or None

    @pure("The slug of what it leads to; null for a URL.")
    def slug(self: records.ResolvedLink) -> str | None:
        return self.slug or None

    @pure("The id of what it leads to; null for a URL.")
    def target_id(self: records.ResolvedLink) -> strawberry.ID | None:
        return opaque_id(TARGETS[self.kind], self.row) if self.row else None


@strawberry.type(description="A page, such as 关于我们 or 退换货说明.")
@answers(records.Page)
class Page(StorefrontContent):
    """A page."""

    text: str = attribute("Its text in Markdown.")
    seo_title: str = attribute("The title for search engines: its own one, or the page's.")
    seo_description: str = attribute("The description for search engines.")

    @pure("Its text as HTML that is safe to show: raw HTML in the text is shown as text.")
    def html(self: records.Page) -> str:
        return html_of(self.text)


@strawberry.type(description="A picture with a message that leads somewhere.")
@answers(records.Banner)
class Banner(StorefrontContent):
    """A banner."""

    place: str = attribute("Where it hangs, such as home-top.")
    position: int = attribute("The order in its place, ascending.")
    text: str = attribute("The line below its title.")
    image_url: str = attribute("The address of its picture; empty for none.")
    image_alt: str = attribute("What the picture shows, for those who cannot see it.")
    link: Link | None = attribute("Where it leads; null for nowhere.")


@strawberry.type(description="An entry of a menu.")
@answers(records.MenuEntry)
class MenuItem:
    """A menu's entry."""

    title: str = attribute("What it says.")
    link: Link | None = attribute("Where it leads; null when it only heads others.")
    items: Sequence["MenuItem"] = attribute("The entries below it, in order.")


@strawberry.type(description="A tree of links; an entry whose target is gone is left out.")
@answers(records.Menu)
class Menu(StorefrontContent):
    """A menu."""

    items: Sequence[MenuItem] = attribute("Its entries, in order; at most 4 levels deep.")


@strawberry.type(description="A field that says something.")
@answers(records.FieldText)
class ContentField:
    """A field of a revision."""

    path: str = attribute("The field, such as items.0.title.")
    value: str = attribute("What it says; a link into the shop as kind and slug.")


@strawberry.type(description="What a content said when it was saved.")
@answers(records.Revision)
class ContentRevision:
    """A revision."""

    number: int = attribute("Its number, counted from 1.")
    actor: str = attribute("Who saved it, such as staff:3.")
    created_at: DateTime = attribute("When it was saved.")
    published_at: DateTime | None = attribute("From when it is shown; null for a draft.")
    withdrawn_at: DateTime | None = attribute("Until when it is shown; null for good.")
    standing: Standing = attribute("How it stands at this instant.")
    fields: Sequence[ContentField] = attribute("What it says, field by field.")


@strawberry.type(description="A field that differs between two revisions.")
@answers(FieldChange)
class ContentFieldChange:
    """A difference."""

    path: str = attribute("The field, such as items.0.title.")
    before: str | None = attribute("What it said; null for nothing.")
    after: str | None = attribute("What it says; null for nothing.")
