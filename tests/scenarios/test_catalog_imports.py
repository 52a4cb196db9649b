"""Products, variants, prices and stock come from a table, and again from the same table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from tests.scenarios.tables_door import STOCK_OF, TableClerk, counts, open_tables, xlsx_of

HEADING = [
    "slug",
    "name",
    "description",
    "product_type",
    "categories",
    "tags",
    "attributes.volume",
    "attributes.material",
    "published.cn",
    "options",
    "sku",
    "price.cn",
    "compare_at.cn",
    "cost.cn",
    "price.kw",
    "stock.north",
    "weight",
    "barcode",
]
CUP = [
    "tea-cup", "Tea cup", "For tea.", "cup", "cups", "new", "250", "clay", "yes",
    "颜色=白; 尺码=S", "CUP-1", "19.90", "25", "8", "1.250", "5", "300", "0012345",
]  # fmt: skip
SECOND = [""] * 9 + ["颜色=青; 尺码=S", "CUP-2", "21.9", "", "8", "", "0", "310", ""]
PRODUCT = """
query ($slug: String!, $channel: String) {
  product(slug: $slug, channel: $channel, includeUnpublished: true) {
    name description version publishedAt options { name values }
    productType { slug } categories { slug } tags { slug } attributes { slug value }
    variants { id sku name version weightGrams barcode options { name value }
      price { amount } compareAtPrice { amount } cost { amount }
      stockLevels { warehouse { slug } onHand } } } }"""


@pytest.fixture
def clerk(database: Database, database_url: str, tmp_path: Path) -> Iterator[TableClerk]:
    with open_tables(database_url, str(tmp_path), database) as opened:
        opened.build()
        opened.make("categoryCreate", name="Cups")
        opened.make("tagCreate", name="New")
        yield opened


def product(clerk: TableClerk, slug: str = "tea-cup", channel: str = "cn") -> Any:
    return clerk.ask(PRODUCT, slug=slug, channel=channel)


def test_a_product_with_two_variants_is_made_and_made_again_changes_nothing(
    clerk: TableClerk,
) -> None:
    table = [HEADING, CUP, SECOND]
    assert counts(clerk.imported(table)) == {"total": 2, "created": 2, "productsCreated": 1}
    made = product(clerk)
    assert (made["name"], made["description"]) == ("Tea cup", "For tea.")
    assert made["publishedAt"] is not None
    assert made["options"] == [
        {"name": "颜色", "values": ["白", "青"]},
        {"name": "尺码", "values": ["S"]},
    ]
    assert made["categories"] == [{"slug": "cups"}] and made["tags"] == [{"slug": "new"}]
    assert made["attributes"] == [
        {"slug": "volume", "value": "250"},
        {"slug": "material", "value": "clay"},
    ]
    white, green = made["variants"]
    assert (white["sku"], white["name"], white["barcode"]) == ("CUP-1", "白 / S", "0012345")
    assert white["weightGrams"] == 300
    assert white["price"] == {"amount": "19.90"}
    assert white["compareAtPrice"] == {"amount": "25.00"} and white["cost"] == {"amount": "8.00"}
    assert white["stockLevels"] == [{"warehouse": {"slug": "north"}, "onHand": 5}]
    assert green["price"] == {"amount": "21.90"} and green["compareAtPrice"] is None
    assert product(clerk, channel="kw")["variants"][0]["price"] == {"amount": "1.250"}
    moved = clerk.ask(STOCK_OF, id=white["id"])["nodes"]
    assert [(one["onHandChange"], one["reason"], one["note"]) for one in moved] == [
        (5, "RECEIVED", "table.csv")
    ]

    assert counts(clerk.imported(table)) == {"total": 2, "unchanged": 2}
    assert product(clerk) == made
    assert clerk.ask(STOCK_OF, id=white["id"])["nodes"] == moved
    found = clerk.ask('{ products(filter: { search: "tea" }, channel: "cn") { totalCount } }')
    assert found["totalCount"] == 1


def test_a_workbook_says_the_same_as_csv(clerk: TableClerk) -> None:
    numbers = [
        float(cell) if cell.replace(".", "", 1).isdecimal() and cell != "0012345" else cell
        for cell in CUP
    ]
    done = clerk.imported(xlsx_of([HEADING, numbers, SECOND]))
    assert counts(done) == {"total": 2, "created": 2, "productsCreated": 1}
    assert counts(clerk.imported([HEADING, CUP, SECOND])) == {"total": 2, "unchanged": 2}
