"""Staff set floors, and no cart or order goes below them, whatever promotions are stacked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.catalog.tables import variant_prices
from storeql.db import Database
from storeql.schema.ids import opaque_id
from tests.carts.shop import CUP, TEA, add_promotion, change_rows
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop

FLOOR = "id basis productId categoryId channelId price { amount currency } marginPercent version"
SET = f"""
mutation ($input: PriceFloorSetInput!) {{
  priceFloorSet(input: $input) {{ priceFloor {{ {FLOOR} }} userErrors {{ code field }} }} }}"""
LIST = f"{{ priceFloors(first: 9) {{ totalCount nodes {{ {FLOOR} }} }} }}"
REMOVE = """
mutation ($input: PriceFloorsRemoveInput!) {
  priceFloorsRemove(input: $input) { removedIds userErrors { code field } } }"""
TEA_CATEGORY = opaque_id("Category", 2)


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], "buyer@example.cn", "catalogue")
        yield opened


def put(door: Door, token: str, **given: Any) -> Any:
    payload = door.ask(SET, token, input=given)
    assert payload["userErrors"] == []
    return payload["priceFloor"]


def test_the_whole_stack_stops_at_the_floor_and_the_trace_tells(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    catalogue = door.staff("buyer@example.cn")
    change_rows(database, variant_prices, variant_prices.c.variant_id == TEA, cost_minor=2_000)
    change_rows(database, variant_prices, variant_prices.c.variant_id == CUP, cost_minor=9_000)
    add_promotion(database, 1, "PERCENTAGE", {"percent_off_basis_points": 1_500}, name="八五折")
    tiers = {"tiers": [{"from_minor": 10_000, "off_minor": 5_000}]}
    add_promotion(database, 2, "SPEND_THRESHOLD", tiers, name="满100减50")
    put(door, catalogue, rule={"cost": {"marginPercent": "5"}})
    put(door, catalogue, rule={"cost": {}}, categoryId=TEA_CATEGORY)
    shopper = Shopper(door)

    cart = shopper.ready()["cart"]

    # Tea: 2 × 25.00 stops at 2 × 20.00, the cup: 100.00 at 94.50; delivery 10.00.
    price = cart["price"]
    assert [line["netPrice"]["amount"] for line in price["lines"]] == ["40.00", "94.50"]
    told = {entry["promotionName"]: entry for entry in price["trace"]}
    assert {name: entry["outcome"] for name, entry in told.items()} == {
        "八五折": "CLAMPED",
        "满100减50": "CLAMPED",
    }
    assert told["满100减50"]["condition"] == "floor_minor"
    assert told["满100减50"]["message"] == {
        "en": "满100减50: CNY 2.50 off, as much as the price allows.",
        "zh": "满100减50：已优惠 CNY 2.50，已达可优惠上限。",
    }
    order = shopper.place("144.50", "key-1")["order"]
    assert [line["netPrice"]["amount"] for line in order["lines"]] == ["40.00", "94.50"]


def test_a_floor_is_set_by_place_listed_and_removed(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    catalogue = door.staff("buyer@example.cn")
    tea, web = opaque_id("Product", TEA), opaque_id("Channel", 1)
    made = put(door, catalogue, rule={"price": "22.50"}, productId=tea, channelId=web)

    again = put(
        door, catalogue, rule={"price": "21.00"}, productId=tea, channelId=web, expectedVersion=1
    )

    assert again == {
        "id": made["id"],
        "basis": "PRICE",
        "productId": tea,
        "categoryId": None,
        "channelId": web,
        "price": {"amount": "21.00", "currency": "CNY"},
        "marginPercent": None,
        "version": 2,
    }
    assert door.ask(LIST, catalogue) == {"totalCount": 1, "nodes": [again]}
    removed = door.ask(REMOVE, catalogue, input={"ids": [made["id"]]})
    assert removed == {"removedIds": [made["id"]], "userErrors": []}
    assert door.ask(LIST, catalogue)["totalCount"] == 0
