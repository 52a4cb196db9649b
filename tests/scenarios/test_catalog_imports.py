"""Products, variants, prices and stock come from a table, and again from the same table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from tests.scenarios.tables_door import (
    STOCK_OF,
    TableClerk,
    counts,
    csv_of,
    open_tables,
    xlsx_of,
)

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


def thousand(bad: dict[int, dict[str, str]] | None = None) -> list[list[str]]:
    """A thousand rows, four variants to a product; `bad` bends cells by row number."""
    rows = [list(HEADING)]
    for number in range(2, 1002):
        product, place = divmod(number - 2, 4)
        itself = [f"cup-{product}", f"Cup {product}", *CUP[2:9]] if place == 0 else [""] * 9
        variant = [f"颜色=色{place}", f"SKU-{number}", "19.90", "", "", "", "5", "", ""]
        row = dict(zip(HEADING, [*itself, *variant], strict=True))
        rows.append(list({**row, **(bad or {}).get(number, {})}.values()))
    return rows


THREE_BAD = {
    7: {"price.cn": "nineteen"},
    500: {"stock.north": "-1"},
    1000: {"attributes.volume": "", "sku": "SKU-2"},
}


def test_of_1000_rows_with_3_bad_997_are_imported_and_3_reported(clerk: TableClerk) -> None:
    table = thousand(THREE_BAD)
    done = clerk.imported(table)
    assert counts(done) == {"total": 1000, "created": 997, "bad": 3, "productsCreated": 250}
    assert clerk.problems(done) == [
        (7, "INVALID_AMOUNT", "price.cn"),
        (500, "INVALID_NUMBER", "stock.north"),
        (1000, "DUPLICATE", "sku"),
    ]
    again = clerk.imported(table)
    assert counts(again) == {"total": 1000, "unchanged": 997, "bad": 3}

    told = clerk.fetched(done["problemsPath"])
    assert told[0] == [
        *HEADING,
        "row",
        "result",
        "problem.code",
        "problem.message",
        "problem.field",
    ]
    assert [(row[-5], row[-4], row[-3], row[-1]) for row in told[1:]] == [
        ("7", "bad", "INVALID_AMOUNT", "price.cn"),
        ("500", "bad", "INVALID_NUMBER", "stock.north"),
        ("1000", "bad", "DUPLICATE", "sku"),
    ]
    everything = clerk.fetched(done["resultPath"])
    assert len(everything) == 1001
    assert {row[-4] for row in everything[1:]} == {"created", "bad"}

    told[1][HEADING.index("price.cn")] = "19.90"
    told[2][HEADING.index("stock.north")] = "3"
    told[3][HEADING.index("sku")] = "SKU-1000"
    assert told[1][0] == "cup-1"  # the row above it said so
    assert counts(clerk.imported(told)) == {"total": 3, "created": 3, "productsUpdated": 3}


def test_a_dry_run_counts_what_would_come_of_it_and_writes_nothing(clerk: TableClerk) -> None:
    done = clerk.imported(thousand(THREE_BAD), dryRun=True)
    assert counts(done) == {"total": 1000, "created": 997, "bad": 3, "productsCreated": 250}
    assert done["isDryRun"] and done["job"]["result"]["created"] == 997
    assert len(clerk.problems(done)) == 3
    assert clerk.ask("{ products(includeUnpublished: true) { totalCount } }") == {"totalCount": 0}


def test_an_import_may_stop_at_the_first_bad_row(clerk: TableClerk) -> None:
    done = clerk.imported(thousand(THREE_BAD), errorPolicy="STOP_AT_FIRST")
    assert counts(done) == {
        "total": 1000,
        "created": 5,
        "bad": 1,
        "leftOut": 994,
        "productsCreated": 2,
        "stoppedRow": 7,
    }
    assert clerk.problems(done) == [(7, "INVALID_AMOUNT", "price.cn")]
    results = [row[-4] for row in clerk.fetched(done["resultPath"])[1:]]
    assert results == ["created"] * 5 + ["bad"] + ["left_out"] * 994


def test_all_or_nothing_imports_nothing_with_a_bad_row_and_everything_without(
    clerk: TableClerk,
) -> None:
    done = clerk.imported(thousand(THREE_BAD), errorPolicy="ALL_OR_NOTHING")
    assert counts(done) == {"total": 1000, "bad": 3, "leftOut": 997}
    assert clerk.ask("{ products(includeUnpublished: true) { totalCount } }") == {"totalCount": 0}
    assert [row[-4] for row in clerk.fetched(done["resultPath"])[1:]].count("left_out") == 997
    done = clerk.imported(thousand(), errorPolicy="ALL_OR_NOTHING")
    assert counts(done) == {"total": 1000, "created": 1000, "productsCreated": 250}
    assert done["job"]["result"]["created"] == 1000
    found = clerk.ask('{ products(channel: "cn") { totalCount } }')
    assert found == {"totalCount": 250}


def bent(**cells: str) -> list[str]:
    """The cup's row with other cells; names are those of columns with `_` for `.`."""
    row = dict(zip(HEADING, CUP, strict=True))
    for name, text in cells.items():
        row[name.replace("__", ".")] = text
    return list(row.values())


BAD_CELLS: list[tuple[dict[str, str], str, str | None]] = [
    ({"name": ""}, "REQUIRED", "name"),
    ({"description": ""}, "REQUIRED", "description"),
    ({"product_type": ""}, "REQUIRED", "product_type"),
    ({"product_type": "plate"}, "NOT_FOUND", "product_type"),
    ({"slug": "Tea Cup"}, "INVALID_SLUG", "slug"),
    ({"categories": "cups; plates"}, "NOT_FOUND", "categories"),
    ({"tags": "old"}, "NOT_FOUND", "tags"),
    ({"attributes__volume": ""}, "ATTRIBUTE_REQUIRED", "attributes.volume"),
    ({"attributes__volume": "big"}, "INVALID_VALUE", "attributes.volume"),
    ({"attributes__material": "gold"}, "INVALID_VALUE", "attributes.material"),
    ({"published__cn": "soon"}, "INVALID_INSTANT", "published.cn"),
    ({"options": "颜色"}, "INVALID_OPTIONS", "options"),
    ({"sku": ""}, "REQUIRED", "sku"),
    ({"sku": "x" * 65}, "TOO_LONG", "sku"),
    ({"price__cn": "", "compare_at__cn": "", "cost__cn": "", "price__kw": ""}, "REQUIRED", "price"),
    ({"price__cn": "1.234"}, "INVALID_AMOUNT", "price.cn"),
    ({"price__cn": "-1"}, "INVALID_AMOUNT", "price.cn"),
    ({"price__cn": "NaN"}, "INVALID_AMOUNT", "price.cn"),
    ({"price__cn": "9" * 14}, "OUT_OF_RANGE", "price.cn"),
    ({"compare_at__cn": "19.90"}, "COMPARE_AT_TOO_LOW", "compare_at.cn"),
    ({"stock__north": ""}, "REQUIRED", "stock"),
    ({"stock__north": "1.5"}, "INVALID_NUMBER", "stock.north"),
    ({"weight": "light"}, "INVALID_NUMBER", "weight"),
    ({"barcode": "a\u0007b"}, "INVALID_CHARACTER", "barcode"),
]


def test_whatever_is_wrong_with_a_row_is_told_with_its_column(clerk: TableClerk) -> None:
    wrong = []
    for cells, code, column in BAD_CELLS:
        done = clerk.imported([HEADING, bent(**cells)], dryRun=True)
        if clerk.problems(done) != [(2, code, column)]:
            wrong.append((cells, clerk.problems(done)))
    assert wrong == []


def test_all_that_is_wrong_with_a_row_is_told_at_once(clerk: TableClerk) -> None:
    row = bent(tags="old", price__cn="x", stock__north="y", weight="z")
    done = clerk.imported([HEADING, row])
    assert counts(done) == {"total": 1, "bad": 1}
    assert clerk.problems(done) == [
        (2, "INVALID_AMOUNT", "price.cn"),
        (2, "INVALID_NUMBER", "stock.north"),
        (2, "INVALID_NUMBER", "weight"),
    ]
    assert clerk.problems(clerk.imported([HEADING, bent(tags="old", collections="x")[:18]]))


def test_what_is_wrong_with_the_heading_is_said_before_anything_is_queued(
    clerk: TableClerk,
) -> None:
    heading = ["name", "price.us", "stock.south", "attributes.taste", "colour", "name"]
    payload = clerk.started([heading, [""] * 6])
    assert [(one["code"], one["field"]) for one in payload["userErrors"]] == [
        ("NOT_FOUND", ["uploadId"]),
        ("NOT_FOUND", ["uploadId"]),
        ("NOT_FOUND", ["uploadId"]),
        ("UNKNOWN_COLUMN", ["uploadId"]),
        ("DUPLICATE_COLUMN", ["uploadId"]),
        ("MISSING_COLUMN", ["uploadId"]),
    ]
    assert clerk.refused([["sku", "price.cn", "name"], ["a", "1", "b"]], "PRICES") == [
        "UNKNOWN_COLUMN"
    ]
    done = clerk.imported([[*HEADING, "colour"], [*CUP, "blue"]], ignoreUnknownColumns=True)
    assert counts(done) == {"total": 1, "created": 1, "productsCreated": 1}


FILES: list[tuple[bytes, str]] = [
    (b"\n\n", "EMPTY"),
    (b"sku,price.cn\n", "EMPTY"),
    (b"\xd0\xcf\x11\xe0 an old workbook", "NOT_A_TABLE"),
    (b"MZ a program", "NOT_A_TABLE"),
    (b"PK\x03\x04 an archive", "NOT_A_TABLE"),
    (b"sku\0,price.cn\nA,1\n", "NOT_A_TABLE"),
    (b'sku,price.cn\n"A,1\n', "NOT_A_TABLE"),
    (b"sku,price.cn\nA,1,2\n", "MALFORMED"),
    (b"\x81\xff\xff", "NOT_A_TABLE"),
]


@pytest.mark.parametrize("content,code", FILES)
def test_a_file_that_is_no_table_is_refused(clerk: TableClerk, content: bytes, code: str) -> None:
    assert clerk.refused(content, "PRICES") == [code]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_of_chinese_spreadsheets_are_read(
    clerk: TableClerk, encoding: str, delimiter: str
) -> None:
    text = csv_of([HEADING, bent(name="茶杯", description="喝茶用，白瓷")], delimiter).decode()
    assert counts(clerk.imported(text.encode(encoding))) == {
        "total": 1,
        "created": 1,
        "productsCreated": 1,
    }
    assert product(clerk)["name"] == "茶杯"


def test_a_text_that_was_kept_from_being_a_formula_is_itself_again(clerk: TableClerk) -> None:
    clerk.imported([HEADING, bent(name="'=1+1", description="'-5 degrees", sku="'@home")])
    made = product(clerk)
    assert (made["name"], made["description"]) == ("=1+1", "-5 degrees")
    assert made["variants"][0]["sku"] == "@home"


def test_an_empty_cell_keeps_a_value_or_clears_it(clerk: TableClerk) -> None:
    clerk.imported([HEADING, CUP])
    emptied = bent(
        name="", description="", product_type="", categories="", tags="", attributes__material="",
        published__cn="", options="", price__cn="", compare_at__cn="", cost__cn="", price__kw="",
        stock__north="", weight="", barcode="",
    )  # fmt: skip
    before = product(clerk)
    assert counts(clerk.imported([HEADING, emptied])) == {"total": 1, "unchanged": 1}
    assert product(clerk) == before
    done = clerk.imported([HEADING, emptied], emptyCells="CLEAR")
    assert clerk.problems(done) == []
    after = product(clerk)
    assert (after["name"], after["description"]) == ("Tea cup", "For tea.")
    assert (after["categories"], after["tags"], after["publishedAt"]) == ([], [], None)
    assert after["attributes"] == [{"slug": "volume", "value": "250"}]
    [left] = after["variants"]
    assert left["price"] == {"amount": "19.90"} and left["stockLevels"][0]["onHand"] == 5
    assert (left["compareAtPrice"], left["cost"], left["weightGrams"]) == (None, None, None)
    assert left["barcode"] is None


def test_rows_change_products_that_are_there(clerk: TableClerk) -> None:
    clerk.imported([HEADING, CUP, SECOND])
    before = product(clerk)
    done = clerk.imported(
        [
            ["sku", "name", "price.cn", "stock.north", "published.cn"],
            ["CUP-1", "Large cup", "18", "7", "no"],
            ["CUP-2", "Large cup", "21.90", "0", ""],
            ["CUP-3", "Large cup", "30", "1", ""],
        ]
    )
    assert counts(done) == {
        "total": 3,
        "updated": 1,
        "unchanged": 1,
        "bad": 1,
        "productsUpdated": 1,
    }
    assert clerk.problems(done) == [(4, "OPTIONS_MISMATCH", "options")]
    after = product(clerk)
    assert (after["name"], after["publishedAt"]) == ("Large cup", None)
    assert after["version"] == before["version"] + 1
    white, green = after["variants"]
    assert white["price"] == {"amount": "18.00"} and white["stockLevels"][0]["onHand"] == 7
    assert green == before["variants"][1]
    assert clerk.ask(STOCK_OF, id=white["id"])["nodes"][0] == {
        "onHandChange": 2,
        "reason": "CORRECTED",
        "note": "table.csv",
        "reference": "import:2",
        "actor": "staff:1",
    }


def test_a_sku_belongs_to_one_product(clerk: TableClerk) -> None:
    clerk.imported([HEADING, CUP])
    done = clerk.imported([HEADING, bent(slug="other", options="")])
    assert clerk.problems(done) == [(2, "TAKEN", "sku")]
    done = clerk.imported([["sku", "price.cn"], ["NONE", "5"]], "PRICES")
    assert clerk.problems(done) == [(2, "NOT_FOUND", "sku")]


def test_a_product_without_a_slug_gets_one_from_its_name(clerk: TableClerk) -> None:
    nameless = [row[1:] for row in (HEADING, CUP, bent(sku="CUP-2", options="颜色=青; 尺码=S"))]
    assert counts(clerk.imported(nameless)) == {"total": 2, "created": 2, "productsCreated": 1}
    other = bent(sku="CUP-9")[1:]
    assert counts(clerk.imported([HEADING[1:], other])) == {
        "total": 1,
        "created": 1,
        "productsCreated": 1,
    }
    assert product(clerk, "tea-cup-cup-9")["variants"][0]["sku"] == "CUP-9"
    assert counts(clerk.imported(nameless)) == {"total": 2, "unchanged": 2}


def test_prices_alone_and_stock_alone(clerk: TableClerk) -> None:
    clerk.imported([HEADING, CUP, SECOND])
    prices = [["sku", "price.cn", "compare_at.cn"], ["CUP-1", "18.5", ""], ["CUP-2", "", "30"]]
    assert counts(clerk.imported(prices, "PRICES")) == {
        "total": 2,
        "updated": 2,
        "productsUpdated": 1,
    }
    white, green = product(clerk)["variants"]
    assert white["price"] == {"amount": "18.50"} and white["compareAtPrice"] == {"amount": "25.00"}
    assert green["compareAtPrice"] == {"amount": "30.00"}
    version = product(clerk)["version"]
    stock = [["sku", "stock.north"], ["CUP-1", "3"], ["CUP-2", "9"]]
    done = clerk.imported(stock, "STOCK", stockReason="LOST")
    assert counts(done) == {"total": 2, "updated": 1, "bad": 1}
    assert clerk.problems(done) == [(3, "WRONG_SIGN", "stock.north")]
    assert product(clerk)["version"] == version
    assert counts(clerk.imported(stock, "STOCK")) == {"total": 2, "updated": 1, "unchanged": 1}
