"""Marketing sets a campaign up, and its orders are held, committed and given back: over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.promotions.tables import redemptions
from tests.carts.shop import TEA
from tests.customers.people import hired
from tests.promotions.shop import rows
from tests.scenarios.people_door import Door
from tests.scenarios.promotions_door import MARKETING, Marketing
from tests.scenarios.shopping import Shopper, open_small_shop, variant

CAMPAIGN = """
  id name currency startsAt endsAt promotionCount version
  budget { amount } granted { amount } remaining { amount }"""
ERRORS = "userErrors { code field ... on StaleVersion { current } }"
LIST = f"{{ campaigns(first: 5) {{ totalCount nodes {{ {CAMPAIGN} }} }} }}"
NODE = f"query ($id: ID!) {{ node(id: $id) {{ ... on Campaign {{ {CAMPAIGN} }} }} }}"
PAID = """
mutation ($input: OrderMarkPaidInput!) {
  orderMarkPaid(input: $input) { userErrors { code } } }"""
CANCEL = """
mutation ($input: OrderCancelInput!) {
  orderCancel(input: $input) { order { state } userErrors { code } } }"""
COSTS = """{
  discountCosts(from: "2025-11-24T00:00:00Z", to: "2025-12-24T00:00:00Z") {
    rows {
      funder promotionId promotionName campaignId campaignName orderCount
      granted { amount } givenBack { amount } net { amount }
    } } }"""
LEFT = """{ promotions { nodes {
  usageCount quotas { used } redemptions { held committed released } } } }"""
POLICY_OF = """
query ($id: ID!) {
  promotion(id: $id) { campaignId giveBack { onCancel onRefund commitAt } } }"""
POLICY = {"onCancel": ["CODE", "BUDGET"], "onRefund": ["QUOTA"], "commitAt": "PAID"}


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], MARKETING, "marketing")
        hired(opened[1], "clerk@example.cn", "orders")
        yield opened


def campaign(staff: Marketing, verb: str, **given: Any) -> dict[str, Any]:
    payload = staff.ask(
        f"mutation ($input: Campaign{verb}Input!) {{ campaign{verb}(input: $input) "
        f"{{ campaign {{ {CAMPAIGN} }} {ERRORS} }} }}",
        input=given,
    )
    assert payload["userErrors"] == []
    made: dict[str, Any] = payload["campaign"]
    return made


def state(database: Database) -> list[tuple[bool, bool]]:
    """Committed, released: of every redemption."""
    found = rows(database, redemptions, "committed_at", "released_at")
    return [(committed is not None, released is not None) for committed, released in found]


def test_a_campaign_is_set_up_used_and_read(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    staff = Marketing(door)
    made = campaign(staff, "Create", name="双十一", currency="CNY", budget="20")
    changed = campaign(staff, "Update", id=made["id"], expectedVersion=1, budget="30.00")
    promotion = staff.running(
        name="九折",
        currency="CNY",
        rule={"percentage": {"percentOff": "10"}},
        campaignId=made["id"],
        giveBack=POLICY,
        quotas=[{"variantId": variant(TEA), "quantity": 5}],
    )
    shopper = Shopper(door)
    shopper.ready()

    order = shopper.place("145.00", "key-1")["order"]

    assert changed["version"] == 2
    assert staff.ask(POLICY_OF, id=promotion["id"]) == {
        "campaignId": made["id"],
        "giveBack": {**POLICY, "onCancel": ["BUDGET", "CODE"]},
    }
    found = staff.ask(LIST)
    assert found["totalCount"] == 1
    assert found["nodes"] == [staff.ask(NODE, id=made["id"])]
    assert found["nodes"][0] | {"id": ""} == {
        "id": "",
        "name": "双十一",
        "currency": "CNY",
        "startsAt": None,
        "endsAt": None,
        "promotionCount": 1,
        "version": 2,
        "budget": {"amount": "30.00"},
        "granted": {"amount": "15.00"},
        "remaining": {"amount": "15.00"},
    }
    assert door.ask(NODE, id=made["id"]) is None
    [cost] = staff.ask(COSTS)["rows"]
    assert cost == {
        "funder": "shop",
        "promotionId": promotion["id"],
        "promotionName": "九折",
        "campaignId": made["id"],
        "campaignName": "双十一",
        "orderCount": 1,
        "granted": {"amount": "15.00"},
        "givenBack": {"amount": "0.00"},
        "net": {"amount": "15.00"},
    }
    assert order["total"]["amount"] == "145.00"


def test_an_order_on_delivery_is_held_then_paid_and_its_refund_follows_the_policy(
    shop: tuple[Door, Database],
) -> None:
    door, database = shop
    staff, clerk = Marketing(door), door.staff("clerk@example.cn")
    tea = [{"variantId": variant(TEA), "quantity": 5}]
    rule = {"percentage": {"percentOff": "10"}}
    staff.running(name="九折", rule=rule, usageLimit=9, quotas=tea, giveBack=POLICY)
    shopper = Shopper(door)
    shopper.ready()
    order = shopper.place("145.00", "key-1")["order"]
    assert state(database) == [(False, False)]
    held = {"held": 1, "committed": 0, "released": 0}
    assert staff.ask(LEFT)["nodes"][0]["redemptions"] == held

    door.ask(PAID, clerk, input={"orderId": order["id"]})
    assert state(database) == [(True, False)]
    cancelled = door.ask(CANCEL, clerk, input={"orderId": order["id"], "idempotencyKey": "c"})

    assert cancelled == {"order": {"state": "CANCELLED"}, "userErrors": []}
    assert state(database) == [(True, True)]
    [promotion] = staff.ask(LEFT)["nodes"]
    assert promotion == {
        "usageCount": 1,
        "quotas": [{"used": 0}],
        "redemptions": {"held": 0, "committed": 0, "released": 1},
    }
