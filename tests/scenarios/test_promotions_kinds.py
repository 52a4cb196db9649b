"""Each kind of promotion as staff set it up over HTTP, and what a shopper then pays."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.customers.tables import customers
from storeql.db import Database
from storeql.schema.ids import opaque_id
from tests.carts.shop import BOOK, CUP, TEA, change_rows
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.promotions_door import MARKETING, Marketing
from tests.scenarios.shopping import Shopper, open_small_shop, variant

Lines = dict[int, int]
HALF = {"nth": 2, "percentOff": "50"}

# The kind's member, its rule, what is in the cart, and what the goods cost (茶 25, 杯 100, 书 40).
KINDS: list[tuple[str, dict[str, Any], Lines, str]] = [
    (
        "priceDrop",
        {"prices": [{"variants": [variant(CUP)], "price": "79.90"}], "off": "1"},
        {CUP: 2, TEA: 1},
        "183.80",
    ),
    ("nthPiece", {"steps": [HALF], "together": "PRODUCT"}, {CUP: 2, TEA: 1}, "175.00"),
    (
        "flashSale",
        {"items": [{"products": [opaque_id("Product", TEA)], "price": "9.9", "mostPerOrder": 2}]},
        {TEA: 3, BOOK: 1},
        "84.80",
    ),
    (
        "bundle",
        {
            "items": [{"variants": [variant(CUP)]}, {"variants": [variant(TEA)], "quantity": 2}],
            "off": "30",
        },
        {CUP: 2, TEA: 3},
        "245.00",
    ),
    (
        "thresholdPercent",
        {
            "tiers": [
                {"fromQuantity": 2, "percentOff": "10"},
                {"fromQuantity": 3, "percentOff": "20"},
            ]
        },
        {CUP: 1, TEA: 2},
        "120.00",
    ),
    ("nForFixedPrice", {"pieces": 3, "price": "99"}, {CUP: 1, BOOK: 1, TEA: 2}, "124.00"),
]
MEMBERS = {
    "levels": [
        {"tiers": ["gold"], "percentOff": "12.5"},
        {"tiers": ["black"], "prices": [{"products": [opaque_id("Product", CUP)], "price": "66"}]},
    ]
}
RULE = """
query ($id: ID!) { promotion(id: $id) { rule { kind
  ... on MemberPriceRule { levels {
    tiers groups percentOff prices { products price { amount } }
  } }
} } }"""


@pytest.fixture
def shop(database: Database, database_url: str, tmp_path: Path) -> Iterator[Marketing]:
    """Marketing in the small shop."""
    with open_small_shop(database_url, str(tmp_path)) as (door, _):
        hired(database, MARKETING, "marketing")
        yield Marketing(door)


def test_each_kind_set_up_over_http_prices_a_cart(shop: Marketing) -> None:
    for kind, rule, lines, total in KINDS:
        offer = shop.running(name=kind, currency="CNY", rule={kind: rule})
        price = filled(shop.door, lines)["price"]
        shop.change("End", id=offer["id"])

        assert (kind, price["total"]["amount"]) == (kind, total)
        assert [entry["outcome"] for entry in price["trace"]] == ["APPLIED"]


def test_a_flash_sale_sells_no_more_than_its_quota(shop: Marketing) -> None:
    items = [{"variants": [variant(CUP)], "price": "9.90", "mostPerOrder": 2}]
    shop.running(
        name="Flash",
        currency="CNY",
        rule={"flashSale": {"items": items}},
        quotas=[{"variantId": variant(CUP), "quantity": 3}],
    )

    def ordered(key: str) -> str:
        shopper = Shopper(shop.door)
        shopper.ready()
        lines = [{"variantId": variant(CUP), "quantity": 1}]
        given = {"token": shopper.token, "lines": lines}
        price = shopper.change("cartLinesAdd", "CartLinesAddInput", **given)["cart"]["price"]
        total: str = price["total"]["amount"]
        assert shopper.place(total, key)["userErrors"] == []
        return total

    # 2 teas and 2 cups with delivery: both cups at 9.90, then the last one, then none
    assert [ordered(key) for key in ("a", "b", "c")] == ["79.80", "169.90", "260.00"]


def test_member_prices_are_for_members(shop: Marketing, database: Database) -> None:
    offer = shop.running(name="Members", currency="CNY", rule={"memberPrice": MEMBERS})
    session = shop.door.customer()

    guest = filled(shop.door, {CUP: 1})["price"]
    totals = []
    for tier in ("gold", "black", "silver"):
        change_rows(database, customers, customers.c.id > 0, tier=tier)
        totals.append(filled(shop.door, {CUP: 1}, session)["price"]["total"]["amount"])

    assert totals == ["87.50", "66.00", "100.00"]
    assert guest["trace"][0]["message"]["zh"] == "Members仅限指定会员等级。"
    rule = shop.ask(RULE, id=offer["id"])["rule"]
    assert rule["levels"][1] == {
        "tiers": ["black"],
        "groups": [],
        "percentOff": None,
        "prices": [{"products": [opaque_id("Product", CUP)], "price": {"amount": "66.00"}}],
    }


def test_ids_in_a_rule_that_name_nothing_are_told_at_their_places(shop: Marketing) -> None:
    there, gone = variant(TEA), variant(999)
    prices = [{"variants": [key], "price": "1"} for key in (there, gone)]
    levels = [{"groups": [opaque_id("CustomerGroup", 999)], "percentOff": "5"}]

    drop = shop.errors(
        "Create", name="Drop", currency="CNY", rule={"priceDrop": {"prices": prices}}
    )
    member = shop.errors("Create", name="Member", rule={"memberPrice": {"levels": levels}})

    assert drop == {"rule.priceDrop.prices.1.variants": "NOT_FOUND"}
    assert member == {"rule.memberPrice.levels.0.groups": "NOT_FOUND", "currency": "REQUIRED"}


def filled(door: Door, lines: Lines, session: str = "") -> dict[str, Any]:
    """A new cart with these pieces."""
    wanted = [{"variantId": variant(key), "quantity": count} for key, count in lines.items()]
    cart: dict[str, Any] = Shopper(door, session).create(lines=wanted)["cart"]
    return cart
