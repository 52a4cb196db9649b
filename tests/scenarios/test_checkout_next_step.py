"""A cart says what a little more would save, and costs just that when it is bought."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.db.connection import Connection
from tests.carts.shop import CUP, TEA, add_promotion
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop, variant

STEP = """promotionName spendMore { amount currency } addPieces lineId gain { amount }
  message { en zh }"""
WITH_STEP = f"""
query ($cart: String!) {{
  cart(token: $cart) {{ price {{ total {{ amount }} nextStep {{ {STEP} }} }} }}
}}"""
WITHOUT = "query ($cart: String!) { cart(token: $cart) { price { total { amount } } } }"


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        yield opened


@pytest.fixture
def shopper(shop: tuple[Door, Database]) -> Shopper:
    """Somebody with two teas for 50.00."""
    door, database = shop
    tiers = [{"from_minor": 7_500, "off_minor": 1_000}]
    add_promotion(database, 1, "SPEND_THRESHOLD", {"tiers": tiers})
    opened = Shopper(door)
    opened.create(lines=[{"variantId": variant(TEA), "quantity": 2}])
    return opened


def price(shopper: Shopper) -> Any:
    return shopper.door.ask(WITH_STEP, cart=shopper.token)["price"]


def test_the_step_is_told_in_both_languages_and_holds_when_it_is_taken(shopper: Shopper) -> None:
    before = price(shopper)
    line = {"variantId": variant(TEA), "quantity": 1}
    shopper.change("cartLinesAdd", "CartLinesAddInput", token=shopper.token, lines=[line])
    after = price(shopper)

    step = before["nextStep"]
    assert (step["spendMore"], step["gain"]) == (
        {"amount": "25.00", "currency": "CNY"},
        {"amount": "10.00"},
    )
    assert (step["addPieces"], step["lineId"]) == (None, None)
    name = step["promotionName"]
    assert step["message"] == {
        "en": f"Spend CNY 25.00 more and save CNY 10.00 with {name}.",
        "zh": f"再买 CNY 25.00，可享{name}，再省 CNY 10.00。",
    }
    assert (before["total"]["amount"], after["total"]["amount"]) == ("50.00", "65.00")
    assert after["nextStep"] is None


def test_missing_pieces_name_the_line(shop: tuple[Door, Database], shopper: Shopper) -> None:
    _, database = shop
    rule = {"gifts": [str(CUP)], "from_quantity": 3}
    add_promotion(database, 2, "GIFT_WITH_PURCHASE", rule)

    step = price(shopper)["nextStep"]

    assert (step["addPieces"], step["spendMore"]["amount"]) == (1, "25.00")
    assert step["gain"]["amount"] == "100.00"
    assert step["lineId"] == shopper.cart()["lines"][0]["id"]
    assert "再买 1 件" in step["message"]["zh"]


def test_the_step_takes_no_statement(shopper: Shopper, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    noted = Connection._note

    def note(connection: Connection, sql: str) -> None:
        seen.append(sql)
        noted(connection, sql)

    shopper.door.ask(WITHOUT, cart=shopper.token)
    monkeypatch.setattr(Connection, "_note", note)
    counts = []
    for query in (WITHOUT, WITH_STEP):
        seen.clear()
        shopper.door.ask(query, cart=shopper.token)
        counts.append(len(seen))

    assert counts[0] == counts[1]
