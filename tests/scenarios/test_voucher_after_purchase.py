"""满返: a paid order brings vouchers for the next one, and takes them along when undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.orders.payments.gateways.fake_card import SUCCEEDS
from storeql.schema.ids import opaque_id
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.promotions_door import MARKETING, Marketing
from tests.scenarios.shopping import Shopper, open_small_shop
from tests.scenarios.test_checkout_placement import CANCEL
from tests.scenarios.test_voucher_batches import coupon

WALLET = "{ me { vouchers { nodes { code promotionName state endsAt } } } }"
PAID = """
mutation ($input: OrderMarkPaidInput!) {
  orderMarkPaid(input: $input) { order { state } userErrors { code } } }"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database, Marketing]]:
    with open_small_shop(database_url, str(tmp_path)) as (door, database):
        hired(database, MARKETING, "marketing")
        hired(database, "orders@example.cn", "orders")
        staff = Marketing(door)
        rule = {"voucher": coupon(staff), "from": "100", "quantity": 2, "validDays": 30}
        staff.running(name="满100返2张", currency="CNY", rule={"voucherAfterPurchase": rule})
        yield door, database, staff


def wallet(door: Door, token: str) -> list[dict[str, Any]]:
    nodes: list[dict[str, Any]] = door.ask(WALLET, token)["vouchers"]["nodes"]
    return nodes


def bought(door: Door, token: str, key: str, total: str = "160.00", **given: Any) -> Any:
    """A placed order of 150.00 and 10.00 for delivery."""
    shopper = Shopper(door, token)
    payment = given.pop("payment", "fake_card")
    codes = given.pop("codes", [])
    shopper.ready(payment)
    if codes:
        entered = {"token": shopper.token, "codes": codes}
        shopper.change("cartVoucherCodesAdd", "CartVoucherCodesInput", **entered)
    payload = shopper.place(total, key, **given)
    assert payload["userErrors"] == []
    return payload["order"]


def cancelled(door: Door, token: str, order: Any) -> None:
    wish = {"orderId": order["id"], "idempotencyKey": order["id"]}
    assert door.ask(CANCEL, token, input=wish)["userErrors"] == []


def test_a_paid_order_brings_vouchers_and_a_cancelled_one_takes_the_unused_along(
    shop: tuple[Door, Database, Marketing],
) -> None:
    door, _, _ = shop
    buyer = door.customer("buyer@example.cn")
    order = bought(door, buyer, "1", paymentToken=SUCCEEDS)
    first, second = wallet(door, buyer)
    assert (first["promotionName"], first["state"]) == ("会员券", "USABLE")
    assert first["endsAt"] == "2025-12-24T16:00:00.000Z"  # 30 days from the payment

    bought(door, buyer, "2", "150.00", payment="cash_on_delivery", codes=[second["code"]])
    cancelled(door, buyer, order)
    assert [(one["code"], one["state"]) for one in wallet(door, buyer)] == [
        (second["code"], "USED")
    ]


def test_an_order_paid_on_delivery_brings_them_when_it_is_paid_once(
    shop: tuple[Door, Database, Marketing],
) -> None:
    door, _, _ = shop
    buyer = door.customer("buyer@example.cn")
    order = bought(door, buyer, "1", payment="cash_on_delivery")
    assert wallet(door, buyer) == []
    clerk = door.staff("orders@example.cn")
    for _ in range(2):
        paid = door.ask(PAID, clerk, input={"orderId": order["id"]})
        assert paid["userErrors"] == []
        assert len(wallet(door, buyer)) == 2
    unpaid = bought(door, buyer, "2", payment="cash_on_delivery")
    cancelled(door, buyer, unpaid)
    assert len(wallet(door, buyer)) == 2


def test_the_cart_says_what_an_order_would_bring_and_a_guest_is_asked_to_sign_in(
    shop: tuple[Door, Database, Marketing],
) -> None:
    door, _, staff = shop

    def told(token: str) -> Any:
        shopper = Shopper(door, token)
        [entry] = shopper.ready()["cart"]["price"]["trace"]
        return entry["outcome"], entry["condition"], entry["message"]

    assert told("") == (
        "MISSED",
        "account",
        {"en": "Sign in for 满100返2张.", "zh": "登录后可享满100返2张。"},
    )
    assert told(door.customer("buyer@example.cn")) == (
        "APPLIED",
        None,
        {
            "en": "满100返2张: 2 vouchers for your next order, once this one is paid.",
            "zh": "满100返2张：付款后返 2 张优惠券。",
        },
    )
    plain = staff.create(name="折", rule={"percentage": {"percentOff": "10"}})["id"]
    for other in (plain, opaque_id("Promotion", 99)):
        rule = {"voucherAfterPurchase": {"voucher": other}}
        errors = staff.errors("Create", name="返", currency="CNY", rule=rule)
        assert errors == {"rule.voucherAfterPurchase.voucher": "NOT_FOUND"}


def test_its_own_limit_counts_the_orders_that_earn(
    shop: tuple[Door, Database, Marketing],
) -> None:
    door, _, staff = shop
    rule = {"voucherAfterPurchase": {"voucher": coupon(staff)}}
    once = staff.running(name="首返", currency="CNY", rule=rule, usageLimit=1)
    buyer = door.customer("buyer@example.cn")
    bought(door, buyer, "1", paymentToken=SUCCEEDS)
    bought(door, buyer, "2", paymentToken=SUCCEEDS)
    assert len(wallet(door, buyer)) == 2 + 1 + 2
    read = "query ($id: ID!) { promotion(id: $id) { usageCount } }"
    assert staff.ask(read, id=once["id"]) == {"usageCount": 1}
