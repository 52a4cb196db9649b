"""A page walks along the index of its sort: no page reads or sorts the whole shop."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from storeql.catalog.finding.filters import ProductFilter
from storeql.catalog.finding.listing import (
    COLUMNS,
    ListingShape,
    ProductSort,
    Scope,
    page_statement,
)
from storeql.catalog.resolvers import EVERYTHING

WALKED = [sort for sort in ProductSort if sort is not ProductSort.RELEVANCE]
FIRST, DEEP = (False, False), (False, True)


def on_postgresql(sort: ProductSort) -> str:
    columns = tuple(True for _ in COLUMNS)
    scope = Scope(channel_named=False, drafts=False)
    shape = ListingShape(EVERYTHING.shape, scope, columns, sort, False, FIRST)
    return page_statement(shape).for_postgresql().text


def plan(file: Path, shape: ListingShape) -> list[str]:
    text, constants, _ = page_statement(shape).for_sqlite()
    names = ("channel", "collection", "now", "page_value", "page_id", "page_limit")
    given = dict.fromkeys(names, 1)
    with sqlite3.connect(file) as connection:
        rows = connection.execute(f"EXPLAIN QUERY PLAN {text}", {**constants, **given})
        return [row[3] for row in rows]


@pytest.mark.parametrize("window", [FIRST, DEEP], ids=["first", "deep"])
@pytest.mark.parametrize("descending", [False, True], ids=["rising", "falling"])
@pytest.mark.parametrize("named", [False, True], ids=["default channel", "named channel"])
@pytest.mark.parametrize("sort", WALKED)
def test_no_page_of_a_shopper_is_sorted(
    migrated_file: Path,
    sort: ProductSort,
    named: bool,
    descending: bool,
    window: tuple[bool, bool],
) -> None:
    columns = tuple(True for _ in COLUMNS)
    scope = Scope(channel_named=named, drafts=False)
    chosen = ProductFilter(collection="any") if sort is ProductSort.MANUAL else EVERYTHING
    shape = ListingShape(chosen.shape, scope, columns, sort, descending, window)
    steps = plan(migrated_file, shape)
    assert any("USING INDEX" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in steps)


@pytest.mark.parametrize("sort", WALKED)
def test_postgresql_reads_its_figures_of_every_condition(sort: ProductSort) -> None:
    text = on_postgresql(sort)
    for column in ("channel_id =", "published_at <=", "price_minor IS NOT NULL"):
        assert f" publications.{column}" in text
    assert "+" not in text
