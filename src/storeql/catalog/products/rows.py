"""Products as writes hold them: locked, then marked as changed and made findable again.

Every write below a product locks its row first, so that writes upon one product queue up; several
products are locked in ascending order, so that no two writes wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import bindparam, select, update

from storeql.catalog.event_kinds import PRODUCT_UPDATED
from storeql.catalog.finding.search import index_products
from storeql.catalog.named_rows import NamedRows
from storeql.catalog.tables import product_categories, product_tags, products
from storeql.db import Connection, any_of, statement
from storeql.errors import refuse
from storeql.events import tell

AT_ONCE = 500


class ProductRow(Struct, frozen=True):
    """A product's own columns; `options` is JSON text, instants are milliseconds."""

    id: int
    product_type_id: int
    slug: str
    name: str
    description: str
    options: str
    created_at: int
    updated_at: int
    version: int


PRODUCTS = NamedRows(products, ProductRow, "product")


_product = products.c
_LOCKED = statement(
    select(
        _product.id,
        _product.product_type_id,
        _product.slug,
        _product.name,
        _product.description,
        _product.options,
        _product.created_at,
        _product.updated_at,
        _product.version,
    )
    .where(any_of(_product.id, "ids"))
    .order_by(_product.id)
    .with_for_update()
)
_TOUCH = statement(
    update(products)
    .where(any_of(_product.id, "ids"))
    .values(version=_product.version + 1, updated_at=bindparam("now"))
)
_OF_TAG = statement(
    select(product_tags.c.product_id)
    .where(product_tags.c.tag_id == bindparam("id"))
    .order_by(product_tags.c.product_id)
)
_OF_CATEGORY = statement(
    select(product_categories.c.product_id)
    .where(product_categories.c.category_id == bindparam("id"))
    .order_by(product_categories.c.product_id)
)


def locked_products(connection: Connection, ids: Iterable[int]) -> dict[int, ProductRow]:
    """The products that exist, by row number, nobody else's to change until the end."""
    rows = connection.rows(_LOCKED, ids=sorted(set(ids)))
    return {row[0]: ProductRow(*row) for row in rows}


def locked_product(connection: Connection, product_id: int, *field: str) -> ProductRow:
    """One product; raises Rejected at the input's `field` when there is none."""
    row = locked_products(connection, [product_id]).get(product_id)
    if row is None:
        raise refuse("NOT_FOUND", "There is no such product.", *field)
    return row


def touch_products(connection: Connection, ids: Iterable[int], *, now: int) -> None:
    """Raises the versions of locked products: something of them or below them changed."""
    ordered = sorted(set(ids))
    connection.run(_TOUCH, ids=ordered, now=now)
    for product_id in ordered:
        tell(connection, PRODUCT_UPDATED, product_id, now=now)


def reindex(connection: Connection, ids: Iterable[int]) -> None:
    """Makes products findable by the texts they have now."""
    ordered = sorted(set(ids))
    for start in range(0, len(ordered), AT_ONCE):
        part = ordered[start : start + AT_ONCE]
        locked_products(connection, part)
        index_products(connection, part)


def products_of_tag(connection: Connection, tag_id: int) -> list[int]:
    """Row numbers of the products that carry a tag, ascending."""
    return [row[0] for row in connection.rows(_OF_TAG, id=tag_id)]


def products_of_category(connection: Connection, category_id: int) -> list[int]:
    """Row numbers of the products that stand directly in a category, ascending."""
    return [row[0] for row in connection.rows(_OF_CATEGORY, id=category_id)]
