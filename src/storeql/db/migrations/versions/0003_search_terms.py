"""Products are found by terms that storeql makes itself, alike on both engines."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storeql.catalog.finding.search_terms import product_terms_of

revision = "0003"
down_revision = "0002"

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT_ONCE = 500

SKUS = "SELECT product_id, sku FROM variants WHERE product_id > :first AND product_id <= :last"
LABELS = """
SELECT product_id, name FROM product_categories JOIN categories ON id = category_id
 WHERE product_id > :first AND product_id <= :last
UNION ALL
SELECT product_id, name FROM product_tags JOIN tags ON id = tag_id
 WHERE product_id > :first AND product_id <= :last
"""
PRODUCTS = "SELECT id, name, description FROM products WHERE id > :first ORDER BY id LIMIT :limit"


def upgrade() -> None:
    op.execute("DROP TABLE product_search")
    terms = _create_table()
    first = 0
    while products := _rows(PRODUCTS, first=first, limit=AT_ONCE):
        last = products[-1][0]
        skus = _texts(SKUS, first=first, last=last)
        labels = _texts(LABELS, first=first, last=last)
        op.bulk_insert(
            terms,
            [
                {"term": term, "product_id": product_id, "weight": weight}
                for product_id, name, description in products
                for term, weight in product_terms_of(
                    name,
                    description,
                    skus=skus.get(product_id, ()),
                    labels=labels.get(product_id, ()),
                ).items()
            ],
        )
        first = last


def downgrade() -> None:
    op.drop_table("product_terms")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE product_search USING fts5"
            "(name, body, tokenize = 'porter unicode61 remove_diacritics 2')"
        )
    else:
        op.execute("CREATE TABLE product_search (rowid bigint PRIMARY KEY, document tsvector)")
        op.execute("CREATE INDEX ix_product_search ON product_search USING gin (document)")


def _create_table() -> sa.Table:
    term = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
    table = op.create_table(
        "product_terms",
        sa.Column("term", term, nullable=False),
        sa.Column("product_id", BIG_ID, nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["products.id"],
            name=op.f("fk_product_terms_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("term", "product_id", name=op.f("pk_product_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_product_terms_product_id"), "product_terms", ["product_id"])
    return table


def _rows(sql: str, **params: int) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in op.get_bind().execute(sa.text(sql), params)]


def _texts(sql: str, **params: int) -> dict[int, list[str]]:
    texts: dict[int, list[str]] = {}
    for product_id, text in _rows(sql, **params):
        texts.setdefault(product_id, []).append(text)
    return texts
