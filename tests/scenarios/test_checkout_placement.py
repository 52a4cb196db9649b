"""Stories of placing and paying: confirmed totals, keys, gateways; through HTTP on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from storeql.catalog.tables import stock_levels, variant_prices
from storeql.db import Database, statement
from storeql.orders.payments.gateways.fake_card import ANSWERS_LATE, DECLINES, SUCCEEDS
from storeql.promotions.tables import voucher_codes
from tests.carts.shop import BOOK, CUP, TEA, add_promotion, change_rows
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import ORDER, Shopper, open_small_shop, variant

PAY = f"""
  mutation ($input: OrderPayInput!) {{
    orderPay(input: $input) {{
      order {{ {ORDER} }} payment {{ method status }} userErrors {{ code }}
    }}
  }}"""
CHECK = """
  mutation ($input: OrderPaymentCheckInput!) {
    orderPaymentCheck(input: $input) {
      order { state } payment { method status } userErrors { code }
    }
  }"""
CANCEL = f"""
  mutation ($input: OrderCancelInput!) {{
    orderCancel(input: $input) {{
      order {{ {ORDER} }} userErrors {{ code ... on OrderStateConflict {{ state }} }}
    }}
  }}"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path), stock=10) as opened:
        yield opened


def reserved(database: Database, variant_id: int) -> int:
    query = select(stock_levels.c.reserved).where(stock_levels.c.variant_id == variant_id)
    with database.reading() as connection:
        pieces: int = connection.scalar(statement(query))
        return pieces


def kinds(order: dict[str, Any]) -> list[str]:
    return [event["kind"] for event in order["events"]]


def test_an_order_is_placed_with_frozen_lines_and_its_stock_reserved(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    rule = {"tiers": [{"from_minor": 15_000, "off_minor": 1_500}]}
    add_promotion(database, 1, "SPEND_THRESHOLD", rule, name="满150减15")
    shopper = Shopper(door)
    shopper.ready()

    payload = shopper.place("145.00", "key-1")

    assert payload["userErrors"] == []
    order = payload["order"]
    assert order["state"] == "AWAITING_FULFILMENT"
    assert order["number"].startswith("20251125-")
    assert order["total"] == {"amount": "145.00", "currency": "CNY"}
    assert order["discountTotal"] == {"amount": "15.00"}
    assert order["lines"] == [
        {
            "sku": "SKU-1",
            "quantity": 2,
            "isGift": False,
            "listPrice": {"amount": "50.00"},
            "netPrice": {"amount": "45.00"},
            "discounts": [{"promotionName": "满150减15", "amount": {"amount": "5.00"}}],
        },
        {
            "sku": "SKU-2",
            "quantity": 1,
            "isGift": False,
            "listPrice": {"amount": "100.00"},
            "netPrice": {"amount": "90.00"},
            "discounts": [{"promotionName": "满150减15", "amount": {"amount": "10.00"}}],
        },
    ]
    assert payload["payment"]["status"] == "AUTHORIZED"
    assert kinds(order) == ["PLACED", "PAYMENT_AUTHORIZED"]
    assert (reserved(database, TEA), reserved(database, CUP)) == (2, 1)
    change_rows(database, variant_prices, variant_prices.c.variant_id == CUP, price_minor=1)
    query = f"query ($cart: String!) {{ cart(token: $cart) {{ status order {{ {ORDER} }} }} }}"
    assert door.ask(query, cart=shopper.token) == {"status": "ORDERED", "order": order}


def test_a_price_other_than_the_confirmed_one_is_refused_and_named(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    shopper = Shopper(door)
    shopper.ready()
    change_rows(database, variant_prices, variant_prices.c.variant_id == CUP, price_minor=9_000)

    refused = shopper.place("160.00", "key-1")

    assert refused["order"] is None
    [error] = refused["userErrors"]
    assert error["__typename"] == "PriceChanged"
    assert (error["shown"], error["now"]) == ({"amount": "160.00"}, {"amount": "150.00"})
    assert shopper.cart()["status"] == "OPEN"
    assert shopper.place("150.00", "key-1")["order"]["total"]["amount"] == "150.00"


def test_missing_stock_is_refused_with_what_is_left(shop: tuple[Door, Database]) -> None:
    door, database = shop
    shopper = Shopper(door)
    shopper.ready()
    lines = [{"variantId": variant(TEA), "quantity": 9}]
    shopper.change("cartLinesAdd", "CartLinesAddInput", token=shopper.token, lines=lines)

    refused = shopper.place("385.00", "key-1")

    [error] = refused["userErrors"]
    assert (error["__typename"], error["sku"]) == ("InsufficientStock", "SKU-1")
    assert (error["wanted"], error["available"]) == (11, 10)
    assert (reserved(database, TEA), reserved(database, CUP)) == (0, 0)


def test_all_that_an_order_lacks_is_said_at_once(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    shopper = Shopper(door)
    shopper.create()

    refused = shopper.place("0.00", "key-1")

    assert [error["code"] for error in refused["userErrors"]] == [
        "EMAIL_REQUIRED",
        "ADDRESS_REQUIRED",
        "DELIVERY_METHOD_REQUIRED",
        "PAYMENT_METHOD_REQUIRED",
        "CART_EMPTY",
    ]


def test_the_same_key_twice_is_one_order(shop: tuple[Door, Database]) -> None:
    door, database = shop
    shopper = Shopper(door)
    shopper.ready()

    first = shopper.place("160.00", "key-1")
    second = shopper.place("160.00", "key-1")
    other_input = shopper.place("150.00", "key-1")
    other_key = shopper.place("160.00", "key-2")

    assert first == second
    assert other_input["userErrors"][0]["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert other_key["userErrors"][0]["code"] == "CART_NOT_OPEN"
    assert reserved(database, TEA) == 2


def test_a_card_pays_at_once(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    shopper = Shopper(door)
    shopper.ready("fake_card")

    payload = shopper.place("160.00", "key-1", paymentToken=SUCCEEDS)

    assert payload["payment"] == {"method": "fake_card", "status": "CAPTURED", "message": ""}
    assert payload["order"]["state"] == "AWAITING_FULFILMENT"
    assert kinds(payload["order"]) == ["PLACED", "PAYMENT_PENDING", "PAYMENT_CAPTURED"]


def test_a_declined_card_leaves_the_order_to_be_paid_another_way(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    shopper = Shopper(door)
    shopper.ready("fake_card")

    declined = shopper.place("160.00", "key-1", paymentToken=DECLINES)
    assert declined["userErrors"] == []
    assert declined["payment"]["status"] == "DECLINED"
    assert declined["order"]["state"] == "PENDING_PAYMENT"
    assert reserved(database, TEA) == 2

    wish = {
        "orderId": declined["order"]["id"],
        "paymentMethod": "cash_on_delivery",
        "cartToken": shopper.token,
        "idempotencyKey": "pay-1",
    }
    paid = door.ask(PAY, input=wish)
    assert paid["payment"] == {"method": "cash_on_delivery", "status": "AUTHORIZED"}
    assert paid["order"]["state"] == "AWAITING_FULFILMENT"
    assert door.ask(PAY, input=wish) == paid
    again = door.ask(PAY, input={**wish, "idempotencyKey": "pay-2"})
    assert [error["code"] for error in again["userErrors"]] == ["ORDER_STATE_CONFLICT"]


def test_a_declined_card_is_paid_with_another_one_and_each_key_stands_for_one_attempt(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    shopper = Shopper(door)
    shopper.ready("fake_card")
    order = shopper.place("160.00", "key-1", paymentToken=DECLINES)["order"]
    assert shopper.place("160.00", "key-1", paymentToken=DECLINES)["order"] == order

    wish = {
        "orderId": order["id"],
        "paymentMethod": "fake_card",
        "paymentToken": SUCCEEDS,
        "cartToken": shopper.token,
        "idempotencyKey": "pay-1",
    }
    paid = door.ask(PAY, input=wish)

    assert paid["payment"] == {"method": "fake_card", "status": "CAPTURED"}
    assert paid["order"]["state"] == "AWAITING_FULFILMENT"
    statuses = [payment["status"] for payment in paid["order"]["payments"]]
    assert statuses == ["DECLINED", "CAPTURED"]
    assert door.ask(PAY, input=wish) == paid
    other = door.ask(PAY, input={**wish, "paymentMethod": "cash_on_delivery"})
    assert other["userErrors"] == [{"code": "IDEMPOTENCY_KEY_REUSED"}]
    assert reserved(database, TEA) == 2


def test_a_late_card_is_waited_for_and_then_asked(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    shopper = Shopper(door)
    shopper.ready("fake_card")

    late = shopper.place("160.00", "key-1", paymentToken=ANSWERS_LATE)
    assert late["payment"]["status"] == "PENDING"
    assert late["order"]["state"] == "PENDING_PAYMENT"
    other_way = {
        "orderId": late["order"]["id"],
        "paymentMethod": "cash_on_delivery",
        "cartToken": shopper.token,
        "idempotencyKey": "pay-1",
    }
    assert door.ask(PAY, input=other_way)["userErrors"] == [{"code": "PAYMENT_PENDING"}]

    ask = {"orderId": late["order"]["id"], "cartToken": shopper.token}
    checked = door.ask(CHECK, input=ask)
    assert checked["payment"] == {"method": "fake_card", "status": "CAPTURED"}
    assert checked["order"]["state"] == "AWAITING_FULFILMENT"
    assert door.ask(CHECK, input=ask) == checked


def test_cancelling_gives_back_stock_code_and_money_exactly_once(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    add_promotion(database, 1, "VOUCHER_DISCOUNT", {"off_minor": 500}, codes={"ONCE": 1})
    shopper = Shopper(door)
    shopper.ready("fake_card")
    shopper.change(
        "cartVoucherCodesAdd", "CartVoucherCodesInput", token=shopper.token, codes=["once"]
    )
    order = shopper.place("155.00", "key-1", paymentToken=SUCCEEDS)["order"]
    assert used(database) == 1

    wish = {
        "orderId": order["id"],
        "reason": "Changed my mind",
        "cartToken": shopper.token,
        "idempotencyKey": "cancel-1",
    }
    cancelled = door.ask(CANCEL, input=wish)["order"]

    assert cancelled["state"] == "CANCELLED"
    assert [payment["status"] for payment in cancelled["payments"]] == ["REFUNDED"]
    assert kinds(cancelled)[3:] == ["CANCELLED", "PAYMENT_REFUND_DUE", "PAYMENT_REFUNDED"]
    assert (reserved(database, TEA), reserved(database, CUP), used(database)) == (0, 0, 0)
    assert door.ask(CANCEL, input=wish)["order"] == cancelled
    again = door.ask(CANCEL, input={**wish, "idempotencyKey": "cancel-2"})
    assert again["userErrors"] == [{"code": "ORDER_STATE_CONFLICT", "state": "CANCELLED"}]
    assert (reserved(database, TEA), reserved(database, CUP), used(database)) == (0, 0, 0)


def test_an_order_that_costs_nothing_needs_no_payment(shop: tuple[Door, Database]) -> None:
    door, database = shop
    add_promotion(database, 1, "VOUCHER_DISCOUNT", {"off_minor": 20_000}, codes={"ALL": None})
    add_promotion(
        database,
        2,
        "SHIPPING_DISCOUNT",
        {"off_minor": 1_000},
        codes={"SHIP": None},
    )
    shopper = Shopper(door)
    shopper.ready()
    shopper.change(
        "cartVoucherCodesAdd", "CartVoucherCodesInput", token=shopper.token, codes=["all", "ship"]
    )

    payload = shopper.place("0.00", "key-1")

    assert payload["userErrors"] == []
    assert payload["payment"] is None
    assert payload["order"]["state"] == "AWAITING_FULFILMENT"


def test_a_gift_that_is_confirmed_must_be_there(shop: tuple[Door, Database]) -> None:
    door, database = shop
    rule = {"gifts": [str(BOOK)], "from_minor": 10_000}
    add_promotion(database, 1, "GIFT_WITH_PURCHASE", rule, gifts={BOOK: 1})
    first, second = Shopper(door), Shopper(door)
    first.ready()
    second.ready()
    assert second.cart()["price"]["giftCount"] == 1

    order = first.place("160.00", "key-1", confirmedGifts=1)["order"]
    assert [(line["sku"], line["isGift"]) for line in order["lines"]][-1] == ("SKU-3", True)
    assert order["lines"][-1]["netPrice"] == {"amount": "0.00"}

    refused = second.place("160.00", "key-1", confirmedGifts=1)
    assert [error["__typename"] for error in refused["userErrors"]] == ["GiftsChanged"]
    assert second.place("160.00", "key-1", confirmedGifts=0)["order"]["number"]


def used(database: Database) -> int:
    with database.reading() as connection:
        count: int = connection.scalar(statement(select(voucher_codes.c.usage_count)))
        return count
