"""Stories of carts: filled, explained, refused, merged; through HTTP on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from storeql.catalog.tables import publications, variant_prices
from storeql.db import Database
from storeql.schema.ids import opaque_id
from tests.carts.shop import BOOK, CUP, TEA, add_promotion, change_rows
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import ADDRESS, Shopper, delivery, open_small_shop, variant


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        yield opened


def codes(payload: dict[str, list[dict[str, str]]]) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


def test_a_cart_is_filled_and_its_price_is_explained(shop: tuple[Door, Database]) -> None:
    door, database = shop
    rule = {"tiers": [{"from_minor": 15_000, "off_minor": 1_500}]}
    add_promotion(database, 1, "SPEND_THRESHOLD", rule, name="满150减15")
    tier = {"tiers": [{"from_minor": 20_000, "off_minor": 3_000}]}
    add_promotion(database, 2, "SPEND_THRESHOLD", tier, name="满200减30")
    shopper = Shopper(door)

    payload = shopper.ready()

    assert payload["userErrors"] == []
    price = payload["cart"]["price"]
    assert price["listTotal"] == {"amount": "150.00"}
    assert price["discountTotal"] == {"amount": "15.00"}
    assert price["shippingTotal"] == {"amount": "10.00"}
    assert price["total"] == {"amount": "145.00", "currency": "CNY"}
    tea, cup = price["lines"]
    assert (tea["netPrice"]["amount"], cup["netPrice"]["amount"]) == ("45.00", "90.00")
    assert tea["discounts"] == [
        {
            "promotionName": "满150减15",
            "lane": "ORDER",
            "amount": {"amount": "5.00"},
            "fundings": [{"funder": "shop", "amount": {"amount": "5.00"}}],
        }
    ]
    applied, missed = price["trace"]
    assert (applied["outcome"], missed["outcome"]) == ("APPLIED", "MISSED")
    assert missed["condition"] == "spend_minor"
    assert (missed["expected"], missed["found"]) == (["200.00"], ["150.00"])
    assert missed["shortfallAmount"] == {"amount": "50.00"}
    assert missed["message"] == {
        "en": "Spend CNY 50.00 more for 满200减30.",
        "zh": "再买 CNY 50.00，可享满200减30。",
    }


def test_lines_are_added_changed_and_taken_out(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    shopper = Shopper(door)
    shopper.create()

    add = [{"variantId": variant(TEA)}, {"variantId": variant(BOOK), "quantity": 2}]
    shopper.change("cartLinesAdd", "CartLinesAddInput", token=shopper.token, lines=add)
    added = shopper.change("cartLinesAdd", "CartLinesAddInput", token=shopper.token, lines=add[:1])[
        "cart"
    ]
    assert [(line["sku"], line["quantity"]) for line in added["lines"]] == [
        ("SKU-1", 2),
        ("SKU-3", 2),
    ]
    tea, book = (line["id"] for line in added["lines"])

    changes = [{"lineId": tea, "quantity": 0}, {"lineId": book, "quantity": 7}]
    changed = shopper.change(
        "cartLinesUpdate", "CartLinesUpdateInput", token=shopper.token, lines=changes
    )["cart"]
    assert [(line["sku"], line["quantity"]) for line in changed["lines"]] == [("SKU-3", 7)]
    assert changed["price"]["total"]["amount"] == "280.00"

    emptied = shopper.change(
        "cartLinesRemove", "CartLinesRemoveInput", token=shopper.token, lineIds=[book]
    )["cart"]
    assert emptied["lines"] == []
    assert emptied["price"]["total"]["amount"] == "0.00"


def test_all_that_is_wrong_with_lines_is_said_at_once(shop: tuple[Door, Database]) -> None:
    door, database = shop
    change_rows(database, publications, publications.c.product_id == CUP, published_at=None)
    shopper = Shopper(door)
    shopper.create()

    payload = shopper.change(
        "cartLinesAdd",
        "CartLinesAddInput",
        token=shopper.token,
        lines=[
            {"variantId": variant(TEA), "quantity": 0},
            {"variantId": variant(CUP), "quantity": 1},
            {"variantId": variant(99), "quantity": 10_000},
        ],
    )

    assert payload["cart"] is None
    found = [(error["code"], error["field"], error["index"]) for error in payload["userErrors"]]
    assert found == [
        ("QUANTITY_OUT_OF_RANGE", ["lines", "0", "quantity"], 0),
        ("VARIANT_UNAVAILABLE", ["lines", "1", "variantId"], 1),
        ("QUANTITY_OUT_OF_RANGE", ["lines", "2", "quantity"], 2),
        ("VARIANT_UNAVAILABLE", ["lines", "2", "variantId"], 2),
    ]
    assert shopper.cart()["lines"] == []


def test_a_line_no_longer_for_sale_stays_and_is_not_priced(shop: tuple[Door, Database]) -> None:
    door, database = shop
    shopper = Shopper(door)
    shopper.ready()

    change_rows(database, publications, publications.c.product_id == CUP, published_at=None)

    cart = shopper.cart()
    assert [line["isAvailable"] for line in cart["lines"]] == [True, False]
    assert cart["price"]["total"]["amount"] == "60.00"
    refused = shopper.place("60.00", "k")
    assert refused["order"] is None
    assert [(one["__typename"], one["sku"]) for one in refused["userErrors"]] == [
        ("LineRefused", "SKU-2")
    ]


def test_an_open_cart_reprices_when_the_price_changes(shop: tuple[Door, Database]) -> None:
    door, database = shop
    shopper = Shopper(door)
    shopper.ready()

    change_rows(database, variant_prices, variant_prices.c.variant_id == CUP, price_minor=9_900)

    assert shopper.cart()["price"]["total"]["amount"] == "159.00"


def test_details_are_checked_together_and_kept(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    shopper = Shopper(door)
    shopper.create()

    wrong = shopper.change(
        "cartCheckoutUpdate",
        "CartCheckoutUpdateInput",
        token=shopper.token,
        email="nobody",
        address={**ADDRESS, "phone": "x", "country": "ZZ"},
        deliveryMethodId=delivery(3),
        paymentMethod="shells",
    )
    assert sorted(codes(wrong)) == [
        "DELIVERY_METHOD_NOT_FOUND",
        "INVALID_COUNTRY",
        "INVALID_EMAIL",
        "INVALID_PHONE",
        "PAYMENT_METHOD_NOT_FOUND",
    ]

    shopper.change(
        "cartAddressUpdate",
        "CartAddressUpdateInput",
        token=shopper.token,
        address=ADDRESS,
        email="Li@Example.cn",
    )
    shopper.change(
        "cartDeliveryMethodUpdate",
        "CartDeliveryMethodUpdateInput",
        token=shopper.token,
        deliveryMethodId=delivery(2),
    )
    shopper.change(
        "cartPaymentMethodUpdate",
        "CartPaymentMethodUpdateInput",
        token=shopper.token,
        paymentMethod="bank_transfer",
    )
    cart = shopper.cart()
    assert cart["email"] == "li@example.cn"
    assert cart["address"] == {"name": "李雷", "phone": "13800001234", "country": "CN"}
    assert cart["deliveryMethod"] == {"slug": "express", "price": {"amount": "25.00"}}
    assert cart["paymentMethod"] == "bank_transfer"


def test_codes_are_entered_in_any_spelling_and_taken_out(shop: tuple[Door, Database]) -> None:
    door, database = shop
    add_promotion(database, 1, "VOUCHER_DISCOUNT", {"off_minor": 500}, codes={"SPRING": None})
    shopper = Shopper(door)
    shopper.ready()

    entered = shopper.change(
        "cartVoucherCodesAdd", "CartVoucherCodesInput", token=shopper.token, codes=[" spr ing"]
    )
    assert entered["cart"]["codes"] == ["SPRING"]
    assert entered["cart"]["price"]["total"]["amount"] == "155.00"

    unknown = shopper.change(
        "cartVoucherCodesAdd", "CartVoucherCodesInput", token=shopper.token, codes=["AUTUMN"]
    )
    assert codes(unknown) == ["VOUCHER_CODE_NOT_FOUND"]

    removed = shopper.change(
        "cartVoucherCodesRemove", "CartVoucherCodesInput", token=shopper.token, codes=["spring"]
    )
    assert removed["cart"]["codes"] == []
    assert removed["cart"]["price"]["total"]["amount"] == "160.00"


def test_guessing_codes_has_to_wait(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    shopper = Shopper(door)
    shopper.create()

    def guess(number: int) -> list[str]:
        given = {"token": shopper.token, "codes": [f"GUESS{number}"]}
        return codes(shopper.change("cartVoucherCodesAdd", "CartVoucherCodesInput", **given))

    assert [guess(number) for number in range(31)] == [
        *([["VOUCHER_CODE_NOT_FOUND"]] * 30),
        ["TOO_MANY_ATTEMPTS"],
    ]


def test_a_gift_comes_with_the_cart_and_is_chosen(shop: tuple[Door, Database]) -> None:
    door, database = shop
    rule = {"gifts": [str(BOOK), str(TEA)], "from_minor": 10_000}
    add_promotion(database, 1, "GIFT_WITH_PURCHASE", rule, gifts={BOOK: 5, TEA: 5})
    shopper = Shopper(door)
    shopper.ready()
    assert shopper.cart()["price"]["giftCount"] == 0

    promotion = str(opaque_id("Promotion", 1))
    choice = {"promotionId": promotion, "variantIds": [variant(BOOK)]}
    cart = shopper.change(
        "cartGiftsChoose", "CartGiftsChooseInput", token=shopper.token, choices=[choice]
    )["cart"]

    assert cart["giftChoices"] == [choice]
    assert cart["price"]["giftCount"] == 1
    assert cart["price"]["gifts"] == [
        {
            "sku": "SKU-3",
            "name": "书",
            "quantity": 1,
            "listPrice": {"amount": "40.00"},
            "netPrice": {"amount": "0.00"},
            "discount": {"lane": "ORDER"},
        }
    ]
    assert cart["price"]["total"]["amount"] == "160.00"


def test_a_guest_s_cart_is_merged_into_the_customer_s_at_sign_in(
    shop: tuple[Door, Database],
) -> None:
    door, _ = shop
    customer = Shopper(door, door.customer())
    customer.create(lines=[{"variantId": variant(TEA), "quantity": 3}])
    guest = Shopper(door)
    guest.create(
        lines=[
            {"variantId": variant(TEA), "quantity": 1},
            {"variantId": variant(BOOK), "quantity": 2},
        ]
    )

    merged = customer.change("cartAttach", "CartAttachInput", token=guest.token)["cart"]

    assert merged["token"] == customer.token
    assert [(line["sku"], line["quantity"]) for line in merged["lines"]] == [
        ("SKU-1", 3),
        ("SKU-3", 2),
    ]
    assert guest.cart()["status"] == "MERGED"
    late = guest.change(
        "cartLinesAdd",
        "CartLinesAddInput",
        token=guest.token,
        lines=[{"variantId": variant(TEA)}],
    )
    assert codes(late) == ["CART_NOT_OPEN"]


def test_a_customer_without_a_cart_takes_the_guest_s_over(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    guest = Shopper(door)
    guest.create(lines=[{"variantId": variant(TEA), "quantity": 1}])
    customer = Shopper(door, door.customer())

    taken = customer.change("cartAttach", "CartAttachInput", token=guest.token)["cart"]

    assert taken["token"] == guest.token
    assert taken["hasCustomer"] is True
    assert guest.cart() is None


def test_a_customer_s_cart_is_hidden_from_everybody_else(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    owner = Shopper(door, door.customer())
    owner.ready()

    for session in ("", door.customer("han@example.cn")):
        other = Shopper(door, session)
        other.token = owner.token
        assert other.cart() is None
        refused = other.change(
            "cartLinesAdd",
            "CartLinesAddInput",
            token=owner.token,
            lines=[{"variantId": variant(TEA)}],
        )
        assert codes(refused) == ["CART_NOT_FOUND"]
        assert codes(other.place("160.00", "k")) == ["CART_NOT_FOUND"]
    assert owner.cart()["lines"][0]["quantity"] == 2
