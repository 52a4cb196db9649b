"""Names are sorted by a key of their own, paths of categories by code points, on both engines."""

import sqlalchemy as sa
from alembic import op

from storeql.db.name_order import name_key

revision = "0014"
down_revision = "0013"

NAMED = (
    "categories",
    "channels",
    "collections",
    "customer_groups",
    "product_types",
    "products",
    "tags",
    "warehouses",
)
INDEXED = ("categories", "collections", "customer_groups", "tags")
AT_ONCE = 500
KEY = sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql")


def upgrade() -> None:
    op.drop_index("ix_products_name", table_name="products")
    for table in NAMED:
        op.add_column(table, sa.Column("name_key", KEY, server_default="", nullable=False))
        _fill(table)
    for table in (*INDEXED, "products"):
        op.create_index(f"ix_{table}_name", table, ["name_key", "id"])
    _sort_paths('"C"')


def downgrade() -> None:
    _sort_paths('"default"')
    for table in (*INDEXED, "products"):
        op.drop_index(f"ix_{table}_name", table_name=table)
    for table in NAMED:
        op.drop_column(table, "name_key")
    op.create_index("ix_products_name", "products", ["name", "id"])


def _fill(table: str) -> None:
    connection, last = op.get_bind(), 0
    some = sa.text(f"SELECT id, name FROM {table} WHERE id > :last ORDER BY id LIMIT :limit")
    change = sa.text(f"UPDATE {table} SET name_key = :key WHERE id = :id")
    while rows := connection.execute(some, {"last": last, "limit": AT_ONCE}).all():
        connection.execute(change, [{"id": row[0], "key": name_key(row[1])} for row in rows])
        last = rows[-1][0]


def _sort_paths(collation: str) -> None:
    # SQLite compares by code points as it is.
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE categories ALTER path TYPE varchar(500) COLLATE {collation}")
