"""What a shop needs before a plugin can be tried in it: a channel, a warehouse, goods, a token."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storeql.access import STAFF_PERMISSIONS, Actor
from storeql.catalog.inputs import (
    ChannelInput,
    NamedInput,
    OpeningStock,
    PriceInput,
    ProductInput,
    ProductTypeInput,
    VariantInput,
)
from storeql.catalog.products.create_product import create_product
from storeql.catalog.products.publish import publish
from storeql.catalog.products.save_product_type import create_product_type
from storeql.catalog.save_channel import create_channel
from storeql.catalog.stock.save_warehouse import create_warehouse
from storeql.catalog.tables import products, variants
from storeql.customers.staff.app_tokens import NewAppToken, create_app_token
from storeql.db import Connection, statement

OWNER = Actor("staff", 1, "Tests", STAFF_PERMISSIONS)

_VARIANT = statement(select(variants.c.id).where(variants.c.product_id == bindparam("id")))
_COUNT = statement(select(func.count()).select_from(products))


class Ground(Struct, frozen=True):
    """Row numbers of the one channel, warehouse and product type of a shop for tests."""

    channel_id: int
    warehouse_id: int
    product_type_id: int


class Goods(Struct, frozen=True):
    """Row numbers of a product and its only variant."""

    product_id: int
    variant_id: int


def lay_ground(connection: Connection, *, currency: str) -> Ground:
    """A channel called web that sells in this currency, a warehouse, and a plain product type."""
    return Ground(
        create_channel(connection, ChannelInput(name="Web", slug="web", currency=currency)),
        create_warehouse(connection, NamedInput(name="Warehouse")),
        create_product_type(connection, ProductTypeInput(name="Plain")),
    )


def put_on_sale(
    connection: Connection, ground: Ground, *, name: str, price_minor: int, on_hand: int, now: int
) -> Goods:
    """A published product with one variant at this price, so many of it on hand."""
    number = connection.scalar(_COUNT) + 1
    variant = VariantInput(
        sku=f"SKU-{number}",
        prices=[PriceInput(channel_id=ground.channel_id, price_minor=price_minor)],
        stock=[OpeningStock(warehouse_id=ground.warehouse_id, on_hand=on_hand)],
    )
    product = ProductInput(
        name=name,
        slug=f"product-{number}",
        description=name,
        product_type_id=ground.product_type_id,
        variants=[variant],
    )
    product_id = create_product(connection, product, now=now, actor=OWNER.key)
    publish(connection, product_id, [ground.channel_id], now=now)
    return Goods(product_id, connection.scalar(_VARIANT, id=product_id))


def staff_token(connection: Connection, *, secret: str, now: int) -> str:
    """A token that may do everything that staff may."""
    wanted = NewAppToken(name="Tests", permissions=sorted(STAFF_PERMISSIONS))
    return create_app_token(connection, wanted, actor=OWNER, secret=secret, now=now).token
