"""Texts that a database cannot hold are refused or found nowhere: never an error of the shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.shopping import Shopper, open_small_shop

NUL = "a\0b"
LONG = "x" * 100_000
ORDERS = "query ($filter: OrderFilterInput) { orders(filter: $filter) { nodes { number } } }"
CODES = """
  mutation ($input: CartVoucherCodesInput!) {
    cartVoucherCodesAdd(input: $input) { userErrors { code } }
  }"""
PAY = """
  mutation ($input: OrderPayInput!) { orderPay(input: $input) { userErrors { code } } }"""
CANCEL = """
  mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { userErrors { code } } }"""
MARK_PAID = """
  mutation ($input: OrderMarkPaidInput!) { orderMarkPaid(input: $input) { userErrors { code } } }"""


@pytest.fixture
def door(database_url: str, tmp_path: Path) -> Iterator[Door]:
    with open_small_shop(database_url, str(tmp_path)) as (door, database):
        hired(database, "clerk@example.cn", "orders")
        yield door


@pytest.mark.parametrize("text", [NUL, LONG])
def test_hostile_texts_find_nothing_and_break_nothing(door: Door, text: str) -> None:
    clerk = door.staff("clerk@example.cn")
    shopper = Shopper(door)
    shopper.ready("bank_transfer")
    order = shopper.place("160.00", "key-1")["order"]
    open_cart = Shopper(door)
    open_cart.create()

    def errors(query: str, session: str = "", **given: Any) -> list[str]:
        payload = door.ask(query, session, input=given)
        return [error["code"] for error in payload["userErrors"]]

    assert door.ask("query ($t: String!) { cart(token: $t) { token } }", t=text) is None
    one = "query ($n: String!, $c: String!) { order(number: $n, cartToken: $c) { id } }"
    assert door.ask(one, n=text, c=text) is None
    assert door.ask(one, n=order["number"], c=text) is None
    methods = "query ($c: String) { deliveryMethods(channel: $c) { nodes { id } } }"
    assert door.ask(methods, c=text) == {"nodes": []}
    for condition in ({"search": text}, {"paymentMethod": text}):
        assert door.ask(ORDERS, clerk, filter=condition) == {"nodes": []}

    created = open_cart.create(channel=text)
    assert [error["code"] for error in created["userErrors"]] == ["CHANNEL_NOT_FOUND"]
    token = open_cart.create()["cart"]["token"]
    assert errors(CODES, token=token, codes=[text]) == ["VOUCHER_CODE_NOT_FOUND"]
    assert errors(CODES, token=text, codes=["A"]) == ["CART_NOT_FOUND"]
    wrong = open_cart.change(
        "cartCheckoutUpdate", "CartCheckoutUpdateInput", token=token, email=text, paymentMethod=text
    )
    assert sorted(error["code"] for error in wrong["userErrors"]) == [
        "INVALID_EMAIL",
        "PAYMENT_METHOD_NOT_FOUND",
    ]
    assert [e["code"] for e in open_cart.place("0.00", text)["userErrors"]] == [
        "INVALID_IDEMPOTENCY_KEY"
    ]
    owner = {"orderId": order["id"], "cartToken": shopper.token, "idempotencyKey": "k"}
    assert errors(PAY, **owner, paymentMethod=text) == ["PAYMENT_METHOD_NOT_FOUND"]
    assert errors(CANCEL, **owner, reason=text)[0] in ("INVALID_CHARACTER", "TOO_LONG")
    note = {"orderId": order["id"], "note": text}
    assert errors(MARK_PAID, clerk, **note)[0] in ("INVALID_CHARACTER", "TOO_LONG")
