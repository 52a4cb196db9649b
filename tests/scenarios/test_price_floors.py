"""No price is set below its floor, unless somebody who may says why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.catalog.tables import product_categories
from storeql.schema.ids import opaque_id
from tests.carts.shop import CUP, TEA, insert_rows
from tests.customers.people import hired
from tests.scenarios.price_shop import (
    DAY,
    WEB,
    Merchant,
    Prices,
    amount,
    entry,
    instant,
    open_price_shop,
)
from tests.scenarios.shopping import variant
from tests.scenarios.tables_door import TableClerk, open_tables

BELOW = """__typename code field index ... on BelowFloor {
  price { amount } floor { amount currency } priceFloorId priceListName }"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Prices]:
    with open_price_shop(database_url, str(tmp_path)) as made:
        made.merchant.price(TEA, "25.00", cost="15.00")
        yield made


def priced(key: int, price: str, **more: Any) -> dict[str, Any]:
    return {"variantId": variant(key), "channelId": WEB, "price": price, **more}


def refused(shop: Prices, mutation: str, **given: Any) -> list[dict[str, Any]]:
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    query = f"""mutation ($input: {kind}!) {{
      {mutation}(input: $input) {{ userErrors {{ {BELOW} }} }} }}"""
    errors: list[dict[str, Any]] = shop.merchant.ask(query, input=given)["userErrors"]
    return errors


def floor(shop: Prices, rule: dict[str, Any], **place: Any) -> str:
    made = shop.merchant.make("priceFloorSet", "priceFloor { id }", rule=rule, **place)
    return str(made["id"])


def test_without_a_rule_the_floor_is_the_cost(shop: Prices) -> None:
    [error] = refused(shop, "variantPricesSet", prices=[priced(TEA, "14.99", cost="15.00")])

    assert error == {
        "__typename": "BelowFloor",
        "code": "BELOW_FLOOR",
        "field": ["prices", "0", "price"],
        "index": 0,
        "price": {"amount": "14.99"},
        "floor": {"amount": "15.00", "currency": "CNY"},
        "priceFloorId": None,
        "priceListName": "",
    }
    assert refused(shop, "variantPricesSet", prices=[priced(TEA, "15.00", cost="15.00")]) == []
    assert refused(shop, "variantPricesSet", prices=[priced(CUP, "0.01")]) == []  # no cost known


def test_the_most_specific_rule_holds_and_is_named(shop: Prices) -> None:
    floor(shop, {"cost": {"marginPercent": "10"}})
    category = floor(shop, {"cost": {"marginPercent": "40"}}, categoryId=opaque_id("Category", 1))

    [error] = refused(shop, "variantPricesSet", prices=[priced(TEA, "20.99", cost="15.00")])
    assert (error["floor"]["amount"], error["priceFloorId"]) == ("21.00", category)
    product = floor(shop, {"price": "12.00"}, productId=opaque_id("Product", TEA), channelId=WEB)
    [error] = refused(shop, "variantPricesSet", prices=[priced(TEA, "11.99", cost="15.00")])
    assert (error["floor"]["amount"], error["priceFloorId"]) == ("12.00", product)
    assert refused(shop, "variantPricesSet", prices=[priced(TEA, "12.00", cost="15.00")]) == []


def test_who_may_says_why_and_that_is_kept(shop: Prices) -> None:
    given = {"prices": [priced(TEA, "9.00", cost="15.00")], "reason": "Sale"}

    assert refused(shop, "variantPricesSet", **given, belowFloorReason="Best before March") == []

    newest, before = shop.merchant.history(TEA)
    assert (amount(newest["price"]), newest["reason"], amount(newest["floor"])) == (
        "9.00",
        "Best before March",
        "15.00",
    )
    assert before["floor"] is None
    assert shop.shown(TEA)["price"] == "9.00"


def test_who_may_not_is_refused_whatever_they_say(shop: Prices) -> None:
    hired(shop.database, "goods@example.cn", "catalogue")
    clerk = Merchant(shop.door, "goods@example.cn")
    clerk.make("variantPricesSet", prices=[priced(TEA, "16.00", cost="15.00")])
    document = (
        "mutation ($input: VariantPricesSetInput!) { variantPricesSet(input: $input) { %s } }"
    )
    given = {"prices": [priced(TEA, "9.00", cost="15.00")], "belowFloorReason": "Because"}

    code = shop.door.refusal(document % "userErrors { code }", clerk.token, input=given)

    assert code == "FORBIDDEN"
    assert shop.shown(TEA)["price"] == "16.00"


def test_a_blank_reason_is_none(shop: Prices) -> None:
    errors = refused(
        shop, "variantPricesSet", prices=[priced(TEA, "9", cost="15")], belowFloorReason=" "
    )
    assert [error["code"] for error in errors] == ["BELOW_FLOOR"]


def test_lists_keep_to_floors_and_percentages_too(shop: Prices) -> None:
    vip = shop.merchant.price_list("VIP", shop.merchant.group("vip"))

    errors = refused(
        shop,
        "priceListEntriesSet",
        priceListId=vip,
        entries=[entry(TEA, "14.00"), entry(TEA, off="41", start=5), entry(TEA, off="40", start=9)],
    )

    assert [(one["field"][1:], one["price"]["amount"]) for one in errors] == [
        (["0", "value", "price"], "14.00"),
        (["1", "value", "percentOff"], "14.75"),
    ]
    forced = {"priceListId": vip, "entries": [entry(TEA, "14.00")], "belowFloorReason": "Friends"}
    assert refused(shop, "priceListEntriesSet", **forced) == []
    [change] = shop.merchant.history(TEA, channelId=None, priceListId=vip)
    assert (amount(change["floor"]), change["reason"]) == ("15.00", "Friends")


def test_a_channels_price_is_refused_for_what_a_lists_percentage_makes_of_it(
    shop: Prices,
) -> None:
    vip = shop.merchant.price_list("VIP", shop.merchant.group("vip"))
    shop.merchant.entries(vip, entry(TEA, off="20"))

    [error] = refused(shop, "variantPricesSet", prices=[priced(TEA, "18.00", cost="15.00")])

    assert (error["price"]["amount"], error["priceListName"]) == ("14.40", "VIP")


def test_schedules_keep_to_floors(shop: Prices) -> None:
    target = {"channelPrice": {"variantId": variant(TEA), "channelId": WEB}}
    starts = instant(shop.door.clock.now + DAY)
    given = {"schedules": [{"target": target, "price": "14.00", "startsAt": starts}]}

    [error] = refused(shop, "priceSchedulesCreate", **given)
    assert (error["code"], error["field"]) == ("BELOW_FLOOR", ["schedules", "0", "price"])

    assert refused(shop, "priceSchedulesCreate", **given, belowFloorReason="Clearance") == []
    newest = shop.merchant.history(TEA, planned=True)[0]
    assert (amount(newest["floor"]), newest["reason"], newest["isPlanned"]) == (
        "15.00",
        "Clearance",
        True,
    )
    [made] = shop.merchant.ask("{ priceSchedules { nodes { floor { amount } } } }")["nodes"]
    assert made == {"floor": {"amount": "15.00"}}


def test_a_floor_that_is_set_later_stops_the_next_price(shop: Prices) -> None:
    insert_rows(shop.database, product_categories, {"product_id": CUP, "category_id": 1})
    assert refused(shop, "variantPricesSet", prices=[priced(CUP, "80.00")]) == []
    place = {"categoryId": opaque_id("Category", 1), "channelId": WEB}
    floor(shop, {"price": "90.00"}, **place)

    [error] = refused(shop, "variantPricesSet", prices=[priced(CUP, "81.00")])

    assert error["floor"]["amount"] == "90.00"
    assert shop.shown(CUP)["price"] == "80.00"


@pytest.fixture
def clerk(database_url: str, tmp_path: Path, database: Any) -> Iterator[TableClerk]:
    with open_tables(database_url, str(tmp_path), database) as opened:
        yield opened


def test_new_products_and_imports_keep_to_floors(clerk: TableClerk) -> None:
    built = clerk.build()
    cheap = built.variant("CUP-1", prices=[{"channelId": built.cny, "price": "7", "cost": "8"}])

    assert clerk.codes("productCreate", **built.cup(variants=[cheap])) == {
        "variants.0.prices.0.price": "BELOW_FLOOR"
    }
    made = clerk.make(
        "productCreate", **built.cup(variants=[cheap]), belowFloorReason="A loss leader"
    )
    assert (
        clerk.codes("productVariantCreate", productId=made["id"], **cheap | {"sku": "CUP-2"})[
            "prices.0.price"
        ]
        == "BELOW_FLOOR"
    )
    history = clerk.ask("{ priceHistory { nodes { price { amount } floor { amount } reason } } }")[
        "nodes"
    ]
    assert history == [
        {
            "price": {"amount": "7.00"},
            "floor": {"amount": "8.00"},
            "reason": "A loss leader",
        }
    ]
    imported = clerk.imported([["sku", "price.cn"], ["CUP-1", "6.00"]], kind="PRICES")
    assert clerk.problems(imported) == [(2, "BELOW_FLOOR", "price.cn")]
    assert clerk.ask("{ priceHistory { totalCount } }") == {"totalCount": 1}
