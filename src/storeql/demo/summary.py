"""Whether there is a demo shop and what is in it, for its starter and for the example tabs."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import func, select

from storeql.carts.tables import cart_lines, carts
from storeql.catalog.tables import products, variants
from storeql.customers.tables import customers
from storeql.db import Connection, Database, statement
from storeql.demo.accounts import CART_TOKEN, SHOPPER, STAFF, VOUCHER_CODE, Account
from storeql.orders.tables import orders

_COUNTS = statement(
    select(
        *(
            select(func.count()).select_from(table).scalar_subquery()
            for table in (products, variants, customers, orders)
        )
    )
)
_SKU_OF_CART = statement(
    select(variants.c.sku)
    .join(cart_lines, cart_lines.c.variant_id == variants.c.id)
    .join(carts, carts.c.id == cart_lines.c.cart_id)
    .where(carts.c.token == CART_TOKEN)
    .order_by(cart_lines.c.id)
    .limit(1)
)
_ANY_SKU = statement(select(variants.c.sku).order_by(variants.c.id).limit(1))


_ANY_PRODUCT = statement(select(products.c.id).limit(1))


class DemoShop(Struct, frozen=True, kw_only=True):
    """How to get into the shop, and how much there is in it; `sku` is one to put into a cart."""

    products: int
    variants: int
    customers: int
    orders: int
    sku: str
    staff: tuple[Account, ...] = STAFF
    shopper: Account = SHOPPER
    cart_token: str = CART_TOKEN
    voucher_code: str = VOUCHER_CODE


def is_seeded(database: Database) -> bool:
    """True when there is a shop in the database already, whoever made it."""
    with database.reading() as connection:
        return has_products(connection)


def has_products(connection: Connection) -> bool:
    """True when the shop has at least one product."""
    return connection.scalar(_ANY_PRODUCT) is not None


def demo_shop(database: Database) -> DemoShop:
    """The demo shop as it is now."""
    with database.reading() as connection:
        counts = connection.one(_COUNTS)
        sku = connection.scalar(_SKU_OF_CART) or connection.scalar(_ANY_SKU) or ""
    assert counts is not None
    return DemoShop(
        products=counts[0], variants=counts[1], customers=counts[2], orders=counts[3], sku=sku
    )
