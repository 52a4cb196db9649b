"""Listings, search and facets: what is found, in which order, in how many statements."""

from __future__ import annotations

import pytest
from msgspec import structs

from storeql.catalog import tables
from storeql.catalog.finding.facets import facets
from storeql.catalog.finding.filters import AttributeFilter, ProductFilter
from storeql.catalog.finding.listing import ProductSort
from storeql.catalog.resolvers import EVERYTHING, ProductOrder, View, product, products
from storeql.db import Connection, Database, Selection
from storeql.db.paging import PageRequest
from storeql.errors import BadInput
from tests.rows import NOW, SmallShop

VIEW = View(now=NOW)
LISTED = Selection.of_names("nodes.slug", "page_info", "total_count")


def seed(connection: Connection) -> None:
    shop = SmallShop(connection)
    phones, path = shop.category("phones")
    cases, _ = shop.category("cases", phones, path)
    new = shop.tag("new")
    shop.product("case-a", "云感 手机壳 Silicone phone case", price=2900, categories=[cases])
    shop.product(
        "case-b",
        "皮革手机壳 Leather phone case",
        price=9900,
        categories=[cases, phones],  # counted once among the phones
        tags=[new],
    )
    shop.product(
        "phone", "山岚手机 Shanlan phones", price=199900, categories=[phones], brand="Beta"
    )
    shop.product(
        "mug", "陶瓷杯 Stoneware mug", price=4900, stock=0, description="Case of six, café style."
    )
    shop.product("draft", "草稿 Draft phone", published_at=None)
    shop.product("later", "明天 Tomorrow", published_at=NOW + 1)


def found(connection: Connection, **conditions: object) -> list[str]:
    page = products(
        connection,
        LISTED,
        view=VIEW,
        page=PageRequest(),
        filter=ProductFilter(**conditions),  # type: ignore[arg-type]
    )
    slugs = [node.slug for node in page.nodes]
    assert page.total_count == len(slugs)
    return slugs


@pytest.mark.parametrize(
    ("conditions", "slugs"),
    [
        ({}, ["mug", "case-a", "phone", "case-b"]),
        ({"category": "phones"}, ["case-a", "phone", "case-b"]),
        ({"category": "cases"}, ["case-a", "case-b"]),
        ({"tags": ["new"]}, ["case-b"]),
        ({"attributes": [AttributeFilter("brand", ["Beta"])]}, ["phone"]),
        ({"price_from_minor": 4900, "price_to_minor": 9900}, ["mug", "case-b"]),
        ({"available": False}, ["mug"]),
        ({"available": True, "category": "cases"}, ["case-a", "case-b"]),
        ({"category": "no-such"}, []),
    ],
)
def test_every_condition_of_a_filter_has_to_hold(
    database: Database, conditions: dict[str, object], slugs: list[str]
) -> None:
    database.write(seed)
    with database.reading() as connection:
        assert sorted(found(connection, **conditions)) == sorted(slugs)


@pytest.mark.parametrize(
    ("text", "slugs"),
    [
        ("手机壳", ["case-a", "case-b"]),
        ("机壳", ["case-a", "case-b"]),
        ("壳", ["case-a", "case-b"]),
        ("手机", ["phone", "case-a", "case-b"]),
        ("phone case", ["case-a", "case-b"]),
        ("a case for the phone", ["case-a", "case-b"]),
        ("PHONES", ["phone", "case-a", "case-b"]),
        ("case", ["case-b", "case-a", "mug"]),
        ("leath", ["case-b"]),
        ("皮革 leather", ["case-b"]),
        ("case-b-1", ["case-b"]),
        ("CASEB1", ["case-b"]),
        ("ＣＡＳＥ－Ｂ－１", ["case-b"]),
        ("cafés", ["mug"]),
        ("six cafe", ["mug"]),
        ("the", []),
        ("？！", []),
        ("'; DROP TABLE products; --", []),
        ('"AND" OR NOT *', []),
        ("%", []),
        ("😀 \ud7ff \uffff", []),
    ],
)
def test_search_gives_both_engines_the_same_answer_in_the_same_order(
    database: Database, text: str, slugs: list[str]
) -> None:
    database.write(seed)
    with database.reading() as connection:
        assert found(connection, search=text) == slugs


@pytest.mark.parametrize("by", sorted({*ProductSort} - {"RELEVANCE", "MANUAL"}))
@pytest.mark.parametrize("descending", [False, True])
def test_pages_show_every_product_once_in_both_directions(
    database: Database, by: ProductSort, descending: bool
) -> None:
    def many(connection: Connection) -> None:
        shop = SmallShop(connection)
        for number in range(11):
            shop.product(f"p{number:02}", f"name {number % 4}", price=100 + number % 3)

    database.write(many)
    order, wanted = ProductOrder(by, descending), Selection.of_names("nodes.slug", "page_info")
    with database.reading() as connection:

        def walk(step: str) -> list[str]:
            seen: list[str] = []
            cursor = None
            while True:
                page = PageRequest(
                    **(
                        {"first": 4, "after": cursor}
                        if step == "forward"
                        else {"last": 4, "before": cursor}
                    )
                )
                answer = products(connection, wanted, view=VIEW, page=page, order=order)
                info = answer.page_info
                assert info is not None
                slugs = [node.slug for node in answer.nodes]
                if step == "forward":
                    seen, cursor, more = seen + slugs, info.end_cursor, info.has_next_page
                else:
                    seen, cursor, more = slugs + seen, info.start_cursor, info.has_previous_page
                if not more:
                    return seen

        forward = walk("forward")
        assert sorted(forward) == [f"p{number:02}" for number in range(11)]
        assert walk("backward") == forward


def test_a_collection_is_paged_in_its_own_order_and_filtered_besides(database: Database) -> None:
    def chosen(connection: Connection) -> None:
        shop = SmallShop(connection)
        rows = [shop.product(f"p{number}", price=100 * number) for number in range(1, 7)]
        for slug, places in (("spring", [3, 1, 1, 0, 2, 9]), ("autumn", [0, 1, 2, 3, 4, 5])):
            collection = shop.add(tables.collections, slug=slug, name=slug)
            for row, position in zip(rows, places, strict=True):
                shop.add(
                    tables.collection_products,
                    collection_id=collection,
                    product_id=row,
                    position=position,
                )

    def walk(connection: Connection, **conditions: object) -> list[str]:
        seen: list[str] = []
        after = None
        while True:
            page = products(
                connection,
                Selection.of_names("nodes.slug", "page_info"),
                view=VIEW,
                page=PageRequest(first=2, after=after),
                filter=ProductFilter(collection="spring", **conditions),  # type: ignore[arg-type]
            )
            assert page.page_info
            seen += [node.slug for node in page.nodes]
            after = page.page_info.end_cursor
            if not page.page_info.has_next_page:
                return seen

    database.write(chosen)
    with database.reading() as connection:
        assert walk(connection) == ["p4", "p2", "p3", "p5", "p1", "p6"]
        assert walk(connection, price_from_minor=300) == ["p4", "p3", "p5", "p6"]
        with pytest.raises(BadInput, match="collection"):
            products(
                connection,
                LISTED,
                view=VIEW,
                page=PageRequest(),
                order=ProductOrder(ProductSort.MANUAL),
            )


def test_a_draft_shows_only_to_those_who_ask_for_drafts(database: Database) -> None:
    database.write(seed)
    with database.reading() as connection:
        wanted = Selection.of_names("slug")
        assert product(connection, wanted, view=VIEW, slug="draft") is None
        assert product(connection, wanted, view=VIEW, slug="later") is None
        later = product(connection, wanted, view=View(now=NOW + 1), slug="later")
        drafts = View(now=NOW, drafts=True)
        assert later is not None
        assert product(connection, wanted, view=drafts, slug="draft") is not None


def test_facets_count_everything_found(database: Database) -> None:
    database.write(seed)
    wanted = Selection.of_names("categories", "tags", "attributes")
    with database.reading() as connection:
        before = connection.count
        counted = facets(connection, wanted, view=VIEW, filter=ProductFilter(search="phone"))
        assert connection.count - before == 1
    assert (counted.total, counted.available) == (3, 3)
    assert (counted.price_min_minor, counted.price_max_minor) == (2900, 199900)
    assert [(value.key, value.count) for value in counted.categories] == [
        ("phones", 3),
        ("cases", 2),
    ]
    assert [(value.key, value.count) for value in counted.tags] == [("new", 1)]
    (brand,) = counted.attributes
    assert [(value.key, value.count) for value in brand.values] == [("Alpha", 2), ("Beta", 1)]


@pytest.mark.parametrize(
    ("conditions", "counts"),
    [
        ({}, {"phones": 3, "cases": 2}),
        ({"category": "cases"}, {"phones": 2, "cases": 2}),
        ({"tags": ["new"]}, {"phones": 1, "cases": 1}),
        ({"price_to_minor": 2900}, {"phones": 1, "cases": 1}),
        ({"available": False}, {}),
    ],
)
def test_a_facet_counts_what_its_filter_would_find(
    database: Database, conditions: dict[str, object], counts: dict[str, int]
) -> None:
    database.write(seed)
    wanted = Selection.of_names("categories")
    filter = ProductFilter(**conditions)  # type: ignore[arg-type]
    with database.reading() as connection:
        counted = facets(connection, wanted, view=VIEW, filter=filter)
        assert {value.key: value.count for value in counted.categories} == counts
        for value in counted.categories:
            narrowed = structs.replace(filter, category=value.key)
            if filter.category is None:
                assert facets(connection, wanted, view=VIEW, filter=narrowed).total == value.count


def test_facets_add_up_what_several_types_call_the_same(database: Database) -> None:
    def two_types_with_a_brand(connection: Connection) -> None:
        shop = SmallShop(connection)
        shop.product("goods-1")
        shop.type = shop.add(tables.product_types, slug="gifts", name="Gifts")
        shop.brand = shop.add(
            tables.attributes, product_type_id=shop.type, slug="brand", name="Brand", kind="SELECT"
        )
        shop.product("gift-1")
        shop.product("gift-2", brand="Beta")

    database.write(two_types_with_a_brand)
    with database.reading() as connection:
        counted = facets(
            connection, Selection.of_names("attributes"), view=VIEW, filter=ProductFilter()
        )
    (brand,) = counted.attributes
    assert [(value.key, value.count) for value in brand.values] == [("Alpha", 2), ("Beta", 1)]


def test_statements_do_not_grow_with_products(database: Database) -> None:
    wanted = Selection.of_names(
        "nodes.slug", "nodes.variants.sku", "nodes.variants.price", "nodes.categories.name"
    )

    def counted() -> int:
        with database.reading() as connection:
            products(connection, wanted, view=VIEW, page=PageRequest(first=100))
            return connection.count

    def more(connection: Connection) -> None:
        shop = SmallShop(connection)
        for number in range(40):
            shop.product(f"p{number}", variants=3)

    database.write(more)
    assert counted() == 3


@pytest.mark.parametrize(
    "cursor", ["", "x", "AAAA", "WzFd", "bm90IGpzb24", "é", "WyJQUklDRSsiLDEsMV0"]
)
def test_a_cursor_of_another_list_is_refused(database: Database, cursor: str) -> None:
    database.write(seed)
    with database.reading() as connection, pytest.raises(BadInput):
        products(connection, LISTED, view=VIEW, page=PageRequest(after=cursor))


def test_an_unknown_channel_is_said_to_be_unknown(database: Database) -> None:
    database.write(seed)
    with database.reading() as connection, pytest.raises(BadInput, match="no channel"):
        products(
            connection,
            LISTED,
            view=View(now=NOW, channel="mars"),
            page=PageRequest(),
            filter=EVERYTHING,
        )
