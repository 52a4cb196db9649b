"""A shop made through the writes themselves, and inputs that are right unless a test bends them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from storeql.catalog.inputs import (
    AttributeInput,
    AttributeValueInput,
    ChannelInput,
    NamedInput,
    OpeningStock,
    OptionInput,
    PriceInput,
    ProductInput,
    ProductTypeInput,
    VariantInput,
)
from storeql.catalog.products.create_product import create_product
from storeql.catalog.products.save_product_type import create_product_type
from storeql.catalog.records import Product
from storeql.catalog.resolvers import View, products_by_id
from storeql.catalog.save_channel import create_channel
from storeql.catalog.stock.save_warehouse import create_warehouse
from storeql.db import Connection, Database, Selection
from tests.catalog.shop import NOW

EVERYTHING = Selection.of_names(
    "slug",
    "name",
    "description",
    "options",
    "version",
    "price",
    "published_at",
    "updated_at",
    "variants.sku",
    "variants.name",
    "variants.options",
    "variants.price",
    "variants.compare_at_price",
    "variants.cost",
    "variants.available_stock",
    "variants.version",
    "variants.position",
    "categories.slug",
    "collections.slug",
    "tags.slug",
    "attributes.value",
    "attributes.slug",
)


class Shop(Struct, frozen=True):
    """Row numbers of a shop with two channels, two warehouses and a type for phones."""

    cny: int
    kwd: int
    north: int
    south: int
    phones: int


def open_shop(database: Database) -> Shop:
    """A shop without products."""
    return database.write(_open)


def _open(connection: Connection) -> Shop:
    return Shop(
        cny=create_channel(connection, ChannelInput(name="China", slug="cn", currency="CNY")),
        kwd=create_channel(connection, ChannelInput(name="Kuwait", slug="kw", currency="KWD")),
        north=create_warehouse(connection, NamedInput(name="North")),
        south=create_warehouse(connection, NamedInput(name="South")),
        phones=create_product_type(connection, phone_type()),
    )


def phone_type(**bent: Any) -> ProductTypeInput:
    """A type with an attribute of each kind; the screen and the colour family are required."""
    attributes = (
        AttributeInput(name="Screen", kind="NUMBER", unit="inch", is_required=True),
        AttributeInput(name="Family", kind="SELECT", choices=("dark", "bright"), is_required=True),
        AttributeInput(name="5G", kind="BOOLEAN"),
        AttributeInput(name="Released", kind="DATE"),
        AttributeInput(name="Note", kind="TEXT"),
    )
    return ProductTypeInput(**{"name": "Phone", "attributes": attributes} | bent)


def phone_values(**bent: str) -> tuple[AttributeValueInput, ...]:
    """Values for the required attributes, and whatever else is given."""
    values = {"screen": "6.1", "family": "dark"} | bent
    return tuple(AttributeValueInput(attribute=slug, value=text) for slug, text in values.items())


def variant(shop: Shop, sku: str, **bent: Any) -> VariantInput:
    """A variant for 19.90 CNY with five pieces in the north."""
    right = {
        "sku": sku,
        "prices": (PriceInput(channel_id=shop.cny, price_minor=1990),),
        "stock": (OpeningStock(warehouse_id=shop.north, on_hand=5),),
    }
    return VariantInput(**right | bent)


def coloured(shop: Shop, sku: str, colour: str, **bent: Any) -> VariantInput:
    """A variant of a product whose one option is the colour."""
    return variant(shop, sku, options=(OptionInput(name="颜色", value=colour),), **bent)


def phone(shop: Shop, **bent: Any) -> ProductInput:
    """A phone with one variant, without options."""
    right = {
        "name": "Phone X",
        "description": "A phone.",
        "product_type_id": shop.phones,
        "attributes": phone_values(),
        "variants": (variant(shop, "PX-1"),),
    }
    return ProductInput(**right | bent)


def created(database: Database, given: ProductInput) -> int:
    """The row number of a product added as the first member of staff."""
    return database.write(lambda c: create_product(c, given, now=NOW, actor="staff:1"))


def seen(database: Database, product_id: int, *, channel: str = "cn") -> Product:
    """Everything of a product as staff see it in a channel."""
    view = View(now=NOW, channel=channel, drafts=True)
    with database.reading() as connection:
        return products_by_id(connection, [product_id], EVERYTHING, view=view)[product_id]
