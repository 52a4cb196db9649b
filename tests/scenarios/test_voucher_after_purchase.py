"""满返: a completed order brings vouchers for the next one; one that is undone never does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.orders.fulfilment.complete import complete_delivered
from storeql.orders.payments.gateways.fake_card import SUCCEEDS
from storeql.schema.ids import opaque_id
from tests.carts.shop import desk
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.promotions_door import MARKETING, Marketing
from tests.scenarios.shopping import Shopper, open_small_shop
from tests.scenarios.test_checkout_placement import CANCEL
from tests.scenarios.test_voucher_batches import coupon
from tests.scenarios.warehouse import COMPLETE, DELIVER, PACK, SHIP, of_order

WALLET = "{ me { vouchers { nodes { code promotionName state endsAt } } } }"
DAY = 86_400_000


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


def delivered(door: Door, order: Any) -> None:
    clerk = door.staff("orders@example.cn")
    for part in of_order(door, clerk, order["id"])["fulfilments"]:
        which = {"fulfilmentId": part["id"]}
        door.ask(PACK, clerk, input=which)
        door.ask(SHIP, clerk, input={**which, "idempotencyKey": part["id"]})
        door.ask(DELIVER, clerk, input=which)


def completed(door: Door, token: str, order: Any) -> None:
    delivered(door, order)
    assert door.ask(COMPLETE, token, input={"orderId": order["id"]})["userErrors"] == []


def test_a_completed_order_brings_vouchers_and_a_paid_one_does_not_yet(
    shop: tuple[Door, Database, Marketing],
) -> None:
    door, _, _ = shop
    buyer = door.customer("buyer@example.cn")
    order = bought(door, buyer, "1", paymentToken=SUCCEEDS)
    assert wallet(door, buyer) == []
    delivered(door, order)
    assert wallet(door, buyer) == []
    door.clock.now += DAY

    for _ in range(2):
        completed = door.ask(COMPLETE, buyer, input={"orderId": order["id"]})
        assert completed["order"] == {"state": "COMPLETED"}

    first, second = wallet(door, buyer)
    assert (first["promotionName"], first["state"]) == ("会员券", "USABLE")
    assert first["endsAt"] == "2025-12-25T16:00:00.000Z"  # 30 days from the completion
    bought(door, buyer, "2", "150.00", payment="cash_on_delivery", codes=[second["code"]])
    assert [one["state"] for one in wallet(door, buyer)].count("USED") == 1


def test_a_cancelled_order_never_brings_them(shop: tuple[Door, Database, Marketing]) -> None:
    door, database, _ = shop
    buyer = door.customer("buyer@example.cn")
    order = bought(door, buyer, "1", paymentToken=SUCCEEDS)
    cancelled(door, buyer, order)
    late = {"orderId": order["id"]}
    assert door.ask(COMPLETE, buyer, input=late)["userErrors"] == [{"code": "ORDER_STATE_CONFLICT"}]
    assert wallet(door, buyer) == []
    assert complete_delivered(database.write, hooks=desk().hooks, now=door.clock.now * 2) == 0


def test_the_shop_completes_an_order_by_itself_and_gives_them_once(
    shop: tuple[Door, Database, Marketing],
) -> None:
    door, database, _ = shop
    buyer = door.customer("buyer@example.cn")
    delivered(door, bought(door, buyer, "1", payment="cash_on_delivery"))
    later = door.clock.now + 8 * DAY

    done = [complete_delivered(database.write, hooks=desk().hooks, now=later) for _ in range(2)]

    assert (done, len(wallet(door, buyer))) == ([1, 0], 2)


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
            "en": "满100返2张: 2 vouchers for your next order, once this one is completed.",
            "zh": "满100返2张：订单完成后返 2 张优惠券。",
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
    for key in "12":
        completed(door, buyer, bought(door, buyer, key, paymentToken=SUCCEEDS))
    assert len(wallet(door, buyer)) == 2 + 1 + 2
    read = "query ($id: ID!) { promotion(id: $id) { usageCount } }"
    assert staff.ask(read, id=once["id"]) == {"usageCount": 1}
