"""Products in the form their type prescribes: added, changed, deleted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert

from storeql.catalog.inputs import (
    CategoryInput,
    DescribedInput,
    NamedInput,
    OpeningStock,
    OptionInput,
    PriceInput,
    ProductUpdate,
)
from storeql.catalog.problems import AttributeRequired, StockReserved
from storeql.catalog.products.attribute_values import boolean_text, date_text, number_text
from storeql.catalog.products.create_product import create_product
from storeql.catalog.products.delete_product import delete_product
from storeql.catalog.products.update_product import update_product
from storeql.catalog.stock.promise import reserve
from storeql.catalog.taxonomy.save_category import create_category
from storeql.catalog.taxonomy.save_collection import create_collection
from storeql.catalog.taxonomy.save_tag import create_tag
from storeql.db import Connection, Database, statement
from storeql.errors import Rejected, StaleVersion
from storeql.promotions.tables import gift_stocks, promotions
from tests.catalog.ledger import levels
from tests.catalog.products import (
    coloured,
    created,
    open_shop,
    phone,
    phone_values,
    seen,
    variant,
)
from tests.catalog.refusals import codes_of, problems_of
from tests.catalog.shop import NOW

_PROMOTION = statement(
    insert(promotions), "id", "name", "kind", "currency", "created_at", "updated_at"
)
_GIFT = statement(insert(gift_stocks), "promotion_id", "variant_id", "quantity")


def given_away(connection: Connection, variant_id: int) -> None:
    """A promotion with ten pieces of the variant as its gifts."""
    texts = {"name": "Gift", "kind": "GIFT_WITH_PURCHASE", "currency": "CNY"}
    connection.run(_PROMOTION, id=1, created_at=NOW, updated_at=NOW, **texts)
    connection.run(_GIFT, promotion_id=1, variant_id=variant_id, quantity=10)


def test_a_product_is_added_with_its_variants_prices_stock_and_places(database: Database) -> None:
    shop = open_shop(database)
    category = database.write(lambda c: create_category(c, CategoryInput(name="手机")))
    tag = database.write(lambda c: create_tag(c, NamedInput(name="新品上市")))
    collection = database.write(lambda c: create_collection(c, DescribedInput(name="Gifts")))
    prices = (
        PriceInput(channel_id=shop.cny, price_minor=1500, compare_at_minor=2000, cost_minor=900),
        PriceInput(channel_id=shop.kwd, price_minor=1250),
    )
    stock = (
        OpeningStock(warehouse_id=shop.north, on_hand=2),
        OpeningStock(warehouse_id=shop.south, on_hand=0),
    )

    product_id = created(
        database,
        phone(
            shop,
            attributes=phone_values(**{"5g": "TRUE", "released": "2026-03-01"}),
            option_names=("颜色",),
            variants=(
                coloured(shop, "PX-RED", "red"),
                coloured(shop, "PX-BLUE", "blue", prices=prices, stock=stock),
            ),
            category_ids=(category,),
            collection_ids=(collection,),
            tag_ids=(tag,),
        ),
    )

    product = seen(database, product_id)
    red, blue = product.variants
    assert (product.slug, product.version, product.published_at) == ("phone-x", 1, None)
    assert product.options_json == '[{"name":"颜色","values":["red","blue"]}]'
    assert (red.sku, red.name, red.price_minor, red.available) == ("PX-RED", "red", 1990, 5)
    assert (blue.price_minor, blue.compare_at_minor, blue.cost_minor) == (1500, 2000, 900)
    assert product.price_minor == 1500
    assert seen(database, product_id, channel="kw").price_minor == 1250
    assert [one.slug for one in product.categories] == ["手机"]
    assert [one.slug for one in product.tags] == ["新品上市"]
    assert [one.slug for one in product.collections] == ["gifts"]
    assert {one.slug: one.value for one in product.attributes} == {
        "screen": "6.1",
        "family": "dark",
        "5g": "true",
        "released": "2026-03-01",
    }
    assert levels(database) == {
        (red.id, shop.north): (5, 0),
        (blue.id, shop.north): (2, 0),
        (blue.id, shop.south): (0, 0),
    }


def test_every_problem_of_a_product_comes_at_once(database: Database) -> None:
    shop = open_shop(database)
    created(database, phone(shop, slug="taken", variants=(variant(shop, "USED"),)))
    bad_prices = (
        PriceInput(channel_id=shop.cny, price_minor=100, compare_at_minor=100),
        PriceInput(channel_id=shop.cny, price_minor=-1, cost_minor=-1),
        PriceInput(channel_id=99, price_minor=1),
    )
    given = phone(
        shop,
        name=" ",
        slug="taken",
        description="",
        attributes=phone_values(screen="6,1", family="", released="2026-02-30", weight="1"),
        option_names=("颜色",),
        variants=(
            coloured(shop, "USED", "red"),
            coloured(shop, "A", "red", prices=bad_prices),
            coloured(shop, "A", "blue", stock=()),
            variant(shop, "B\0", options=(OptionInput(name="size", value="L"),), prices=()),
        ),
        category_ids=(7,),
        tag_ids=(8,),
    )

    codes = codes_of(database, lambda c: create_product(c, given, now=NOW, actor="staff:1"))

    assert sorted(codes) == sorted(
        [
            ("REQUIRED", "name"),
            ("TAKEN", "slug"),
            ("REQUIRED", "description"),
            ("INVALID_VALUE", "attributes.0.value"),
            ("ATTRIBUTE_REQUIRED", "attributes.1.value"),
            ("INVALID_VALUE", "attributes.2.value"),
            ("NOT_FOUND", "attributes.3.attribute"),
            ("TAKEN", "variants.0.sku"),
            ("DUPLICATE", "variants.1.options"),
            ("COMPARE_AT_TOO_LOW", "variants.1.prices.0.compareAtPrice"),
            ("OUT_OF_RANGE", "variants.1.prices.1.price"),
            ("OUT_OF_RANGE", "variants.1.prices.1.cost"),
            ("DUPLICATE", "variants.1.prices.1.channelId"),
            ("NOT_FOUND", "variants.1.prices.2.channelId"),
            ("DUPLICATE", "variants.2.sku"),
            ("REQUIRED", "variants.2.stock"),
            ("INVALID_CHARACTER", "variants.3.sku"),
            ("OPTIONS_MISMATCH", "variants.3.options"),
            ("REQUIRED", "variants.3.prices"),
            ("NOT_FOUND", "categoryIds.0"),
            ("NOT_FOUND", "tagIds.0"),
        ]
    )


def test_a_missing_attribute_is_a_typed_problem_naming_it(database: Database) -> None:
    shop = open_shop(database)
    given = phone(shop, attributes=phone_values(family="\u200b")[1:])

    problems = problems_of(database, lambda c: create_product(c, given, now=NOW, actor="s"))

    assert all(isinstance(problem, AttributeRequired) for problem in problems)
    assert [
        (problem.attribute, problem.field, problem.index)
        for problem in problems
        if isinstance(problem, AttributeRequired)
    ] == [("screen", ("attributes",), None), ("family", ("attributes", "0", "value"), 0)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("007.500", "7.5"), ("-0.0", "0"), ("-12", "-12"), ("0.10", "0.1"), ("100", "100")],
)
def test_numbers_are_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert number_text(typed) == kept
    assert number_text(kept) == kept


@pytest.mark.parametrize("typed", ["1e3", "NaN", "1_000", "٣", "1.", ".5", "+1", "1 000", "9" * 16])
def test_what_is_no_plain_decimal_is_no_number(typed: str) -> None:
    assert number_text(typed) is None


def test_booleans_and_days_have_one_spelling() -> None:
    assert [boolean_text(text) for text in ("TRUE", "false", "yes")] == ["true", "false", None]
    assert [date_text(text) for text in ("2026-03-01", "2026-02-29", "20260301", "2026-3-1")] == [
        "2026-03-01",
        None,
        None,
        None,
    ]


def test_of_two_creates_racing_for_one_sku_one_wins(database: Database) -> None:
    shop = open_shop(database)

    def create(number: int) -> str:
        given = phone(shop, variants=(variant(shop, "SAME"),))
        try:
            return str(created(database, given))
        except Rejected as rejected:
            (problem,) = rejected.problems
            assert problem.code == "TAKEN"
            assert problem.field in (("variants",), ("variants", "0", "sku"))
            return ""

    with ThreadPoolExecutor(6) as threads:
        assert len([made for made in threads.map(create, range(6)) if made]) == 1


def test_two_products_of_one_name_racing_get_two_slugs(database: Database) -> None:
    shop = open_shop(database)

    def create(number: int) -> int:
        return created(database, phone(shop, variants=(variant(shop, f"SKU-{number}"),)))

    with ThreadPoolExecutor(6) as threads:
        slugs = {seen(database, one).slug for one in threads.map(create, range(6))}

    assert slugs == {"phone-x", *(f"phone-x-{number}" for number in range(2, 7))}


def test_a_list_that_is_given_replaces_the_whole_list(database: Database) -> None:
    shop = open_shop(database)
    first, second = (
        database.write(lambda c, name=name: create_tag(c, NamedInput(name=name)))
        for name in ("First", "Second")
    )
    product_id = created(database, phone(shop, tag_ids=(first,)))
    change = ProductUpdate(
        id=product_id,
        expected_version=1,
        name="Phone Y",
        tag_ids=(second,),
        attributes=phone_values(note="x"),
    )

    database.write(lambda c: update_product(c, change, now=NOW + 1))

    product = seen(database, product_id)
    assert (product.name, product.slug, product.version) == ("Phone Y", "phone-x", 2)
    assert [one.slug for one in product.tags] == ["second"]
    assert [one.value for one in product.attributes] == ["6.1", "dark", "x"]
    assert (product.description, product.updated_at) == ("A phone.", NOW + 1)


def test_of_two_changes_upon_one_version_one_is_refused(database: Database) -> None:
    shop = open_shop(database)
    product_id = created(database, phone(shop))

    def rename(number: int) -> bool:
        change = ProductUpdate(id=product_id, expected_version=1, name=f"Phone {number}")
        try:
            database.write(lambda c: update_product(c, change, now=NOW))
        except Rejected as rejected:
            (problem,) = rejected.problems
            assert isinstance(problem, StaleVersion)
            assert problem.current == 2
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(rename, range(4))) == 1


def test_options_are_renamed_in_the_product_and_in_its_variants(database: Database) -> None:
    shop = open_shop(database)
    product_id = created(
        database, phone(shop, option_names=("颜色",), variants=(coloured(shop, "A", "red"),))
    )
    renamed = ProductUpdate(id=product_id, option_names=("Colour",))
    more = ProductUpdate(id=product_id, option_names=("Colour", "Size"))

    database.write(lambda c: update_product(c, renamed, now=NOW))

    product = seen(database, product_id)
    assert product.options_json == '[{"name":"Colour","values":["red"]}]'
    assert product.variants[0].options_json == '[{"name":"Colour","value":"red"}]'
    assert codes_of(database, lambda c: update_product(c, more, now=NOW)) == [
        ("OPTIONS_FIXED", "optionNames")
    ]


def test_a_product_that_orders_wait_for_cannot_be_deleted(database: Database) -> None:
    shop = open_shop(database)
    product_id = created(database, phone(shop))
    variant_id = seen(database, product_id).variants[0].id
    database.write(lambda c: reserve(c, {variant_id: 2}, now=NOW, actor="g", reference="order:1"))

    (problem,) = problems_of(database, lambda c: delete_product(c, product_id, now=NOW))

    assert isinstance(problem, StockReserved)
    assert (problem.on_hand, problem.reserved) == (5, 2)


def test_a_product_that_a_promotion_gives_away_cannot_be_deleted(database: Database) -> None:
    shop = open_shop(database)
    product_id = created(database, phone(shop))
    variant_id = seen(database, product_id).variants[0].id
    database.write(lambda c: given_away(c, variant_id))

    assert codes_of(database, lambda c: delete_product(c, product_id, now=NOW)) == [
        ("IN_USE", "id")
    ]


def test_a_deleted_product_leaves_nothing_behind(database: Database) -> None:
    shop = open_shop(database)
    product_id = created(database, phone(shop))

    database.write(lambda c: delete_product(c, product_id, now=NOW, expected_version=1))

    assert levels(database) == {}
    assert codes_of(database, lambda c: delete_product(c, product_id, now=NOW)) == [
        ("NOT_FOUND", "id")
    ]
    assert seen(database, created(database, phone(shop))).slug == "phone-x"
