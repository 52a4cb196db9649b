"""How the catalogue's objects are read again by their ids."""

from typing import Any

from strawberry.types import Info

from storeql.access import Permission
from storeql.catalog import resolvers
from storeql.catalog.resolvers import View
from storeql.catalog.taxonomy import reads as taxonomy
from storeql.catalog.taxonomy.categories import categories_by_id
from storeql.schema.catalog.types import WAREHOUSES
from storeql.schema.mutation import context_of
from storeql.schema.node import refetches
from storeql.schema.selection import selection_of


def _view(info: Info[Any, Any]) -> View:
    """The default channel; with drafts for staff who manage products."""
    context = context_of(info)
    return View(
        now=context.now,
        drafts=Permission.MANAGE_PRODUCTS in context.granted,
        group_ids=context.actor.group_ids,
    )


@refetches("Product")
def products(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Products as the default channel shows them."""
    connection = context_of(info).connection
    return resolvers.products_by_id(connection, rows, selection_of(info), view=_view(info))


@refetches("ProductVariant")
def variants(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Variants whose product the default channel shows."""
    return resolvers.shown_variants(
        context_of(info).connection, rows, selection_of(info), view=_view(info)
    )


@refetches("Category")
def categories(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Categories."""
    return categories_by_id(context_of(info).connection, rows, selection_of(info))


@refetches("Collection")
def collections(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Collections."""
    return taxonomy.collections_by_id(context_of(info).connection, rows)


@refetches("Tag")
def tags(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Tags."""
    return taxonomy.tags_by_id(context_of(info).connection, rows)


@refetches("ProductType")
def product_types(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Product types."""
    return taxonomy.product_types_by_id(context_of(info).connection, rows, selection_of(info))


@refetches("Channel")
def channels(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Channels."""
    return taxonomy.channels_by_id(context_of(info).connection, rows)


@refetches("Warehouse")
def warehouses(info: Info[Any, Any], rows: list[int]) -> dict[int, Any]:
    """Warehouses, for those who look after stock or orders."""
    context = context_of(info)
    if context.granted.isdisjoint(one.value for one in WAREHOUSES):
        return {}
    return taxonomy.warehouses_by_id(context.connection, rows)
