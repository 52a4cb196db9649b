"""Rows for tests: the smallest shop that a read can be tried on, written straight into tables."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, insert

from storeql.catalog import tables
from storeql.catalog.finding.search import index_products
from storeql.db import Connection, Statement, statement
from storeql.db.name_order import keyed

NOW = 1_780_000_000_000


def insert_row(connection: Connection, table: Table, **values: Any) -> int:
    """Inserts one row; its first column's value (the row number, where there is one)."""
    given = keyed(table, values)
    row = connection.one(_insert(table, *given), **given)
    assert row is not None
    return int(row[0])


@lru_cache
def _insert(table: Table, *names: str) -> Statement:
    return statement(insert(table).returning(next(iter(table.c))), *names)


class SmallShop:
    """A default channel in CNY, one warehouse, one product type with a brand."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.channel = self.add(
            tables.channels, slug="default", name="Default", currency="CNY", is_default=True
        )
        self.warehouse = self.add(tables.warehouses, slug="main", name="Main")
        self.type = self.add(tables.product_types, slug="goods", name="Goods")
        self.brand = self.add(
            tables.attributes,
            product_type_id=self.type,
            slug="brand",
            name="Brand",
            kind="SELECT",
            choices='["Alpha","Beta"]',
        )

    def add(self, table: Table, **values: Any) -> int:
        """Inserts one row."""
        return insert_row(self.connection, table, **values)

    def product(
        self,
        slug: str,
        name: str = "",
        *,
        price: int = 1000,
        stock: int = 10,
        variants: int = 1,
        categories: Sequence[int] = (),
        tags: Sequence[int] = (),
        brand: str = "Alpha",
        created_at: int = NOW,
        published_at: int | None = NOW - 1,
        description: str = "",
    ) -> int:
        """A published, searchable product with variants `slug-1`, `slug-2`, …"""
        row = self.add(
            tables.products,
            product_type_id=self.type,
            slug=slug,
            name=name or slug,
            description=description,
            created_at=created_at,
            updated_at=created_at,
        )
        self.add(
            tables.publications,
            product_id=row,
            channel_id=self.channel,
            published_at=published_at,
            price_minor=price,
        )
        for place in range(variants):
            self._variant(row, f"{slug}-{place + 1}", price, stock, place)
        for category in categories:
            self.add(tables.product_categories, product_id=row, category_id=category)
        for tag in tags:
            self.add(tables.product_tags, product_id=row, tag_id=tag)
        self.add(tables.attribute_values, product_id=row, attribute_id=self.brand, value=brand)
        index_products(self.connection, [row])
        return row

    def category(self, slug: str, parent: int | None = None, path: str = "/") -> tuple[int, str]:
        """A category below `path`; its row number and own path."""
        row = self.add(tables.categories, slug=slug, name=slug, path="", parent_id=parent)
        own = f"{path}{row}/"
        change = statement(
            tables.categories.update().where(tables.categories.c.slug == slug), "path"
        )
        self.connection.run(change, path=own)
        return row, own

    def tag(self, slug: str) -> int:
        """A tag."""
        return self.add(tables.tags, slug=slug, name=slug)

    def _variant(self, product: int, sku: str, price: int, stock: int, position: int) -> None:
        row = self.add(tables.variants, product_id=product, sku=sku, name=sku, position=position)
        self.add(tables.variant_prices, variant_id=row, channel_id=self.channel, price_minor=price)
        self.add(tables.stock_levels, variant_id=row, warehouse_id=self.warehouse, on_hand=stock)
