"""The catalogue's way in: products by page, by slug, by text; what orders them."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission, require
from storeql.catalog import resolvers
from storeql.catalog.finding import facets as catalog_facets
from storeql.catalog.resolvers import ProductOrder, View
from storeql.catalog.taxonomy import categories
from storeql.catalog.taxonomy import reads as taxonomy
from storeql.errors import BadInput
from storeql.schema.catalog.filters import ProductFilterInput, ProductSortInput, product_filter
from storeql.schema.catalog.types import (
    WAREHOUSES,
    Category,
    Channel,
    Collection,
    Facets,
    Product,
    ProductType,
    ProductVariant,
    Tag,
    Warehouse,
)
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import argument, field
from storeql.schema.ids import row_of
from storeql.schema.mutation import context_of
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PRODUCTS = Permission.MANAGE_PRODUCTS

ChannelSlug: TypeAlias = Annotated[
    str | None, argument("The channel to look through; the shop's default one when left out.")
]
Drafts: TypeAlias = Annotated[
    bool,
    argument("Show products that are not published there too; needs MANAGE_PRODUCTS."),
]
Id: TypeAlias = Annotated[strawberry.ID | None, argument("The object's id; or give its slug.")]
Slug: TypeAlias = Annotated[str | None, argument("The object's slug; or give its id.")]

Filter: TypeAlias = Annotated[
    ProductFilterInput | None, argument("What the products must have in common.")
]
Sort: TypeAlias = Annotated[
    ProductSortInput | None,
    argument(
        "When left out by relevance where there is a search text, in a collection's own order where"
        " one is named, by name otherwise."
    ),
]


@strawberry.type
class CatalogQuery:
    """Root fields of the catalogue."""

    @field("Products of a channel, filtered, sorted and paged.")
    def products(
        self,
        info: Info_,
        filter: Filter = None,
        sort: Sort = None,
        channel: ChannelSlug = None,
        include_unpublished: Drafts = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Product]:
        view = _view(info, channel, include_unpublished)
        return resolvers.products(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            view=view,
            page=page_request(first, after, last, before),
            filter=product_filter(context_of(info).connection, filter, view),
            order=None if sort is None else ProductOrder(sort.by, sort.descending),
        )

    @field("How many of the found products each filter value would keep.")
    def product_facets(
        self,
        info: Info_,
        filter: Filter = None,
        channel: ChannelSlug = None,
        include_unpublished: Drafts = False,
    ) -> Facets:
        view = _view(info, channel, include_unpublished)
        return catalog_facets.facets(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            view=view,
            filter=product_filter(context_of(info).connection, filter, view),
        )

    @field("One product; null when the channel does not show it.")
    def product(
        self,
        info: Info_,
        id: Id = None,
        slug: Slug = None,
        channel: ChannelSlug = None,
        include_unpublished: Drafts = False,
    ) -> Product | None:
        return resolvers.product(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            view=_view(info, channel, include_unpublished),
            **one_of("Product", id, slug),
        )

    @field("Categories by name.")
    def categories(
        self,
        info: Info_,
        roots: Annotated[bool, argument("Only those at the top of the tree.")] = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Category]:
        return categories.category_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
            roots=roots,
        )

    @field("One category.")
    def category(self, info: Info_, id: Id = None, slug: Slug = None) -> Category | None:
        return categories.category(  # type: ignore[return-value]
            context_of(info).connection, selection_of(info), **one_of("Category", id, slug)
        )

    @field("Collections by name.")
    def collections(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Collection]:
        return taxonomy.collection_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("One collection.")
    def collection(self, info: Info_, id: Id = None, slug: Slug = None) -> Collection | None:
        return taxonomy.collection(  # type: ignore[return-value]
            context_of(info).connection, **one_of("Collection", id, slug)
        )

    @field("Tags by name.")
    def tags(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Tag]:
        return taxonomy.tag_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("Channels by name.")
    def channels(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Channel]:
        return taxonomy.channel_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("Product types by name.")
    def product_types(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ProductType]:
        return taxonomy.product_type_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("One product type.")
    def product_type(self, info: Info_, id: Id = None, slug: Slug = None) -> ProductType | None:
        return taxonomy.product_type(  # type: ignore[return-value]
            context_of(info).connection, selection_of(info), **one_of("ProductType", id, slug)
        )

    @field("Warehouses by name.", *WAREHOUSES)
    def warehouses(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Warehouse] | None:
        return taxonomy.warehouse_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("One variant by its id, as the channel sells it; null when it does not.")
    def product_variant(
        self,
        info: Info_,
        id: Annotated[strawberry.ID, argument("The variant's id.")],
        channel: ChannelSlug = None,
        include_unpublished: Drafts = False,
    ) -> ProductVariant | None:
        view = _view(info, channel, include_unpublished)
        return resolvers.variant(  # type: ignore[return-value]
            context_of(info).connection,
            row_of("ProductVariant", id),
            selection_of(info),
            view=view,
        )


def _view(info: Info_, channel: str | None, drafts: bool) -> View:
    if drafts:
        require(context_of(info).actor, PRODUCTS)
    return view_of(info, channel, drafts=drafts)


def view_of(info: Info_, channel: str | None, *, drafts: bool = True) -> View:
    """The catalogue through a channel; raises BadInput for a slug that no channel can have."""
    if channel is not None and "\0" in channel:
        raise BadInput("A channel's slug cannot hold the character NUL.")
    context = context_of(info)
    return View(now=context.now, channel=channel, drafts=drafts, group_ids=context.actor.group_ids)


def one_of(type_name: str, id: strawberry.ID | None, slug: str | None) -> dict[str, Any]:
    """The arguments of a read by id or by slug; raises BadInput unless exactly one is given."""
    if (id is None) == (slug is None):
        raise BadInput("Give either an id or a slug.")
    return {"slug": slug} if id is None else {"id": row_of(type_name, id)}
