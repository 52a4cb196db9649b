"""A promotion from its first step to its end: set up step by step, run by the clock, copied."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.schema.ids import opaque_id
from tests.carts.shop import NOW, TEA
from tests.scenarios.people_door import Door, open_door
from tests.scenarios.promotion_shop import open_promotion_shop, total
from tests.scenarios.promotions_door import Marketing
from tests.scenarios.shopping import Shopper

Shop = tuple[Door, Database, Marketing]
SPEND = {"spendThreshold": {"tiers": [{"from": "100", "off": "15"}]}}
HOUR = 3_600_000
START, END = "2025-11-25T00:00:00+08:00", "2025-11-25T02:00:00+08:00"
COPY = """
mutation ($input: PromotionCopyInput!) {
  promotionCopy(input: $input) {
    promotion { id name status version usageCount codeCount endsAt usageLimit
      giftStocks { quantity used } rule { kind } exclusionGroup }
    userErrors { code field }
  }
}"""
VERSIONS = """
query ($id: ID!, $first: Int, $after: String) {
  promotionVersions(id: $id, first: $first, after: $after) {
    nodes { version actor status changedAt name startsAt endsAt promotionId
      rule { ... on SpendThresholdRule { tiers { off { amount } } } } }
    totalCount pageInfo { hasNextPage endCursor }
  }
}"""
DIFFERENCE = """
query ($id: ID!, $from: Int!, $to: Int!) {
  promotionDifference(id: $id, from: $from, to: $to) {
    before after changes { path label { en zh } before after }
  }
}"""
STATUS = "query ($id: ID!) { promotion(id: $id) { status isRunning } }"


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Shop]:
    with open_promotion_shop(database_url, str(tmp_path)) as opened:
        yield opened


def test_a_promotion_is_set_up_step_by_step_and_says_at_once_what_it_lacks(shop: Shop) -> None:
    _, _, staff = shop
    key = staff.create(name="双十一", kind="SPEND_THRESHOLD")["id"]
    staff.change("Update", id=key, expectedVersion=1, endsAt="2025-11-24T00:00:00+08:00")
    scope = {"include": {"productIds": [opaque_id("Product", TEA)]}}
    staff.change("Update", id=key, expectedVersion=2, scope=scope)

    lacking = staff.errors("Activate", id=key)
    staff.change("Update", id=key, expectedVersion=3, endsAt=None, currency="CNY", rule=SPEND)
    done = staff.change("Activate", id=key)

    assert lacking == {"rule": "REQUIRED", "endsAt": "ALREADY_OVER"}
    assert (done["status"], done["version"], done["rule"]["kind"]) == (
        "ACTIVE",
        5,
        "SPEND_THRESHOLD",
    )


def test_a_draft_needs_a_kind_that_there_is_and_a_rule_of_that_kind(shop: Shop) -> None:
    _, _, staff = shop
    nothing, unknown = staff.errors("Create", name="x"), staff.errors("Create", name="x", kind="X")
    other = staff.errors("Create", name="x", kind="PERCENTAGE", currency="CNY", rule=SPEND)

    assert nothing == {"kind": "REQUIRED"}
    assert unknown == {"kind": "UNKNOWN_KIND"}
    assert other == {"kind": "KIND_MISMATCH"}


def test_a_draft_of_another_kind_has_no_rule_and_a_running_one_keeps_its_kind(shop: Shop) -> None:
    _, _, staff = shop
    draft = staff.create(name="x", currency="CNY", rule=SPEND)
    running = staff.running(name="y", currency="CNY", rule=SPEND)
    changed = staff.change("Update", id=draft["id"], expectedVersion=1, kind="PERCENTAGE")

    assert changed["rule"] == {"kind": "PERCENTAGE", "json": None}
    refused = staff.errors("Update", id=running["id"], expectedVersion=2, kind="PERCENTAGE")
    assert refused == {"kind": "KIND_IS_FIXED"}


def test_a_promotion_starts_and_ends_at_its_instant_in_every_process(
    shop: Shop, database_url: str, tmp_path: Path
) -> None:
    here, _, staff = shop
    key = staff.running(name="快闪", currency="CNY", rule=SPEND, startsAt=START, endsAt=END)["id"]
    shopper = Shopper(here)
    shopper.ready()
    with open_door(database_url, str(tmp_path / "other")) as there:
        elsewhere = Shopper(there)
        elsewhere.token = shopper.token
        seen = []
        for now in (NOW - 1, NOW, NOW + 2 * HOUR - 1, NOW + 2 * HOUR):
            here.clock.now = there.clock.now = now
            seen.append((staff.ask(STATUS, id=key)["status"], total(shopper), total(elsewhere)))

    assert seen == [
        ("SCHEDULED", "160.00", "160.00"),
        ("ACTIVE", "145.00", "145.00"),
        ("ACTIVE", "145.00", "145.00"),
        ("ENDED", "160.00", "160.00"),
    ]


def test_promotions_are_found_by_the_state_they_are_in_now(shop: Shop) -> None:
    door, _, staff = shop
    window = {"startsAt": START, "endsAt": END}
    staff.running(name="scheduled", currency="CNY", rule=SPEND, **window)
    paused = staff.running(name="paused", currency="CNY", rule=SPEND, **window)
    staff.change("Pause", id=paused["id"])
    staff.create(name="draft", currency="CNY", rule=SPEND, **window)
    staff.running(name="always", currency="CNY", rule=SPEND)

    def names(*statuses: str) -> set[str]:
        query = """query ($filter: PromotionFilterInput) {
          promotions(filter: $filter) { nodes { name } totalCount } }"""
        found = staff.ask(query, filter={"statuses": statuses})
        assert found["totalCount"] == len(found["nodes"])
        return {node["name"] for node in found["nodes"]}

    states = ("DRAFT", "SCHEDULED", "ACTIVE", "PAUSED", "ENDED")
    door.clock.now = NOW - 1
    before = [names(state) for state in states]
    door.clock.now = NOW + 2 * HOUR
    after = [names(state) for state in states]

    assert before == [{"draft"}, {"scheduled"}, {"always"}, {"paused"}, set()]
    assert after == [{"draft"}, set(), {"always"}, set(), {"scheduled", "paused"}]


def test_one_whose_window_is_over_has_ended_for_good(shop: Shop) -> None:
    door, _, staff = shop
    key = staff.running(name="快闪", currency="CNY", rule=SPEND, endsAt=END)["id"]
    door.clock.now = NOW + 2 * HOUR

    assert staff.errors("Update", id=key, expectedVersion=2, endsAt=None) == {"id": "WRONG_STATUS"}
    for verb in ("Pause", "End", "Activate"):
        assert staff.errors(verb, id=key) == {"id": "WRONG_STATUS"}


def test_a_copy_is_a_draft_with_everything_but_codes_and_counts(shop: Shop) -> None:
    _, _, staff = shop
    cup = opaque_id("ProductVariant", 2)
    made = staff.running(
        name="满赠",
        currency="CNY",
        rule={"giftWithPurchase": {"gifts": [cup], "from": "99"}},
        giftStocks=[{"variantId": cup, "quantity": 20}],
        usageLimit=7,
        exclusionGroup="gifts",
        requiresCode=True,
        endsAt=END,
    )
    staff.ask(
        "mutation ($input: VoucherCodesCreateInput!) { voucherCodesCreate(input: $input)"
        " { userErrors { code } } }",
        input={"promotionId": made["id"], "codes": [{"code": "GIFT1"}]},
    )
    staff.change("End", id=made["id"])

    copied = staff.ask(COPY, input={"id": made["id"], "name": "满赠再来"})["promotion"]

    assert copied.pop("id") != made["id"]
    assert copied == {
        "name": "满赠再来",
        "status": "DRAFT",
        "version": 1,
        "usageCount": 0,
        "codeCount": 0,
        "endsAt": "2025-11-24T18:00:00.000Z",
        "usageLimit": 7,
        "giftStocks": [{"quantity": 20, "used": 0}],
        "rule": {"kind": "GIFT_WITH_PURCHASE"},
        "exclusionGroup": "gifts",
    }
    assert staff.ask(COPY, input={"id": made["id"]})["promotion"]["name"] == "满赠"
    unknown = staff.ask(COPY, input={"id": opaque_id("Promotion", 99)})
    assert unknown["userErrors"] == [{"code": "NOT_FOUND", "field": ["id"]}]


def test_versions_tell_what_it_was_and_orders_keep_the_one_that_priced_them(shop: Shop) -> None:
    door, _, staff = shop
    key = staff.running(name="满减", currency="CNY", rule=SPEND)["id"]
    shopper = Shopper(door)
    shopper.ready()
    shopper.place("145.00", "k1")
    lower = {"spendThreshold": {"tiers": [{"from": "100", "off": "5"}]}}
    staff.change("Update", id=key, expectedVersion=2, rule=lower, name="小满减")
    orders = staff_orders(door, shopper)

    page = staff.ask(VERSIONS, id=key, first=2)
    rest = staff.ask(VERSIONS, id=key, first=2, after=page["pageInfo"]["endCursor"])

    told = [
        (node["version"], node["status"], node["name"], node["rule"]["tiers"][0]["off"]["amount"])
        for node in page["nodes"] + rest["nodes"]
    ]
    assert told == [
        (3, "ACTIVE", "小满减", "5.00"),
        (2, "ACTIVE", "满减", "15.00"),
        (1, "DRAFT", "满减", "15.00"),
    ]
    assert (page["totalCount"], rest["pageInfo"]["hasNextPage"]) == (3, False)
    assert page["nodes"][0]["promotionId"] == key
    assert orders == [(2, "5.00"), (2, "10.00")]


def test_a_difference_shows_each_field_before_and_after(shop: Shop) -> None:
    _, _, staff = shop
    key = staff.create(name="满减", currency="CNY", rule=SPEND, budget="100", priority=5)["id"]
    tiers = [{"from": "100", "off": "20.5"}, {"from": "200", "off": "50"}]
    staff.change(
        "Update",
        id=key,
        expectedVersion=1,
        rule={"spendThreshold": {"tiers": tiers}},
        budget=None,
        startsAt=START,
        scope={"include": {"productIds": [opaque_id("Product", TEA)]}},
        funders=[{"name": "shop", "percent": "60"}, {"name": "brand", "percent": "40"}],
        quotas=[{"variantId": opaque_id("ProductVariant", TEA), "quantity": 7}],
    )

    told = staff.ask(DIFFERENCE, id=key, **{"from": 1, "to": 2})
    changes = {one["path"]: (one["before"], one["after"]) for one in told["changes"]}

    assert changes == {
        "startsAt": (None, "2025-11-24T16:00:00.000Z"),
        "budget": ("100.00", None),
        "scope.include.productIds": (None, [opaque_id("Product", TEA)]),
        "funders.shop": ("100.00", "60.00"),
        "funders.brand": (None, "40.00"),
        f"quotas.{opaque_id('ProductVariant', TEA)}": (None, 7),
        "rule.tiers.0.off": ("15.00", "20.50"),
        "rule.tiers.1.from": (None, "200.00"),
        "rule.tiers.1.off": (None, "50.00"),
    }
    labels = {one["path"]: one["label"]["zh"] for one in told["changes"]}
    assert labels["scope.include.productIds"] == "参与商品：包含：商品"
    assert staff.ask(DIFFERENCE, id=key, **{"from": 2, "to": 2})["changes"] == []
    assert staff.ask(DIFFERENCE, id=key, **{"from": 1, "to": 9}) is None


def staff_orders(door: Door, shopper: Shopper) -> list[tuple[int, str]]:
    """Version and amount of each discount on the order that the cart became."""
    query = """query ($cart: String!) { cart(token: $cart) { order { lines {
      discounts { promotionVersion amount { amount } } } } } }"""
    found: dict[str, Any] = door.ask(query, cart=shopper.token)
    return [
        (one["promotionVersion"], one["amount"]["amount"])
        for line in found["order"]["lines"]
        for one in line["discounts"]
    ]
