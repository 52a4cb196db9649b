"""The SELECTs behind product listings: one per shape of filter, sort, page and asked columns."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    literal_column,
    null,
    select,
    true,
)

from storeql.catalog.finding.filters import (
    IS_AVAILABLE,
    FilterShape,
    conditions,
    in_channel,
)
from storeql.catalog.finding.search import hits as search_hits
from storeql.catalog.prices.at_instant import LOWEST_NOW
from storeql.catalog.tables import (
    channels,
    collection_products,
    collections,
    products,
    publications,
)
from storeql.db import Selection, Statement, statement, unindexed
from storeql.db.paging import windowed


class ProductSort(StrEnum):
    """What a product listing is sorted by; MANUAL is a collection's own order."""

    NAME = "NAME"
    PRICE = "PRICE"
    CREATED_AT = "CREATED_AT"
    PUBLISHED_AT = "PUBLISHED_AT"
    RELEVANCE = "RELEVANCE"
    MANUAL = "MANUAL"


BY_PUBLICATION = (ProductSort.PRICE, ProductSort.PUBLISHED_AT)


class Scope(Struct, frozen=True):
    """Whose listing it is: of a named channel or the default one, shoppers' or with drafts."""

    channel_named: bool
    drafts: bool


class ListingShape(Struct, frozen=True):
    """Everything that changes the text of a listing's SELECT."""

    filter: FilterShape
    scope: Scope
    columns: tuple[bool, ...]
    sort: ProductSort
    descending: bool
    window: tuple[bool, bool]


# The record's columns in order, by the name of the field that asks for them.
COLUMNS: tuple[tuple[str, ColumnElement[Any]], ...] = (
    ("slug", products.c.slug),
    ("name", products.c.name),
    ("description", products.c.description),
    ("options", products.c.options),
    ("created_at", products.c.created_at),
    ("updated_at", products.c.updated_at),
    ("version", products.c.version),
    ("product_type", products.c.product_type_id),
    ("price", LOWEST_NOW),
    ("published_at", publications.c.published_at),
    ("is_available", IS_AVAILABLE),
)
COLUMN_NAMES = tuple(name for name, _ in COLUMNS)

# A product's place in the collection that the filter names.
PLACED = collection_products.alias("placed")
COLLECTION_ID = select(collections.c.id).where(collections.c.slug == bindparam("collection"))
PLACED_HERE = and_(
    PLACED.c.product_id == products.c.id, PLACED.c.collection_id == COLLECTION_ID.scalar_subquery()
)


def wanted_columns(selection: Selection) -> tuple[bool, ...]:
    """Which of the product's columns a selection asks for."""
    return selection.columns(*COLUMN_NAMES)


@lru_cache(maxsize=1024)
def page_statement(shape: ListingShape) -> Statement:
    """One page: the record's columns, the channel's currency, the sort value last."""
    source, hits = _source(shape.scope, shape.filter, ranked=shape.sort is ProductSort.RELEVANCE)
    if shape.sort is ProductSort.MANUAL:
        source = source.join(PLACED, PLACED_HERE)
    value = _sort_value(shape, hits)
    query = select(*record_columns(shape.columns), value.label("sort_value")).select_from(source)
    query = query.where(*_visible(shape.scope, shape.sort), *conditions(shape.filter))
    row = _row_number(shape.sort, shape.scope)
    return statement(
        windowed(query, shape.window, value=value, row=row, descending=shape.descending)
    )


@lru_cache(maxsize=256)
def count_statement(filter_shape: FilterShape, scope: Scope) -> Statement:
    """How many products a filter finds."""
    source, _ = _source(scope, filter_shape)
    query = select(func.count()).select_from(source)
    return statement(query.where(*_visible(scope), *conditions(filter_shape)))


@lru_cache(maxsize=256)
def one_statement(by: str, scope: Scope, columns: tuple[bool, ...]) -> Statement:
    """Products by `ids`, or the one with a `slug`."""
    source, _ = _source(scope, None)
    found = (
        products.c.slug == bindparam("slug")
        if by == "slug"
        else products.c.id == bindparam("id", type_=BigInteger)
    )
    query = select(*record_columns(columns)).select_from(source)
    return statement(query.where(*_visible(scope), found))


def matched(filter_shape: FilterShape, scope: Scope) -> CTE:
    """Every product a filter finds, with its price and availability, computed once."""
    source, _ = _source(scope, filter_shape)
    query = select(
        products.c.id.label("id"),
        filter_shape.price.label("price_minor"),
        IS_AVAILABLE.label("is_available"),
        channels.c.currency.label("currency"),
    ).select_from(source)
    return _once(query.where(*_visible(scope), *conditions(filter_shape)), "matched")


def record_columns(wanted: tuple[bool, ...]) -> list[ColumnElement[Any]]:
    """The id, the wanted columns (NULL for the others) and the currency, in record order."""
    chosen: list[ColumnElement[Any]] = [products.c.id]
    for (name, source), asked in zip(COLUMNS, wanted, strict=True):
        chosen.append((source if asked else null()).label(f"product_{name}"))
    return [*chosen, channels.c.currency]


def _source(
    scope: Scope, filter_shape: FilterShape | None, *, ranked: bool = False
) -> tuple[FromClause, CTE | None]:
    source = _with_drafts(scope) if scope.drafts else _published()
    if filter_shape is None or not filter_shape.search:
        return source, None
    hits = _once(search_hits(ranked=ranked), "hits")
    return source.join(hits, hits.c.id == products.c.id), hits


def _with_drafts(scope: Scope) -> FromClause:
    placed = and_(
        publications.c.product_id == products.c.id, publications.c.channel_id == channels.c.id
    )
    base = products.join(channels, in_channel(scope.channel_named))
    return base.join(publications, placed, isouter=True)


def _published() -> FromClause:
    base = products.join(publications, publications.c.product_id == products.c.id)
    return base.join(channels, channels.c.id == publications.c.channel_id)


def _once(query: Select[Any], name: str) -> CTE:
    """A CTE that is computed once: without the hint SQLite may search again for every row."""
    return query.cte(name).prefix_with("MATERIALIZED")


def _visible(scope: Scope, sort: ProductSort | None = None) -> list[ColumnElement[bool]]:
    if scope.drafts:
        return [true()]
    # A subquery is a constant to the planner: an index that starts with the channel then gives
    # rows in the order of a page, where a join would have all of them sorted.
    here = select(channels.c.id).where(in_channel(scope.channel_named)).limit(1).scalar_subquery()
    now = bindparam("now", type_=BigInteger)
    return [
        channels.c.is_active,
        _entered(publications.c.channel_id, sort, *BY_PUBLICATION) == here,
        _entered(publications.c.published_at, sort, ProductSort.PUBLISHED_AT) <= now,
        _entered(publications.c.price_minor, sort, ProductSort.PRICE).is_not(None),
        *FROM_THE_FIRST.get(sort, ()),
    ]


# Every product passes these; they tell a planner without figures which index a page enters by.
FROM_THE_FIRST: dict[ProductSort | None, tuple[ColumnElement[bool], ...]] = {
    ProductSort.NAME: (products.c.name_key >= literal_column("''"),),
    ProductSort.CREATED_AT: (products.c.created_at >= literal_column("0"),),
}


def _entered(
    column: ColumnElement[int], sort: ProductSort | None, *by: ProductSort
) -> ColumnElement[int]:
    """The column, left out of how a page is entered that walks along another one's index.

    Nearly every product passes these conditions: entering by them reads and sorts the whole shop
    for one page.
    """
    return column if sort is None or sort in by else unindexed(column)


def _row_number(sort: ProductSort, scope: Scope) -> ColumnElement[int]:
    """The row number as the index of the sort holds it: beside a price or place, theirs."""
    if sort in BY_PUBLICATION and not scope.drafts:
        return publications.c.product_id
    return PLACED.c.product_id if sort is ProductSort.MANUAL else products.c.id


def _sort_value(shape: ListingShape, hits: CTE | None) -> ColumnElement[Any]:
    sort = shape.sort
    if sort is ProductSort.RELEVANCE and hits is not None:
        return hits.c.rank
    if sort is ProductSort.MANUAL:
        return PLACED.c.position
    if sort is ProductSort.NAME:
        return products.c.name_key
    if sort is ProductSort.CREATED_AT:
        return products.c.created_at
    listed = shape.filter.price if sort is ProductSort.PRICE else publications.c.published_at
    return func.coalesce(listed, -1, type_=BigInteger) if shape.scope.drafts else listed
