"""Stories of add-ons (加价购): picked in a cart, priced, dropped, ordered; through HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storeql.catalog.tables import stock_levels
from storeql.db import Database, statement
from storeql.schema.ids import opaque_id
from tests.carts.shop import BOOK, CUP, TEA, add_promotion, change_rows
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop, variant

PROMOTION = str(opaque_id("Promotion", 1))
RULE = {
    "tiers": [
        {"from_minor": 10_000, "items": [{"variants": [str(BOOK)], "price_minor": 990}]},
        {
            "from_minor": 15_000,
            "items": [{"variants": [str(BOOK), str(CUP)], "price_minor": 880}],
            "picks": 2,
        },
    ]
}


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path), stock=10) as (door, database):
        add_promotion(database, 1, "ADD_ON_PURCHASE", RULE, name="加价购")
        yield door, database


def choose(shopper: Shopper, *picks: tuple[int, int], promotion: str = PROMOTION) -> dict[str, Any]:
    """Picks these pieces of these variants, and nothing else."""
    choices = [
        {"promotionId": promotion, "variantId": variant(key), "quantity": count}
        for key, count in picks
    ]
    given = {"token": shopper.token, "choices": choices}
    query = """
      mutation ($input: CartAddOnsChooseInput!) {
        cartAddOnsChoose(input: $input) {
          cart { addOnChoices { variantId quantity } } userErrors { code field index }
        }
      }"""
    payload: dict[str, Any] = shopper.door.ask(query, shopper.session, input=given)
    return payload


def added(cart: dict[str, Any]) -> dict[str, tuple[int, str]]:
    return {
        gift["sku"]: (gift["quantity"], gift["netPrice"]["amount"])
        for gift in cart["price"]["gifts"]
    }


def test_a_picked_add_on_is_paid_for_at_its_special_price(shop: tuple[Door, Database]) -> None:
    shopper = Shopper(shop[0])
    before = shopper.ready()["cart"]

    payload = choose(shopper, (BOOK, 1), (CUP, 1))

    assert payload["userErrors"] == []
    assert payload["cart"]["addOnChoices"] == [
        {"variantId": variant(CUP), "quantity": 1},
        {"variantId": variant(BOOK), "quantity": 1},
    ]
    cart = shopper.cart()
    assert added(cart) == {"SKU-2": (1, "8.80"), "SKU-3": (1, "8.80")}
    assert cart["price"]["subtotal"] == {"amount": "167.60"}
    assert before["price"]["trace"][0]["message"] == {
        "en": "Choose what to add with 加价购.",
        "zh": "可加价换购：请选择加价购的商品。",
    }


def test_an_add_on_is_dropped_with_its_threshold_and_comes_back_with_it(
    shop: tuple[Door, Database],
) -> None:
    shopper = Shopper(shop[0])
    lines = shopper.ready()["cart"]["lines"]
    choose(shopper, (BOOK, 1), (CUP, 1))

    fewer = {"token": shopper.token, "lineIds": [lines[1]["id"]]}
    gone = shopper.change("cartLinesRemove", "CartLinesRemoveInput", **fewer)["cart"]
    again = {"token": shopper.token, "lines": [{"variantId": variant(CUP), "quantity": 1}]}
    back = shopper.change("cartLinesAdd", "CartLinesAddInput", **again)["cart"]

    assert added(gone) == {}
    assert gone["price"]["trace"][0]["message"]["zh"] == "再买 CNY 50.00，可享加价购。"
    assert added(back) == {"SKU-2": (1, "8.80"), "SKU-3": (1, "8.80")}


def test_an_order_takes_the_stock_of_its_add_ons(shop: tuple[Door, Database]) -> None:
    door, database = shop
    shopper = Shopper(door)
    shopper.ready()
    choose(shopper, (BOOK, 2))

    order = shopper.place("177.60", "key-1")["order"]

    assert [
        (line["sku"], line["quantity"], line["netPrice"]["amount"]) for line in order["lines"]
    ] == [("SKU-1", 2, "50.00"), ("SKU-2", 1, "100.00"), ("SKU-3", 2, "17.60")]
    reserved = select(stock_levels.c.reserved).where(stock_levels.c.variant_id == BOOK)
    with database.reading() as connection:
        assert connection.scalar(statement(reserved)) == 2


def test_what_the_warehouse_has_not_got_is_neither_added_nor_given(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    gift = {"gifts": [str(TEA)], "from_quantity": 1}
    add_promotion(database, 2, "GIFT_WITH_PURCHASE", gift, terms={"scope": scope_of(CUP)})
    shopper = Shopper(door)
    shopper.create(lines=[{"variantId": variant(CUP), "quantity": 2}])
    choose(shopper, (BOOK, 2))

    change_rows(database, stock_levels, stock_levels.c.variant_id == BOOK, on_hand=1)
    change_rows(database, stock_levels, stock_levels.c.variant_id == TEA, on_hand=0)
    one_left = shopper.cart()
    change_rows(database, stock_levels, stock_levels.c.variant_id == BOOK, on_hand=0)
    none_left = shopper.cart()

    assert added(one_left) == {"SKU-3": (1, "8.80")}
    assert added(none_left) == {}
    assert [entry["outcome"] for entry in none_left["price"]["trace"]] == ["EXHAUSTED"] * 2


def scope_of(key: int) -> dict[str, Any]:
    return {"include": {"variant_ids": [str(key)]}}


def test_all_that_is_wrong_with_a_choice_is_told_at_once(shop: tuple[Door, Database]) -> None:
    door, database = shop
    add_promotion(database, 2, "ADD_ON_PURCHASE", RULE, status="DRAFT")
    shopper = Shopper(door)
    shopper.ready()

    def codes(*picks: tuple[int, int], promotion: str = PROMOTION) -> dict[str, str]:
        errors = choose(shopper, *picks, promotion=promotion)["userErrors"]
        return {".".join(error["field"]): error["code"] for error in errors}

    assert codes((BOOK, 0), (BOOK, 101), (999, 1)) == {
        "choices.0.quantity": "OUT_OF_RANGE",
        "choices.1.quantity": "OUT_OF_RANGE",
        "choices.1.variantId": "DUPLICATE",
        "choices.2.variantId": "ADD_ON_NOT_FOUND",
    }
    assert codes((BOOK, 1), promotion=str(opaque_id("Promotion", 2))) == {
        "choices.0.promotionId": "ADD_ON_NOT_FOUND"
    }
    assert codes(*[(BOOK, 1)] * 51)["choices"] == "TOO_MANY"
    assert choose(shopper, (BOOK, 1))["cart"]["addOnChoices"] != []
    assert choose(shopper)["cart"]["addOnChoices"] == []


def test_picks_of_a_guest_come_along_at_sign_in(shop: tuple[Door, Database]) -> None:
    door, database = shop
    add_promotion(database, 2, "ADD_ON_PURCHASE", RULE, name="Other")
    other = str(opaque_id("Promotion", 2))
    customer = Shopper(door, door.customer())
    customer.create(lines=[{"variantId": variant(CUP), "quantity": 2}])
    choose(customer, (BOOK, 2))
    guest = Shopper(door)
    guest.create(lines=[{"variantId": variant(TEA), "quantity": 1}])
    choose(guest, (CUP, 1))
    choose_both = [
        {"promotionId": PROMOTION, "variantId": variant(CUP), "quantity": 1},
        {"promotionId": other, "variantId": variant(TEA), "quantity": 3},
    ]
    guest.change(
        "cartAddOnsChoose", "CartAddOnsChooseInput", token=guest.token, choices=choose_both
    )

    customer.change("cartAttach", "CartAttachInput", token=guest.token)

    query = "query ($cart: String!) { cart(token: $cart) { addOnChoices { variantId quantity } } }"
    kept = door.ask(query, customer.session, cart=customer.token)["addOnChoices"]
    assert kept == [
        {"variantId": variant(BOOK), "quantity": 2},
        {"variantId": variant(TEA), "quantity": 3},
    ]
