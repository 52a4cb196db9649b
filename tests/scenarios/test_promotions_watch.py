"""Before a promotion staff see whether it is ready; while it runs, how it is doing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import true

from storeql.carts.tables import delivery_methods
from storeql.catalog.tables import stock_levels
from storeql.db import Database
from storeql.db.connection import Connection
from storeql.orders.tables import orders
from storeql.schema.ids import opaque_id
from tests.carts.shop import BOOK, NOW, TEA, change_rows
from tests.customers.people import hired
from tests.scenarios.people_door import Door
from tests.scenarios.promotion_shop import open_promotion_shop
from tests.scenarios.promotions_door import Marketing
from tests.scenarios.shopping import Shopper, variant

Shop = tuple[Door, Database, Marketing]
HOUR = 3_600_000
SPEND = {"spendThreshold": {"tiers": [{"from": "100", "off": "15"}]}}
READINESS = """
query ($id: ID!, $orders: Int, $capacity: Int) {
  promotionReadiness(id: $id, expectedOrders: $orders, dailyCapacity: $capacity) {
    promotionId isReady expectedOrders days
    checks { code status message { en zh } advice { en zh } }
  }
}"""
MONITOR = """
query ($id: ID!) {
  promotionMonitor(id: $id) {
    promotionId status at usesLeft budgetLeft { amount } ordersPerHour discountPerHour { amount }
    figures { currency orders givenBack revenue { amount } discount { amount }
      recentOrders recentDiscount { amount } }
    giftStocks { remaining } quotas { remaining }
    recentOrders outcomes { outcome orders } alerts { code severity message { en zh } }
  }
}"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Shop]:
    with open_promotion_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], "boss@example.cn", "owner")
        yield opened


def checks(staff: Marketing, key: str, **given: Any) -> dict[str, str]:
    """Status by code; every check has words in both languages."""
    told = staff.ask(READINESS, id=key, **given)["checks"]
    assert all(check["message"]["en"] and check["message"]["zh"] for check in told)
    assert all((check["advice"] is None) == (check["status"] == "READY") for check in told)
    return {check["code"]: check["status"] for check in told}


def monitor(staff: Marketing, key: str) -> Any:
    return staff.ask(MONITOR, id=key)


def alerts(staff: Marketing, key: str) -> dict[str, str]:
    told = monitor(staff, key)["alerts"]
    assert all(alert["message"]["en"] and alert["message"]["zh"] for alert in told)
    return {alert["code"]: alert["severity"] for alert in told}


def buy(door: Door, total: str, key: str) -> str:
    """Orders two teas and a cup; the order's id."""
    shopper = Shopper(door)
    shopper.ready()
    placed = shopper.place(total, key)
    assert placed["userErrors"] == []
    return str(placed["order"]["id"])


def test_a_promotion_in_order_is_ready(shop: Shop) -> None:
    _, _, staff = shop
    key = staff.create(
        name="满减", currency="CNY", rule=SPEND, endsAt="2025-11-29T16:00:00Z", budget="3000"
    )["id"]

    told = staff.ask(READINESS, id=key, orders=100, capacity=20)

    assert (told["isReady"], told["expectedOrders"], told["days"]) == (True, 100, 5)
    assert told["promotionId"] == key
    assert checks(staff, key, orders=100, capacity=20) == {
        "SETUP": "READY",
        "FINDINGS": "READY",
        "STOCK": "READY",
        "BUDGET": "READY",
        "USES": "READY",
        "CAPACITY": "READY",
        "DELIVERY": "READY",
    }


def test_what_runs_short_of_the_expected_orders_is_told(shop: Shop) -> None:
    _, _, staff = shop
    key = staff.create(
        name="满赠",
        currency="CNY",
        rule={"giftWithPurchase": {"gifts": [variant(BOOK)], "from": "99"}},
        giftStocks=[{"variantId": variant(BOOK), "quantity": 50}],
        budget="400",
        usageLimit=20,
        endsAt="2025-11-29T16:00:00Z",
    )["id"]

    told = checks(staff, key, orders=60, capacity=11)

    attention = {code for code, status in told.items() if status == "ATTENTION"}
    assert attention == {"GIFTS", "BUDGET", "USES", "CAPACITY"}


def test_what_cannot_work_is_blocking(shop: Shop) -> None:
    _, database, staff = shop
    key = staff.create(
        name="满赠",
        currency="CNY",
        rule={"giftWithPurchase": {"gifts": [variant(BOOK)], "from": "99"}},
        giftStocks=[{"variantId": variant(BOOK), "quantity": 50}],
        requiresCode=True,
        endsAt="2025-11-01T00:00:00Z",
    )["id"]
    change_rows(database, stock_levels, true(), on_hand=0)
    change_rows(database, delivery_methods, true(), is_active=False)

    told = checks(staff, key)

    blocking = {code for code, status in told.items() if status == "BLOCKING"}
    assert blocking == {"SETUP", "FINDINGS", "STOCK", "GIFTS", "CODES", "DELIVERY"}
    assert told["CAPACITY"] == "UNKNOWN"
    assert staff.ask(READINESS, id=key)["isReady"] is False


def test_a_quota_above_the_stock_is_told(shop: Shop) -> None:
    _, _, staff = shop
    key = staff.create(
        name="限量",
        rule={"percentage": {"percentOff": "1"}},
        quotas=[{"variantId": variant(TEA), "quantity": 101}],
    )["id"]

    assert checks(staff, key, orders=1)["QUOTAS"] == "ATTENTION"


def test_the_orders_of_late_are_expected_to_go_on(shop: Shop) -> None:
    door, _, staff = shop
    key = staff.create(name="满减", currency="CNY", rule=SPEND)["id"]
    for number in range(3):
        buy(door, "160.00", f"k{number}")

    assert staff.ask(READINESS, id=key)["expectedOrders"] == 3


def test_numbers_of_orders_are_bounded(shop: Shop) -> None:
    _, _, staff = shop
    key = staff.create(name="满减", currency="CNY", rule=SPEND)["id"]

    assert staff.door.refusal(READINESS, staff.token, id=key, orders=-1) == "BAD_USER_INPUT"
    unknown = str(opaque_id("Promotion", 99))
    assert staff.ask(READINESS, id=unknown) is None
    assert staff.ask(MONITOR, id=unknown) is None


def test_the_monitor_shows_what_orders_did_and_what_is_left(shop: Shop) -> None:
    door, _, staff = shop
    key = staff.running(name="满减", currency="CNY", rule=SPEND, budget="3000", usageLimit=99)["id"]
    first = buy(door, "145.00", "k1")
    buy(door, "145.00", "k2")
    door.clock.now = NOW + 2 * HOUR
    buy(door, "145.00", "k3")
    cancel(door, first)

    told = monitor(staff, key)

    assert told["figures"] == [
        {
            "currency": "CNY",
            "orders": 2,
            "givenBack": 1,
            "revenue": {"amount": "290.00"},
            "discount": {"amount": "30.00"},
            "recentOrders": 2,
            "recentDiscount": {"amount": "30.00"},
        }
    ]
    assert (told["usesLeft"], told["budgetLeft"]) == (97, {"amount": "2970.00"})
    assert (told["ordersPerHour"], told["discountPerHour"]) == ("1.00", {"amount": "15.00"})
    assert (told["recentOrders"], told["outcomes"]) == (3, [{"outcome": "APPLIED", "orders": 3}])
    assert (told["status"], told["alerts"]) == ("ACTIVE", [])


def test_yesterdays_orders_are_not_recent(shop: Shop) -> None:
    door, _, staff = shop
    key = staff.running(name="满减", currency="CNY", rule=SPEND)["id"]
    buy(door, "145.00", "k1")
    door.clock.now = NOW + 25 * HOUR

    told = monitor(Marketing(door), key)

    assert (told["figures"][0]["orders"], told["figures"][0]["recentOrders"]) == (1, 0)
    assert told["recentOrders"] == 0


def test_a_budget_that_will_be_gone_before_the_end_is_an_alert(shop: Shop) -> None:
    door, _, staff = shop
    end = "2025-11-25T16:00:00Z"
    key = staff.running(name="满减", currency="CNY", rule=SPEND, budget="100", endsAt=end)["id"]
    buy(door, "145.00", "k1")
    door.clock.now = NOW + HOUR
    soon = alerts(staff, key)
    for number in range(2, 7):
        buy(door, "145.00", f"k{number}")

    assert soon == {"BUDGET_RUNS_OUT": "WARNING"}
    assert monitor(staff, key)["budgetLeft"] == {"amount": "10.00"}


def test_a_limit_that_is_used_up_is_an_alert(shop: Shop) -> None:
    door, _, staff = shop
    gift = {"giftWithPurchase": {"gifts": [variant(BOOK)], "from": "99"}}
    stock = [{"variantId": variant(BOOK), "quantity": 1}]
    gifts = staff.running(name="满赠", currency="CNY", rule=gift, giftStocks=stock, usageLimit=1)
    buy(door, "160.00", "k1")

    told = alerts(staff, gifts["id"])

    assert told == {"USES_USED_UP": "BLOCKING", "GIFTS_USED_UP": "BLOCKING"}
    assert monitor(staff, gifts["id"])["giftStocks"] == [{"remaining": 0}]


def test_one_that_never_applies_is_an_alert_with_its_main_reason(shop: Shop) -> None:
    door, _, staff = shop
    never = {"spendThreshold": {"tiers": [{"from": "9999", "off": "15"}]}}
    key = staff.running(name="门槛太高", currency="CNY", rule=never)["id"]
    for number in range(10):
        buy(door, "160.00", f"k{number}")

    [alert] = monitor(staff, key)["alerts"]

    assert alert["code"] == "NOT_APPLYING"
    assert "MISSED spend_minor" in alert["message"]["en"]


def test_a_kind_that_fails_is_an_alert(shop: Shop) -> None:
    door, database, staff = shop
    key = staff.running(name="满减", currency="CNY", rule=SPEND)["id"]
    buy(door, "145.00", "k1")
    trace = '{"trace":[{"promotion_id":"1","outcome":"FAILED"}]}'
    change_rows(database, orders, true(), pricing=trace)

    assert alerts(staff, key) == {"KIND_FAILS": "BLOCKING"}


def test_neither_takes_more_statements_for_more_orders(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, _, staff = shop
    key = staff.running(name="满减", currency="CNY", rule=SPEND)["id"]
    buy(door, "145.00", "k0")
    seen: list[str] = []
    noted = Connection._note

    def note(connection: Connection, sql: str) -> None:
        seen.append(sql)
        noted(connection, sql)

    monkeypatch.setattr(Connection, "_note", note)
    counts = []
    for number in range(3):
        seen.clear()
        staff.ask(MONITOR, id=key)
        staff.ask(READINESS, id=key)
        counts.append(len(seen))
        buy(door, "145.00", f"more{number}")

    assert counts[1] == counts[2]


def cancel(door: Door, order: str) -> None:
    """As staff who manage orders."""
    boss = door.staff("boss@example.cn")
    document = """mutation ($input: OrderCancelInput!) {
      orderCancel(input: $input) { userErrors { code } } }"""
    given = {"orderId": order, "idempotencyKey": "c1"}
    assert door.ask(document, boss, input=given)["userErrors"] == []
