"""Marketing decides how promotions go together, and every cart follows at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from storeql.access import Actor
from storeql.db import Database
from storeql.errors import Rejected
from storeql.pricing import Lane
from storeql.promotions.stacking.update import StackingChange, update_stacking
from tests.scenarios.people_door import Door, open_door
from tests.scenarios.promotion_shop import open_promotion_shop, total
from tests.scenarios.promotions_door import Marketing
from tests.scenarios.shopping import Shopper

Shop = tuple[Door, Database, Marketing]
SETTINGS = """
  version lanes { lane mode } exclusionGroups { key title activePromotionCount }
  stackableSets { key title groups }"""
READ = f"query ($version: Int) {{ stackingSettings(version: $version) {{ {SETTINGS} }} }}"
UPDATE = f"""
mutation ($input: StackingSettingsUpdateInput!) {{
  stackingSettingsUpdate(input: $input) {{
    stackingSettings {{ {SETTINGS} }}
    userErrors {{ code field ... on StaleVersion {{ current }} }}
  }}
}}"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Shop]:
    with open_promotion_shop(database_url, str(tmp_path)) as opened:
        yield opened


def spend(start: str, off: str) -> dict[str, Any]:
    return {"spendThreshold": {"tiers": [{"from": start, "off": off}]}}


def update(staff: Marketing, expected: int, **change: Any) -> Any:
    return staff.ask(UPDATE, input={"expectedVersion": expected, **change})


def modes(settings: Any) -> list[str]:
    return [lane["mode"] for lane in settings["lanes"]]


def test_a_shop_begins_with_every_lane_best_for_the_customer(shop: Shop) -> None:
    _, _, staff = shop

    assert staff.ask(READ) == {
        "version": 1,
        "lanes": [
            {"lane": lane, "mode": "BEST_FOR_CUSTOMER"}
            for lane in ("ITEM", "ORDER", "VOUCHER", "SHIPPING")
        ],
        "exclusionGroups": [],
        "stackableSets": [],
    }


def test_a_lane_in_order_applies_to_open_carts_at_once_in_every_process(
    shop: Shop, database_url: str, tmp_path: Path
) -> None:
    here, _, staff = shop
    staff.running(name="first", currency="CNY", rule=spend("100", "5"), priority=1)
    staff.running(name="best", currency="CNY", rule=spend("100", "15"), priority=2)
    shopper = Shopper(here)
    shopper.ready()
    with open_door(database_url, str(tmp_path / "other")) as there:
        there.clock.now = here.clock.now
        elsewhere = Shopper(there)
        elsewhere.token = shopper.token
        best = (total(shopper), total(elsewhere))
        lanes = [{"lane": "ORDER", "mode": "IN_ORDER"}]
        changed = update(staff, 1, lanes=lanes)["stackingSettings"]
        in_order = (total(shopper), total(elsewhere))

    assert best == ("145.00", "145.00")
    assert in_order == ("155.00", "155.00")
    assert modes(changed)[1] == "IN_ORDER"
    assert modes(staff.ask(READ, version=1)) == ["BEST_FOR_CUSTOMER"] * 4
    assert staff.ask(READ, version=9) is None


def test_a_stackable_set_lets_promotions_share_a_line(shop: Shop) -> None:
    door, _, staff = shop
    for group, off in (("coupon", "15"), ("brand", "20")):
        staff.running(name=group, currency="CNY", rule=spend("100", off), stackingGroup=group)
    shopper = Shopper(door)
    shopper.ready()
    apart = total(shopper)

    sets = [{"key": "double", "title": "双重优惠", "groups": ["coupon", "brand"]}]
    update(staff, 1, stackableSets=sets)

    assert (apart, total(shopper)) == ("140.00", "125.00")


def test_exclusion_groups_are_listed_with_their_titles_and_with_what_names_them(shop: Shop) -> None:
    _, _, staff = shop
    for group in ("big-sale", "big-sale", "loose"):
        staff.running(name="x", currency="CNY", rule=spend("1", "1"), exclusionGroup=group)
    staff.create(name="draft", currency="CNY", rule=spend("1", "1"), exclusionGroup="drafts")

    update(staff, 1, exclusionGroups=[{"key": "big-sale", "title": "大促互斥"}, {"key": "idle"}])

    assert staff.ask(READ)["exclusionGroups"] == [
        {"key": "big-sale", "title": "大促互斥", "activePromotionCount": 2},
        {"key": "idle", "title": "", "activePromotionCount": 0},
        {"key": "loose", "title": None, "activePromotionCount": 1},
    ]


def test_an_order_names_the_settings_that_priced_it(shop: Shop) -> None:
    door, _, staff = shop
    update(staff, 1, lanes=[{"lane": "ORDER", "mode": "IN_ORDER"}])
    shopper = Shopper(door)
    shopper.ready()
    number = shopper.place("160.00", "k1")["order"]["number"]
    update(staff, 2, lanes=[{"lane": "ORDER", "mode": "BEST_FOR_CUSTOMER"}])
    order = f'{{ order(number: "{number}", cartToken: "{shopper.token}") {{ stackingVersion }} }}'

    assert staff.ask(order) == {"stackingVersion": 2}


def test_everything_wrong_with_a_change_is_told_at_its_field(shop: Shop) -> None:
    _, _, staff = shop

    told = update(
        staff,
        1,
        exclusionGroups=[{"key": "a"}, {"key": "a"}, {"key": ""}],
        stackableSets=[{"key": "s", "groups": ["only"]}],
    )["userErrors"]

    assert {".".join(error["field"]): error["code"] for error in told} == {
        "exclusionGroups.1.key": "DUPLICATE",
        "exclusionGroups.2.key": "REQUIRED",
        "stackableSets.0.groups": "REQUIRED",
    }


def test_a_change_of_an_old_version_is_refused(shop: Shop) -> None:
    _, _, staff = shop
    update(staff, 1, exclusionGroups=[{"key": "a"}])

    stale, ahead = update(staff, 1), update(staff, 7)

    assert [error["current"] for error in stale["userErrors"] + ahead["userErrors"]] == [2, 2]
    assert staff.ask(READ)["exclusionGroups"][0]["key"] == "a"


def test_of_simultaneous_changes_only_one_is_made(database: Database) -> None:
    actor = Actor("staff", 3, permissions=frozenset({"MANAGE_PROMOTIONS"}))
    change = StackingChange(in_order_lanes=(Lane.ITEM,))

    def attempt(_: int) -> bool:
        try:
            database.write(
                lambda c: update_stacking(c, change, expected_version=1, actor=actor, now=1)
            )
        except Rejected:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(attempt, range(8)))

    assert sum(made) == 1
