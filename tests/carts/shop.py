"""A small shop written straight into the tables, for tests of carts and orders."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Table, insert, update

from storeql.access import GUEST, Actor
from storeql.carts.create import create_cart, new_cart_token
from storeql.carts.details import Details, update_details
from storeql.carts.price_cart import PriceDesk
from storeql.carts.records import Cart, LineInput
from storeql.carts.tables import delivery_methods
from storeql.catalog.tables import (
    categories,
    channels,
    product_categories,
    product_types,
    products,
    publications,
    stock_levels,
    stock_movements,
    variant_prices,
    variants,
    warehouses,
)
from storeql.customers.address import Address
from storeql.customers.tables import customers
from storeql.db import Database, Statement, statement
from storeql.db.name_order import keyed
from storeql.hooks import load_hooks
from storeql.promotions.active import ActiveSets
from storeql.promotions.tables import (
    gift_stocks,
    promotion_sets,
    promotions,
    voucher_codes,
)
from storeql.promotions.types import PromotionTypes

NOW = 1_764_000_000_000  # 2025-11-24T16:00:00Z, a Tuesday at midnight in Shanghai
CUSTOMER = Actor("customer", 7, permissions=frozenset({"CUSTOMER"}))
OTHER_CUSTOMER = Actor("customer", 8, permissions=frozenset({"CUSTOMER"}))
STAFF = Actor("staff", 3, permissions=frozenset({"MANAGE_ORDERS"}))
CATALOGUE_STAFF = Actor("staff", 4, permissions=frozenset({"MANAGE_PRODUCTS"}))
TEA, CUP, BOOK = 1, 2, 3
PRICES = {TEA: 2_500, CUP: 10_000, BOOK: 4_000}
STANDARD, EXPRESS = 1, 2
ADDRESS = Address(
    name="李雷", phone="13800001234", country="CN", region="上海", city="上海", street="南京路 1 号"
)


def insert_rows(database: Database, table: Table, *rows: Mapping[str, object]) -> None:
    """Writes rows as they are, names with their keys."""
    given = [keyed(table, row) for row in rows]
    database.write(lambda c: [c.run(_insert(table, *row), **row) for row in given])


@lru_cache
def _insert(table: Table, *names: str) -> Statement:
    return statement(insert(table), *names)


def change_rows(database: Database, table: Table, condition: object, **values: object) -> None:
    """Changes rows behind the domain's back."""
    change = statement(update(table).where(condition).values(**values))
    database.write(lambda c: c.run(change))


def open_shop(database: Database, *, stock: int = 100) -> PriceDesk:
    """A channel with three products (茶 25, 杯 100, 书 40 yuan), two deliveries, two customers."""
    insert_rows(
        database,
        channels,
        {"id": 1, "slug": "web", "name": "Web", "currency": "CNY", "is_default": True},
        {"id": 2, "slug": "app", "name": "App", "currency": "JPY", "is_default": False},
    )
    insert_rows(database, product_types, {"id": 1, "slug": "plain", "name": "Plain"})
    insert_rows(
        database,
        categories,
        {"id": 1, "slug": "home", "name": "Home", "path": "/1/"},
        {"id": 2, "slug": "tea", "name": "Tea", "path": "/1/2/", "parent_id": 1},
    )
    insert_rows(database, warehouses, {"id": 1, "slug": "main", "name": "Main"})
    for key, name in ((TEA, "茶"), (CUP, "杯"), (BOOK, "书")):
        add_product(database, key, name, PRICES[key], stock)
    insert_rows(database, product_categories, {"product_id": TEA, "category_id": 2})
    insert_rows(
        database,
        delivery_methods,
        {"id": 1, "channel_id": 1, "slug": "standard", "name": "Standard", "price_minor": 1_000},
        {"id": 2, "channel_id": 1, "slug": "express", "name": "Express", "price_minor": 2_500},
        {"id": 3, "channel_id": 2, "slug": "app-post", "name": "Post", "price_minor": 500},
    )
    for key in (7, 8):
        insert_rows(
            database,
            customers,
            {"id": key, "email": f"c{key}@example.cn", "created_at": NOW, "updated_at": NOW},
        )
    insert_rows(database, promotion_sets, {"id": 1, "version": 1})
    return desk()


def desk(**options: object) -> PriceDesk:
    """Pricing as a running shop does it, without the plugins that are installed by chance."""
    hooks = load_hooks(**{"installed": False, **options})  # type: ignore[arg-type]
    sets = ActiveSets(PromotionTypes(hooks.promotion_types))
    return PriceDesk(hooks, sets, ZoneInfo("Asia/Shanghai"))


def add_product(database: Database, key: int, name: str, price_minor: int, stock: int) -> None:
    """A product with one variant of the same number, for sale on the web."""
    times = {"created_at": NOW - 1, "updated_at": NOW - 1}
    insert_rows(
        database,
        products,
        {"id": key, "product_type_id": 1, "slug": f"p{key}", "name": name, **times},
    )
    insert_rows(database, variants, {"id": key, "product_id": key, "sku": f"SKU-{key}", "name": ""})
    insert_rows(
        database,
        publications,
        {"product_id": key, "channel_id": 1, "published_at": NOW - 1, "price_minor": price_minor},
    )
    insert_rows(
        database,
        variant_prices,
        {"variant_id": key, "channel_id": 1, "price_minor": price_minor},
    )
    insert_rows(database, stock_levels, {"variant_id": key, "warehouse_id": 1, "on_hand": stock})
    insert_rows(
        database,
        stock_movements,
        {
            "variant_id": key,
            "warehouse_id": 1,
            "on_hand_change": stock,
            "reserved_change": 0,
            "reason": "RECEIVED",
            "actor": "test",
            "at": NOW - 1,
        },
    )


def add_promotion(
    database: Database,
    key: int,
    kind: str,
    rule: object,
    *,
    codes: Mapping[str, int | None] | None = None,
    gifts: Mapping[int, int] | None = None,
    terms: object = None,
    **columns: object,
) -> None:
    """A running promotion with its codes (code: usage limit) and gift stock (variant: pieces)."""
    row = {
        "id": key,
        "name": f"Promotion {key}",
        "kind": kind,
        "rule": msgspec.json.encode(rule).decode(),
        "terms": msgspec.json.encode(terms or {"needs_code": bool(codes)}).decode(),
        "currency": "CNY",
        "status": "ACTIVE",
        "created_at": NOW,
        "updated_at": NOW,
        **columns,
    }
    insert_rows(database, promotions, row)
    for code, limit in (codes or {}).items():
        insert_rows(
            database,
            voucher_codes,
            {"promotion_id": key, "code": code, "usage_limit": limit, "created_at": NOW},
        )
    for variant_id, pieces in (gifts or {}).items():
        insert_rows(
            database,
            gift_stocks,
            {"promotion_id": key, "variant_id": variant_id, "quantity": pieces},
        )
    bump = statement(update(promotion_sets).values(version=promotion_sets.c.version + 1))
    database.write(lambda c: c.run(bump))


def new_cart(
    database: Database, lines: Mapping[int, int] | None = None, *, actor: Actor = GUEST
) -> Cart:
    """A cart on the web with so many pieces of each variant."""
    wanted = [LineInput(variant_id=key, quantity=n) for key, n in (lines or {}).items()]
    return database.write(
        lambda c: create_cart(
            c, new_cart_token(), channel="web", lines=wanted, actor=actor, now=NOW
        )
    )


def ready_cart(
    database: Database,
    lines: Mapping[int, int],
    *,
    actor: Actor = GUEST,
    payment: str = "cash_on_delivery",
) -> Cart:
    """A cart with everything an order needs."""
    cart = new_cart(database, lines, actor=actor)
    details = Details(
        email="buyer@example.cn",
        address=ADDRESS,
        delivery_method_id=STANDARD,
        payment_method=payment,
    )
    return database.write(
        lambda c: update_details(
            c, cart.token, details=details, gateways={payment}, actor=actor, now=NOW
        )
    )
