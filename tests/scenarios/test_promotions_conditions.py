"""Each condition that all kinds have in common: set up by staff, seen by a shopper, then met."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from storeql.catalog.tables import collection_products, collections, product_tags, tags
from storeql.db import Database
from storeql.schema.ids import opaque_id
from tests.carts.shop import BOOK, CUP, NOW, TEA, insert_rows
from tests.customers.people import hired
from tests.scenarios.promotions_door import MARKETING, Marketing
from tests.scenarios.shopping import ADDRESS, Shopper, delivery, open_small_shop, variant

SHOP_ZONE = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime.fromtimestamp(NOW / 1000, SHOP_ZONE)
GROUP = """
mutation ($input: CustomerGroupCreateInput!) {
  customerGroupCreate(input: $input) { customerGroup { id } userErrors { code } } }"""
MEMBERS = """
mutation ($input: CustomerGroupMembersUpdateInput!) {
  customerGroupMembersUpdate(input: $input) { customerGroup { id } userErrors { code } } }"""
STANDING = """
mutation ($input: CustomerStandingUpdateInput!) {
  customerStandingUpdate(input: $input) { customer { version } userErrors { code } } }"""
ME = "{ me { id version } }"


class Story:
    """One shop in which the cases follow each other, each with its own promotion and cart."""

    def __init__(self, staff: Marketing, database: Database) -> None:
        self.staff = staff
        self.door = staff.door
        self.buyer = Shopper(self.door, self.door.customer())
        self.group = staff.ask(GROUP, input={"slug": "club", "name": "Club"})["customerGroup"]["id"]

    def at(self, days: int, hour: int, minute: int = 0) -> None:
        """Turns the clock to so many days after that Tuesday, by the shop's clock."""
        moment = TUESDAY + timedelta(days=days, hours=hour, minutes=minute)
        self.door.clock.now = int(moment.timestamp() * 1000)

    def explained(self, shopper: Shopper) -> dict[str, Any]:
        """What became of the one promotion."""
        [entry] = shopper.cart()["price"]["trace"]
        found: dict[str, Any] = entry
        return found

    def joined(self) -> None:
        me = self.door.ask(ME, self.buyer.session)
        self.staff.ask(MEMBERS, input={"id": self.group, "add": [me["id"]]})

    def risen(self) -> None:
        me = self.door.ask(ME, self.buyer.session)
        rise = {"id": me["id"], "expectedVersion": me["version"], "tier": "gold"}
        assert self.staff.ask(STANDING, input=rise)["userErrors"] == []


Step = Callable[[Story, Shopper], object]


class Case(NamedTuple):
    """A condition, what the shopper is told while it is not met, and what meets it."""

    audience: dict[str, Any]
    condition: str
    told: tuple[str, str]
    meet: Step
    expected: list[str]


def reading(**given: Any) -> Step:
    """The shopper changes where, how or by what the cart is delivered or paid."""
    (name, value), *_ = given.items()
    mutation, kind = {
        "address": ("cartAddressUpdate", "CartAddressUpdateInput"),
        "deliveryMethodId": ("cartDeliveryMethodUpdate", "CartDeliveryMethodUpdateInput"),
        "paymentMethod": ("cartPaymentMethodUpdate", "CartPaymentMethodUpdateInput"),
        "lines": ("cartLinesAdd", "CartLinesAddInput"),
    }[name]

    def step(story: Story, shopper: Shopper) -> None:
        payload = shopper.change(mutation, kind, token=shopper.token, **{name: value})
        assert payload["userErrors"] == []

    return step


def turning(days: int, hour: int, minute: int = 0) -> Step:
    return lambda story, shopper: story.at(days, hour, minute)


CASES = {
    "weekdays": Case(
        {"weekdays": [7, 6, 6]},
        "window",
        ("Sale runs Sat, Sun.", "Sale的活动时间为周六、周日。"),
        turning(4, 0),
        ["weekdays 6 7"],
    ),
    "hours": Case(
        {"fromMinute": 1200, "untilMinute": 1320},
        "window",
        ("Sale runs 20:00–22:00.", "Sale的活动时间为20:00–22:00。"),
        turning(0, 20),
        ["hours 20:00-22:00"],
    ),
    "Friday night, over midnight": Case(
        {"weekdays": [5], "fromMinute": 1320, "untilMinute": 120},
        "window",
        ("Sale runs Fri 22:00–02:00.", "Sale的活动时间为周五 22:00–02:00。"),
        turning(4, 1, 59),
        ["weekdays 5", "hours 22:00-02:00"],
    ),
    "group": Case(
        {"groupIds": ["club"]},
        "buyer_group",
        ("Sale is for certain customers.", "Sale仅限指定会员参加。"),
        lambda story, shopper: story.joined(),
        ["1"],
    ),
    "tier": Case(
        {"tiers": ["gold", "silver"]},
        "buyer_tier",
        ("Sale is for another member tier.", "Sale仅限指定会员等级。"),
        lambda story, shopper: story.risen(),
        ["gold", "silver"],
    ),
    "delivery method": Case(
        {"deliveryMethods": ["express"]},
        "delivery_method",
        ("Sale needs another delivery method.", "更换配送方式后可享Sale。"),
        reading(deliveryMethodId=delivery(2)),
        ["express"],
    ),
    "payment method": Case(
        {"paymentMethods": ["bank_transfer"]},
        "payment_method",
        ("Sale needs another payment method.", "更换支付方式后可享Sale。"),
        reading(paymentMethod="bank_transfer"),
        ["bank_transfer"],
    ),
    "country": Case(
        {"countries": ["sg", "hk"]},
        "country",
        ("Sale is for other places.", "Sale不适用于该收货地区。"),
        reading(address={**ADDRESS, "country": "hk"}),
        ["SG", "HK"],
    ),
    "region": Case(
        {"regions": ["浙江"]},
        "region",
        ("Sale is for other places.", "Sale不适用于该收货地区。"),
        reading(address={**ADDRESS, "region": "浙江"}),
        ["浙江"],
    ),
    "pieces in scope": Case(
        {"minimumQuantity": 5},
        "quantity",
        ("Add 2 more pieces for Sale.", "再买 2 件，可享Sale。"),
        reading(lines=[{"variantId": variant(CUP), "quantity": 2}]),
        ["5"],
    ),
}


@pytest.fixture
def story(database_url: str, database: Database, tmp_path: Path) -> Iterator[Story]:
    """The small shop with somebody who may do everything, and a customer."""
    with open_small_shop(database_url, str(tmp_path)) as (door, shop):
        hired(shop, MARKETING, "owner")
        insert_rows(shop, collections, {"id": 1, "slug": "new", "name": "New"})
        insert_rows(shop, tags, {"id": 1, "slug": "hot", "name": "Hot"})
        insert_rows(shop, collection_products, {"collection_id": 1, "product_id": TEA})
        insert_rows(shop, product_tags, {"tag_id": 1, "product_id": TEA})
        yield Story(Marketing(door), shop)


def half_off(**more: Any) -> dict[str, Any]:
    return {"name": "Sale", "rule": {"percentage": {"percentOff": "50"}}, **more}


def test_each_condition_is_explained_until_it_is_met(story: Story) -> None:
    for name, case in CASES.items():
        story.at(0, 0)
        audience = dict(case.audience)
        if "groupIds" in audience:
            audience["groupIds"] = [story.group]
        one = story.staff.running(**half_off(audience=audience))
        shopper = Shopper(story.door, story.buyer.session)
        shopper.ready()
        missed = story.explained(shopper)
        assert (missed["outcome"], missed["condition"]) == ("MISSED", case.condition), name
        assert (missed["message"]["en"], missed["message"]["zh"]) == case.told, name
        assert missed["expected"] == case.expected, name
        assert shopper.cart()["price"]["discountTotal"]["amount"] == "0.00", name
        case.meet(story, shopper)
        assert story.explained(shopper)["outcome"] == "APPLIED", name
        story.staff.change("End", id=one["id"])


def test_a_channel_a_first_order_and_a_choice_not_made_yet(story: Story) -> None:
    one = story.staff.running(**half_off(audience={"channels": ["app"]}))
    guest = Shopper(story.door)
    guest.ready()
    assert story.explained(guest)["condition"] == "channel"
    assert story.explained(guest)["message"]["zh"] == "Sale仅限其他渠道参加。"
    change = {"id": one["id"], "expectedVersion": one["version"]}
    one = story.staff.change("Update", **change, audience={"channels": ["app", "web"]})
    assert story.explained(guest)["outcome"] == "APPLIED"

    change = {"id": one["id"], "expectedVersion": one["version"]}
    one = story.staff.change("Update", **change, audience={"firstOrderOnly": True})
    assert story.explained(guest)["message"]["en"] == "Sale is for a first order."
    story.buyer.ready()
    assert story.explained(story.buyer)["outcome"] == "APPLIED"
    assert story.buyer.place("85.00", "first")["userErrors"] == []
    story.buyer.ready()
    assert story.explained(story.buyer)["condition"] == "first_order"

    for audience, chinese in (
        ({"paymentMethods": ["bank_transfer"]}, "选择支付方式后可享Sale。"),
        ({"deliveryMethods": ["express"]}, "选择配送方式后可享Sale。"),
        ({"countries": ["CN"]}, "填写地址并选择配送方式后可享Sale。"),
        ({"regions": ["上海"]}, "填写地址并选择配送方式后可享Sale。"),
    ):
        change = {"id": one["id"], "expectedVersion": one["version"]}
        one = story.staff.change("Update", **change, audience=audience)
        undecided = Shopper(story.door)
        undecided.create(lines=[{"variantId": variant(CUP)}])
        assert story.explained(undecided)["message"]["zh"] == chinese
    assert story.explained(guest)["outcome"] == "APPLIED"


TEA_BY = {
    "productIds": opaque_id("Product", TEA),
    "variantIds": opaque_id("ProductVariant", TEA),
    "categoryIds": opaque_id("Category", 1),  # tea lies in a category below it
    "collectionIds": opaque_id("Collection", 1),
    "tagIds": opaque_id("Tag", 1),
}


def test_products_are_included_and_excluded_by_each_of_their_ids(story: Story) -> None:
    """Tea 2 x 25.00 and a cup at 100.00, half off what is in scope; then a book at 40.00."""
    one = story.staff.running(**half_off())
    shopper = Shopper(story.door)
    shopper.ready()
    for name, key in TEA_BY.items():
        for scope, off in (
            ({"include": {name: [key]}}, "25.00"),
            ({"exclude": {name: [key]}}, "50.00"),
            ({"include": {name: [key]}, "exclude": {"variantIds": [variant(BOOK)]}}, "25.00"),
        ):
            change = {"id": one["id"], "expectedVersion": one["version"]}
            one = story.staff.change("Update", **change, scope=scope)
            assert shopper.cart()["price"]["discountTotal"]["amount"] == off, (name, scope)
    scope = {
        "include": {"tagIds": [TEA_BY["tagIds"]]},
        "exclude": {"productIds": [TEA_BY["productIds"]]},
    }
    change = {"id": one["id"], "expectedVersion": one["version"]}
    story.staff.change("Update", **change, scope=scope)
    assert shopper.cart()["price"]["trace"] == []
    assert shopper.cart()["price"]["discountTotal"]["amount"] == "0.00"


def test_what_a_condition_names_has_to_be_there_and_lists_are_bounded(story: Story) -> None:
    audience = {
        "channels": ["web", "nowhere"],
        "groupIds": [opaque_id("CustomerGroup", 99)],
        "countries": ["cn", "XX"],
        "deliveryMethods": ["standard", "drone"],
        "paymentMethods": ["barter"],
        "regions": ["上海\n"] * 101,
        "tiers": ["", "gold"],
        "weekdays": [0, 8],
        "fromMinute": 600,
        "untilMinute": 600,
        "minimumQuantity": -1,
    }
    assert story.staff.errors("Create", **half_off(audience=audience)) == {
        "audience.channels.1": "NOT_FOUND",
        "audience.groupIds": "NOT_FOUND",
        "audience.countries.1": "INVALID_COUNTRY",
        "audience.deliveryMethods.1": "NOT_FOUND",
        "audience.paymentMethods.0": "NOT_FOUND",
        "audience.regions": "TOO_MANY",
        "audience.tiers.0": "REQUIRED",
        "audience.weekdays": "OUT_OF_RANGE",
        "audience.untilMinute": "EMPTY_WINDOW",
        "audience.minimumQuantity": "OUT_OF_RANGE",
    }
    many = [f"c{place}" for place in range(101)]
    assert story.staff.errors("Create", **half_off(audience={"channels": many})) == {
        "audience.channels": "TOO_MANY"
    }
