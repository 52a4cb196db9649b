"""The shop that is measured: 2,000 products of 3 variants, 500 customers, 2,000 orders."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, select, update

from storeql.access import GUEST
from storeql.carts.create import create_cart
from storeql.carts.records import LineInput
from storeql.carts.tables import cart_lines, carts, delivery_methods
from storeql.catalog.tables import products, publications, stock_levels, variants
from storeql.customers.sessions import Client, begin_session
from storeql.customers.tables import staff_members
from storeql.db import Connection, Database, any_of, statement
from storeql.db.migrate import migrate
from storeql.db.paging import make_cursor
from storeql.demo.seed import seed_demo
from storeql.hooks import load_hooks
from storeql.promotions.records import Status
from storeql.promotions.tables import promotion_sets, promotions
from storeql.schema.ids import opaque_id

PRODUCTS, VARIANTS, CUSTOMERS, ORDERS = 2_000, 3, 500, 2_000
SMALL_CARTS, LARGE_CARTS, LARGE_LINES = 64, 16, 50
ENOUGH = 10_000_000
SET_ASIDE = "SET_ASIDE"
"""No status of a promotion: those that were paused before stay paused."""
SECRET = secrets.token_hex(32)
SEARCHES = ("手机", "wireless", "茶", "case", "棉", "lamp")


@dataclass(frozen=True)
class LargeCart:
    """A cart with 50 lines."""

    token: str
    lines: tuple[int, ...]
    line_ids: tuple[str, ...]


@dataclass(frozen=True)
class Seeded:
    """What the workloads have to know of the shop."""

    slugs: tuple[str, ...]
    searches: tuple[str, ...]
    variants: tuple[int, ...]
    small_carts: tuple[str, ...]
    large_carts: tuple[LargeCart, ...]
    staff_token: str
    delivery_id: str
    middle_key: str
    middle_row: int

    @property
    def middle_cursor(self) -> str:
        """The cursor of the product in the middle of the listing."""
        return make_cursor("NAME+", self.middle_key, self.middle_row)

    def variant(self, n: int) -> int:
        """The n-th variant's row number, going round."""
        return self.variants[n % len(self.variants)]

    def variant_id(self, n: int) -> str:
        """The n-th variant's id, going round."""
        return opaque_id("ProductVariant", self.variant(n))

    def small(self, n: int) -> str:
        """The n-th small cart's token, going round."""
        return self.small_carts[n % len(self.small_carts)]

    def large(self, n: int) -> LargeCart:
        """The n-th large cart, going round."""
        return self.large_carts[n % len(self.large_carts)]


def seed(url: str, folder: Path) -> Seeded:
    """Makes the shop in an empty database."""
    migrate(url, *load_hooks().histories)
    database = Database(url, deadline_seconds=600)
    now = time.time_ns() // 1_000_000
    seed_demo(
        database,
        media_dir=folder,
        products=PRODUCTS,
        variants=VARIANTS,
        customers=CUSTOMERS,
        orders=ORDERS,
        images=False,
        now=now,
    )
    try:
        seeded = database.write(lambda connection: _furnish(connection, now))
        if not database.is_sqlite:
            with database.engine.connect() as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        else:
            with database.engine.connect() as connection:
                connection.exec_driver_sql("ANALYZE")
        return seeded
    finally:
        database.close()


def _furnish(connection: Connection, now: int) -> Seeded:
    connection.run(statement(update(stock_levels).values(on_hand=ENOUGH)))
    # A shop that the demo's passwords open is not served in production, as this one is.
    connection.run(statement(update(staff_members).values(password_hash="closed")))
    listed = connection.rows(LISTED)
    on_sale = [row[0] for row in connection.rows(ON_SALE)]
    middle = listed[len(listed) // 2]
    return Seeded(
        slugs=tuple(row[2] for row in listed[::7]),
        searches=SEARCHES,
        variants=tuple(on_sale),
        small_carts=tuple(_cart(connection, [], now) for _ in range(SMALL_CARTS)),
        large_carts=tuple(
            _large(connection, on_sale[place * 97 :: 11][:LARGE_LINES], now)
            for place in range(LARGE_CARTS)
        ),
        staff_token=_staff_token(connection, now),
        delivery_id=opaque_id("DeliveryMethod", connection.scalar(DELIVERY)),
        middle_key=middle[1],
        middle_row=middle[0],
    )


def _cart(connection: Connection, variant_ids: list[int], now: int) -> str:
    token = secrets.token_urlsafe(24)
    lines = [LineInput(variant_id=row, quantity=1) for row in variant_ids]
    create_cart(connection, token, channel=None, lines=lines, actor=GUEST, now=now)
    return token


def _large(connection: Connection, variant_ids: list[int], now: int) -> LargeCart:
    assert len(variant_ids) == LARGE_LINES
    token = _cart(connection, variant_ids, now)
    lines = tuple(row[0] for row in connection.rows(CART_LINES, tokens=[token]))
    return LargeCart(token, lines, tuple(opaque_id("CartLine", row) for row in lines))


def _staff_token(connection: Connection, now: int) -> str:
    session = begin_session(
        connection,
        staff_id=connection.scalar(OWNER),
        client=Client(),
        secret=SECRET,
        days=1,
        now=now,
    )
    return session.token


@contextmanager
def without_promotions(url: str) -> Iterator[None]:
    """Sets every running promotion of the shop aside, and lets them run again afterwards."""
    database = Database(url)
    running = Status.ACTIVE.value
    try:
        database.write(lambda connection: _switch(connection, running, SET_ASIDE))
        yield
        database.write(lambda connection: _switch(connection, SET_ASIDE, running))
    finally:
        database.close()


def _switch(connection: Connection, before: str, after: str) -> None:
    assert connection.run(SWITCH, before=before, after=after)
    connection.run(CHANGED)


SWITCH = statement(
    update(promotions)
    .values(status=bindparam("after"))
    .where(promotions.c.status == bindparam("before"))
)
CHANGED = statement(update(promotion_sets).values(version=promotion_sets.c.version + 1))
LISTED = statement(
    select(products.c.id, products.c.name_key, products.c.slug)
    .join(publications, publications.c.product_id == products.c.id)
    .where(publications.c.channel_id == 1, publications.c.published_at.is_not(None))
    .order_by(products.c.name_key, products.c.id)
)
ON_SALE = statement(
    select(variants.c.id)
    .join(publications, publications.c.product_id == variants.c.product_id)
    .where(publications.c.channel_id == 1, publications.c.published_at.is_not(None))
    .order_by(variants.c.id)
)
CART_LINES = statement(
    select(cart_lines.c.id)
    .join(carts, carts.c.id == cart_lines.c.cart_id)
    .where(any_of(carts.c.token, "tokens"))
    .order_by(cart_lines.c.id)
)
DELIVERY = statement(select(delivery_methods.c.id).order_by(delivery_methods.c.id).limit(1))
OWNER = statement(select(staff_members.c.id).where(staff_members.c.email == "owner@example.com"))
