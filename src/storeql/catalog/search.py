"""Text search over products, for Chinese and English alike, on both engines' own indexes.

Chinese text is cut into overlapping pairs of characters, as Lucene's CJK analyzer does, and
indexed by single characters too, since 茶 is a whole word; other words are lower-cased and stemmed
by the engine (FTS5's porter, PostgreSQL's english). The same terms are made from a product's texts
and from what a shopper types.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from sqlalchemy import BigInteger, BindParameter, Boolean, bindparam, column, delete, select, table
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement

from storeql.catalog.tables import (
    categories,
    product_categories,
    product_tags,
    products,
    tags,
    variants,
)
from storeql.db import Connection, any_of, statement

MOST_TERMS = 24
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af"
TERM = re.compile(rf"[{HAN}]+|[^\W{HAN}_]+")
IS_HAN = re.compile(rf"[{HAN}]")

# Made by the first migration: an FTS5 table on SQLite, a tsvector with a GIN index on PostgreSQL.
product_search = table("product_search", column("rowid", BigInteger))


class search_matches(ColumnElement[bool]):
    """The row of product_search matches the query parameter `search_query`."""

    inherit_cache = False
    type = Boolean()
    parameter: ClassVar[BindParameter[str]] = bindparam("search_query")

    def self_group(self, against: Any = None) -> search_matches:
        """Stays as it is in AND and OR."""
        return self


class search_rank(ColumnElement[int]):
    """How well the row matches, in millionths; more is better."""

    inherit_cache = False
    type = BigInteger()
    parameter: ClassVar[BindParameter[str]] = bindparam("search_query")


@compiles(search_matches, "sqlite")
def _matches_fts5(element: search_matches, compiler: Any, **kw: Any) -> str:
    return f"product_search MATCH {compiler.process(element.parameter, **kw)}"


@compiles(search_matches, "postgresql")
def _matches_tsquery(element: search_matches, compiler: Any, **kw: Any) -> str:
    return f"document @@ to_tsquery('english', {compiler.process(element.parameter, **kw)})"


@compiles(search_rank, "sqlite")
def _rank_bm25(element: search_rank, compiler: Any, **kw: Any) -> str:
    return "CAST(bm25(product_search, 8.0, 1.0) * -1000000 AS INTEGER)"


@compiles(search_rank, "postgresql")
def _rank_tsquery(element: search_rank, compiler: Any, **kw: Any) -> str:
    query = f"to_tsquery('english', {compiler.process(element.parameter, **kw)})"
    return f"CAST(ts_rank(document, {query}) * 1000000 AS BIGINT)"


def terms_of(text: str) -> list[str]:
    """The searchable terms of a text in order: 手机壳 gives 手机, 机壳; USB-C gives usb, c."""
    folded = unicodedata.normalize("NFKC", text).lower()
    terms: list[str] = []
    for run in TERM.findall(folded):
        if IS_HAN.match(run) and len(run) > 1:
            terms.extend(run[place : place + 2] for place in range(len(run) - 1))
        else:
            terms.append(run)
    return terms


def search_query(text: str, *, is_sqlite: bool) -> str | None:
    """What a shopper typed as the engine's query: every term, the last word as a prefix.

    None when the text holds no term (punctuation only): such a search finds nothing.
    """
    terms = list(dict.fromkeys(terms_of(text)))[:MOST_TERMS]
    if not terms:
        return None
    prefix = "*" if is_sqlite else ":*"
    quote = '"' if is_sqlite else "'"
    quoted = [f"{quote}{term}{quote}" for term in terms]
    if not IS_HAN.match(terms[-1]):
        quoted[-1] += prefix
    return (" AND " if is_sqlite else " & ").join(quoted)


NAMES = statement(
    select(products.c.id, products.c.name, products.c.description).where(
        any_of(products.c.id, "ids")
    )
)
SKUS = statement(
    select(variants.c.product_id, variants.c.sku).where(any_of(variants.c.product_id, "ids"))
)
LABELS = statement(
    select(product_categories.c.product_id, categories.c.name)
    .join(categories, categories.c.id == product_categories.c.category_id)
    .where(any_of(product_categories.c.product_id, "ids"))
    .union_all(
        select(product_tags.c.product_id, tags.c.name)
        .join(tags, tags.c.id == product_tags.c.tag_id)
        .where(any_of(product_tags.c.product_id, "ids"))
    )
)
FORGET = statement(delete(product_search).where(any_of(product_search.c.rowid, "ids")))
REMEMBER_SQLITE = "INSERT INTO product_search (rowid, name, body) VALUES (:id, :name, :body)"
REMEMBER_POSTGRESQL = (
    "INSERT INTO product_search (rowid, document) VALUES (%(id)s,"
    " setweight(to_tsvector('english', %(name)s), 'A')"
    " || setweight(to_tsvector('english', %(body)s), 'D'))"
)


def index_products(connection: Connection, product_ids: Sequence[int]) -> None:
    """Makes the products findable by the texts they have now; call it after changing them."""
    connection.run(FORGET, ids=product_ids)
    more: dict[int, list[str]] = {}
    for found in (SKUS, LABELS):
        for product_id, text in connection.rows(found, ids=product_ids):
            more.setdefault(product_id, []).append(text)
    entries = [
        {
            "id": product_id,
            "name": _joined([name]),
            "body": _joined([description, *more.get(product_id, ())]),
        }
        for product_id, name, description in connection.rows(NAMES, ids=product_ids)
    ]
    text = REMEMBER_SQLITE if connection.is_sqlite else REMEMBER_POSTGRESQL
    connection.text_many(text, entries)


def forget_products(connection: Connection, product_ids: Sequence[int]) -> None:
    """Takes products out of the search index; call it when they are deleted."""
    connection.run(FORGET, ids=product_ids)


def _joined(texts: Iterable[str]) -> str:
    parts: list[str] = []
    for text in texts:
        terms = terms_of(text)
        parts.extend(terms)
        parts.extend(dict.fromkeys(one for term in terms if IS_HAN.match(term) for one in term))
    return " ".join(parts)
