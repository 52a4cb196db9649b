"""Facets: how many of the found products each filter value would keep, in one SELECT."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from storeql.catalog.finding.filters import FilterShape, ProductFilter, check_filter
from storeql.catalog.finding.listing import Scope, matched
from storeql.catalog.records import Facet, Facets, FacetValue
from storeql.catalog.resolvers import View, _params, shape_now
from storeql.catalog.tables import (
    attribute_values,
    attributes,
    categories,
    product_categories,
    product_tags,
    tags,
)
from storeql.db import Connection, Selection, Statement, one_of, statement

MOST_VALUES_SHOWN = 50

Parts = tuple[bool, bool, bool]


def facets(
    connection: Connection, selection: Selection, *, view: View, filter: ProductFilter
) -> Facets:
    """Counts over everything the filter finds; an empty answer has no currency."""
    check_filter(filter)
    params = _params(filter, view)
    if params is None:
        return Facets(0, 0, None, None, "")
    parts = selection.columns("categories", "tags", "attributes")
    by_price = filter.is_by_price or selection.wants("price_min", "price_max")
    shape = shape_now(connection, filter, view, by_price=by_price)
    rows = connection.rows(_statement(shape, view.scope, parts), **params)
    totals = next(row for row in rows if row[0] == "total")
    return Facets(
        totals[5],
        totals[6] or 0,
        totals[7],
        totals[8],
        totals[1] or "",
        categories=_values(rows, "category"),
        tags=_values(rows, "tag"),
        attributes=_attributes(rows),
    )


@lru_cache(maxsize=256)
def _statement(filter_shape: FilterShape, scope: Scope, parts: Parts) -> Statement:
    found = matched(filter_shape, scope)
    with_categories, with_tags, with_attributes = parts
    selects = [_totals(found)]
    if with_categories:
        selects.append(_counted("category", categories, _in_categories(found)))
    if with_tags:
        selects.append(_counted("tag", tags, _with_tags(found)))
    if with_attributes:
        selects.append(_by_attribute(found))
    return statement(union_all(*selects))


def _totals(found: Any) -> Select[Any]:
    """The first row: currency, how many in all, how many available, the price range."""
    return select(
        literal("total").label("part"),
        func.max(found.c.currency),
        cast(null(), String),
        cast(null(), String),
        cast(null(), String),
        func.count(),
        func.sum(case((found.c.is_available, 1), else_=0)),
        func.min(found.c.price_minor),
        func.max(found.c.price_minor),
    )


def _in_categories(found: Any) -> Select[Any]:
    """Each product once for every category it is in, the categories above its own among them."""
    placed = select(product_categories.c.category_id, product_categories.c.product_id).join(
        found, found.c.id == product_categories.c.product_id
    )
    own = placed.cte("own")
    lineage = (
        select(own.c.category_id, own.c.category_id.label("id"))
        .distinct()
        .cte("lineage", recursive=True)
    )
    above = (
        select(lineage.c.category_id, categories.c.parent_id)
        .join(categories, categories.c.id == lineage.c.id)
        .where(categories.c.parent_id.is_not(None))
    )
    lineage = lineage.union_all(above)
    return (
        select(lineage.c.id.label("id"), own.c.product_id)
        .join(own, own.c.category_id == lineage.c.category_id)
        .distinct()
    )


def _with_tags(found: Any) -> Select[Any]:
    return select(product_tags.c.tag_id.label("id")).join(
        found, found.c.id == product_tags.c.product_id
    )


def _counted(part: str, labels: Any, owners: Select[Any]) -> Select[Any]:
    counts = (
        select(owners.subquery().c.id.label("id"), func.count().label("count"))
        .group_by("id")
        .subquery()
    )
    return _row(part, labels.c.slug, labels.c.name, counts.c.count).join_from(
        labels, counts, counts.c.id == labels.c.id
    )


def _by_attribute(found: Any) -> Select[Any]:
    counts = (
        select(
            attribute_values.c.attribute_id.label("id"),
            attribute_values.c.value.label("value"),
            func.count().label("count"),
        )
        .join(found, found.c.id == attribute_values.c.product_id)
        .group_by(attribute_values.c.attribute_id, attribute_values.c.value)
        .subquery()
    )
    row = _row("attribute", counts.c.value, counts.c.value, counts.c.count, attributes)
    return row.join_from(attributes, counts, counts.c.id == attributes.c.id).where(
        attributes.c.is_filterable, one_of(attributes.c.kind, "SELECT", "BOOLEAN")
    )


def _row(part: str, key: Any, label: Any, count: Any, owner: Any = None) -> Select[Any]:
    return select(
        literal(part).label("part"),
        key,
        label,
        owner.c.slug if owner is not None else cast(null(), String),
        owner.c.name if owner is not None else cast(null(), String),
        count,
        null(),
        null(),
        null(),
    )


def _values(rows: list[Any], part: str) -> list[FacetValue]:
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        if row[0] == part:  # product types each have their own attribute of a slug
            counts[row[1], row[2]] += row[5]
    found = [FacetValue(key, label, count) for (key, label), count in counts.items()]
    return sorted(found, key=lambda value: (-value.count, value.key))[:MOST_VALUES_SHOWN]


def _attributes(rows: list[Any]) -> list[Facet]:
    # Types may call an attribute of one slug differently: the first name in order is shown.
    named = {(row[3], row[4]) for row in rows if row[0] == "attribute"}
    labels = dict(sorted(named, reverse=True))
    return [
        Facet(slug, label, _values([row for row in rows if row[3] == slug], "attribute"))
        for slug, label in sorted(labels.items())
    ]
