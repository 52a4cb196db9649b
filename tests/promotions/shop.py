"""A shop with a few products and people, and short ways to set promotions up in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Table, insert, select

from storeql.access import Actor
from storeql.catalog.tables import (
    categories,
    channels,
    collections,
    product_types,
    products,
    tags,
    variants,
)
from storeql.customers.tables import customer_groups, customers
from storeql.db import Connection, Database, statement
from storeql.hooks import load_hooks
from storeql.pricing import Basket, GiftItem, Line, PricedCart, price
from storeql.promotions.active import ActivePromotion, ActiveSet, ActiveSets
from storeql.promotions.lint import Linter
from storeql.promotions.offered import offered_for
from storeql.promotions.set_up.create import create_promotion
from storeql.promotions.set_up.inputs import GiftStockInput, PromotionChange, RuleInput
from storeql.promotions.set_up.lifecycle import activate_promotion
from storeql.promotions.types import PromotionTypes

NOW = 1_764_000_000_000
DAY = 86_400_000
STAFF = Actor("staff", 3, permissions=frozenset({"MANAGE_PROMOTIONS"}))
PHONE, BOOK, CUP = 1, 2, 3
PRICES = {PHONE: 30_000, BOOK: 20_000, CUP: 1_500}
BUYERS = range(1, 31)
TYPES = PromotionTypes(load_hooks().promotion_types)

Rows = list[dict[str, Any]]


def open_shop(database: Database) -> ActiveSets:
    """Channel web, three products with one variant each, one of every other thing, 30 buyers."""
    times = {"created_at": NOW, "updated_at": NOW}
    product = [
        {"id": key, "product_type_id": 1, "slug": f"p{key}", "name": f"P{key}", **times}
        for key in PRICES
    ]
    variant = [{"id": key, "product_id": key, "sku": f"S{key}", "name": ""} for key in PRICES]
    people = [{"id": key, "email": f"c{key}@example.cn", **times} for key in BUYERS]
    rows: list[tuple[Table, Rows]] = [
        (channels, [{"id": 1, "slug": "web", "name": "Web", "currency": "CNY"}]),
        (product_types, [{"id": 1, "slug": "plain", "name": "Plain"}]),
        (products, product),
        (variants, variant),
        (categories, [{"id": 1, "slug": "home", "name": "Home", "path": "/1/"}]),
        (collections, [{"id": 1, "slug": "new", "name": "New"}]),
        (tags, [{"id": 1, "slug": "hot", "name": "Hot"}]),
        (customer_groups, [{"id": 1, "slug": "vip", "name": "VIP"}]),
        (customers, people),
    ]

    def work(connection: Connection) -> None:
        for table, entries in rows:
            connection.run_many(statement(insert(table), *entries[0]), entries)

    database.write(work)
    return ActiveSets(TYPES)


def draft(database: Database, kind: str, values: Mapping[str, Any], **more: Any) -> int:
    """The row number of a new draft."""
    change = PromotionChange(
        **{"name": kind.title(), "currency": "CNY", "rule": RuleInput(kind, values), **more}
    )
    return database.write(lambda c: create_promotion(c, change, types=TYPES, actor=STAFF, now=NOW))


def running(database: Database, kind: str, values: Mapping[str, Any], **more: Any) -> int:
    """The row number of a new promotion that is active."""
    key = draft(database, kind, values, **more)
    activate(database, key)
    return key


def activate(database: Database, key: int) -> None:
    """Switches a draft on."""
    database.write(
        lambda c: activate_promotion(
            c, key, expected_version=None, linter=linter(), actor=STAFF, now=NOW
        )
    )


def linter(*others: ActivePromotion, now: int = NOW) -> Linter:
    """A linter beside these promotions."""
    return Linter(active=ActiveSet(1, others), types=TYPES, zone=ZoneInfo("Asia/Shanghai"), now=now)


def threshold(start: str, off: str) -> dict[str, Any]:
    """The values of a single spend threshold."""
    return {"tiers": [{"from_minor": start, "off_minor": off}]}


def gift(key: int = CUP, start: str = "100") -> dict[str, Any]:
    """The values of a gift with purchase from an amount."""
    return {"gifts": [str(key)], "from_minor": start}


def gift_stock(quantity: int, key: int = CUP) -> tuple[GiftStockInput, ...]:
    return (GiftStockInput(key, quantity),)


def line(key: int, quantity: int = 1, **more: Any) -> Line:
    return Line(
        **{
            "id": str(key),
            "product_id": str(key),
            "variant_id": str(key),
            "quantity": quantity,
            "list_minor": PRICES[key],
            **more,
        }
    )


def basket_for(
    connection: Connection,
    sets: ActiveSets,
    *lines: Line,
    codes: tuple[str, ...] = (),
    customer_id: int | None = None,
    now: int = NOW,
) -> tuple[Basket, PricedCart]:
    """The basket as carts build it, and its price."""
    offer = offered_for(
        connection, sets, lines=lines, codes=codes, customer_id=customer_id, channel_id=1, now=now
    )
    gifts = {
        key: GiftItem(variant_id=key, product_id=key, name=f"P{key}", price_minor=PRICES[int(key)])
        for keys in offer.giving.values()
        for key in keys
    }
    basket = Basket(
        lines=lines,
        channel="web",
        currency="CNY",
        at=datetime.fromtimestamp(now / 1000, UTC),
        codes=offer.codes,
        gifts=gifts,
        remaining=offer.remaining,
    )
    return basket, price(basket, offer.promotions)


def priced(database: Database, sets: ActiveSets, *lines: Line, **more: Any) -> PricedCart:
    """What these lines cost now."""
    with database.reading() as connection:
        return basket_for(connection, sets, *lines, **more)[1]


def total(database: Database, sets: ActiveSets, *lines: Line, **more: Any) -> int:
    return priced(database, sets, *lines, **more).totals.total_minor


def outcomes(cart: PricedCart) -> dict[str, str]:
    return {entry.promotion_id: entry.outcome.value for entry in cart.trace}


def rows(database: Database, table: Table, *names: str) -> list[tuple[Any, ...]]:
    """All rows of a table, these columns, in their order."""
    query = select(*(table.c[name] for name in names)).order_by(*(table.c[name] for name in names))
    with database.reading() as connection:
        return [tuple(row) for row in connection.rows(statement(query))]
