"""One shop in several channels and currencies: each sells its own, to its own smallest coin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from tests.customers.people import hired
from tests.scenarios.catalog_door import OWNER, Built, Clerk
from tests.scenarios.people_door import open_door
from tests.scenarios.shopping import ADDRESS, Shopper

LISTED = """
query ($channel: String, $filter: ProductFilterInput) {
  products(channel: $channel, filter: $filter, sort: { by: PRICE }) {
    totalCount nodes { slug price { amount currency } } } }"""
FACETS = """
query ($channel: String) {
  productFacets(channel: $channel) {
    total priceMin { amount currency } priceMax { amount } tags { key count } } }"""
EVERYWHERE = """
query ($channel: String, $slug: String!, $variant: ID!) {
  product(slug: $slug, channel: $channel) { slug }
  productVariant(id: $variant, channel: $channel) { sku }
  found: products(channel: $channel, filter: { search: "mug" }) { nodes { slug } }
  tagged: products(channel: $channel, filter: { tags: ["new"] }) { nodes { slug } } }"""
NODE = "query ($id: ID!) { node(id: $id) { __typename } }"
DELIVERY = """
mutation ($input: DeliveryMethodCreateInput!) {
  deliveryMethodCreate(input: $input) { deliveryMethod { id } userErrors { code } } }"""
CREATE = """
mutation ($input: PromotionCreateInput!) {
  promotionCreate(input: $input) { promotion { id } userErrors { code field message } } }"""
ACTIVATE = """
mutation ($input: PromotionStepInput!) {
  promotionActivate(input: $input) { promotion { status } userErrors { code message } } }"""


class Shops(Built):
    """A cup sold in China, Japan and Kuwait, a mug in Japan alone, a pot in Kuwait alone."""

    def __init__(self, clerk: Clerk) -> None:
        super().__init__(clerk)
        self.channels = {"cn": self.cny, "jp": self.jpy, "kw": self.kwd}
        self.tag = clerk.make("tagCreate", name="New")["id"]
        self.cup_id = self.good("Cup", {"cn": "19.90", "jp": "400", "kw": "1.255"}, "cn jp kw")
        self.mug_id = self.good("Mug", {"cn": "60", "jp": "1250"}, "jp")
        self.pot_id = self.good("Pot", {"cn": "200", "kw": "10.005"}, "kw")
        self.deliveries = {
            slug: self.done(DELIVERY, channelId=self.channels[slug], name="Courier", price=price)[
                "deliveryMethod"
            ]["id"]
            for slug, price in (("cn", "8"), ("jp", "500"), ("kw", "0.500"))
        }

    def good(self, name: str, prices: dict[str, str], published: str) -> str:
        """The variant of a product with these prices, published in some of the channels."""
        priced = [{"channelId": self.channels[slug], "price": p} for slug, p in prices.items()]
        stock = [{"warehouseId": self.house, "onHand": 50}]
        variant = self.variant(name.upper(), prices=priced, stock=stock)
        product = self.product(name=name, variants=[variant], tagIds=[self.tag])
        where = [self.channels[slug] for slug in published.split()]
        self.clerk.make("productPublish", id=product["id"], channelIds=where)
        return str(product["variants"][0]["id"])

    def done(self, mutation: str, **given: Any) -> Any:
        """The payload of a change that was made."""
        payload = self.clerk.ask(mutation, input=given)
        assert payload["userErrors"] == []
        return payload

    def running(self, **given: Any) -> None:
        """A promotion that is switched on."""
        self.done(ACTIVATE, id=self.done(CREATE, **given)["promotion"]["id"])

    def cart(self, channel: str, *lines: tuple[str, int]) -> tuple[Shopper, dict[str, Any]]:
        """A cart that can be ordered, and what creating it answered."""
        shopper = Shopper(self.clerk.door)
        payload = shopper.create(
            channel=channel,
            lines=[{"variantId": variant, "quantity": quantity} for variant, quantity in lines],
            email="buyer@example.cn",
            address=ADDRESS,
            deliveryMethodId=self.deliveries[channel],
            paymentMethod="cash_on_delivery",
        )
        return shopper, payload


@pytest.fixture
def shop(database_url: str, database: Database, tmp_path: Path) -> Iterator[Shops]:
    hired(database, OWNER, "owner")
    with open_door(database_url, str(tmp_path)) as door:
        yield Shops(Clerk(door))


def listed(shop: Shops, channel: str, **filter: Any) -> list[tuple[str, str]]:
    page = shop.clerk.door.ask(LISTED, channel=channel, filter=filter)
    assert page["totalCount"] == len(page["nodes"])
    return [(one["slug"], one["price"]["amount"]) for one in page["nodes"]]


def test_a_product_published_in_one_channel_is_absent_in_the_others(shop: Shops) -> None:
    door = shop.clerk.door
    asked = {"slug": "mug", "variant": shop.mug_id}

    there = door.answer(EVERYWHERE, channel="jp", **asked)["data"]
    assert there["product"] == {"slug": "mug"}
    assert there["productVariant"] == {"sku": "MUG"}
    assert there["found"] == {"nodes": [{"slug": "mug"}]}
    for channel, left in (("cn", ["cup"]), ("kw", ["cup", "pot"])):
        here = door.answer(EVERYWHERE, channel=channel, **asked)["data"]
        assert (here["product"], here["productVariant"]) == (None, None)
        assert here["found"] == {"nodes": []}
        assert sorted(one["slug"] for one in here["tagged"]["nodes"]) == left
        assert door.ask(FACETS, channel=channel)["tags"] == [{"key": "new", "count": len(left)}]
        _, refused = shop.cart(channel, (shop.cup_id, 1), (shop.mug_id, 1))
        assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [
            ("VARIANT_UNAVAILABLE", ["lines", "1", "variantId"])
        ]
    assert door.ask(NODE, id=shop.mug_id) is None  # through the default channel
    assert door.ask(NODE, id=shop.cup_id) == {"__typename": "ProductVariant"}


def test_a_product_taken_down_in_one_channel_stays_in_the_others_and_in_no_cart(
    shop: Shops,
) -> None:
    shopper, _ = shop.cart("jp", (shop.cup_id, 1))
    read = "query ($id: ID!) { node(id: $id) { ... on ProductVariant { product { id } } } }"
    cup = shop.clerk.ask(read, id=shop.cup_id)["product"]["id"]

    shop.clerk.make("productUnpublish", id=cup, channelIds=[shop.jpy])

    assert [slug for slug, _ in listed(shop, "jp")] == ["mug"]
    assert [slug for slug, _ in listed(shop, "cn")] == ["cup"]
    assert [line["isAvailable"] for line in shopper.cart()["lines"]] == [False]
    refused = shopper.place("900", "key-1", "JPY")
    assert [error["code"] for error in refused["userErrors"]] == ["VARIANT_UNAVAILABLE"]


def test_listings_filters_and_facets_are_in_the_channel_s_coin(shop: Shops) -> None:
    door = shop.clerk.door

    assert listed(shop, "jp") == [("cup", "400"), ("mug", "1250")]
    assert listed(shop, "jp", priceFrom="401") == [("mug", "1250")]
    assert listed(shop, "kw") == [("cup", "1.255"), ("pot", "10.005")]
    assert listed(shop, "kw", priceTo="1.255") == [("cup", "1.255")]
    assert listed(shop, "kw", priceTo="1.254") == []
    assert door.ask(FACETS, channel="jp") == {
        "total": 2,
        "priceMin": {"amount": "400", "currency": "JPY"},
        "priceMax": {"amount": "1250"},
        "tags": [{"key": "new", "count": 2}],
    }
    for channel, price in (("jp", "400.5"), ("kw", "1.2555"), ("cn", "1.255")):
        too_precise = {"channel": channel, "filter": {"priceFrom": price}}
        assert door.refusal(LISTED, **too_precise) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("channel", "currency", "tier", "nets", "discounts", "total"),
    [
        # 7 % off each piece: 400 → 372, 1250 → 1162.5 → 1163; then 333 off 2279, by their shares.
        ("jp", "JPY", {"from": "2000", "off": "333"}, ("953", "993"), "504", "2446"),
        # 1.255 → 1.16715 → 1.167, 10.005 → 9.30465 → 9.305; then 1.111 off 12.806.
        ("kw", "KWD", {"from": "10", "off": "1.111"}, ("3.197", "8.498"), "2.075", "12.195"),
    ],
)
def test_a_cart_is_priced_and_ordered_to_the_channel_s_smallest_coin(
    shop: Shops,
    channel: str,
    currency: str,
    tier: dict[str, str],
    nets: tuple[str, str],
    discounts: str,
    total: str,
) -> None:
    shop.running(name="Seven", rule={"percentage": {"percentOff": "7"}})
    spend = {"spendThreshold": {"tiers": [tier]}}
    shop.running(name="Spend", currency=currency, rule=spend)
    other = {"spendThreshold": {"tiers": [{"from": "1", "off": "1"}]}}
    shop.running(name="Elsewhere", currency="CNY", rule=other)
    second = shop.mug_id if channel == "jp" else shop.pot_id

    shopper, payload = shop.cart(channel, (shop.cup_id, 3), (second, 1))

    price = payload["cart"]["price"]
    assert price["total"] == {"amount": total, "currency": currency}
    assert price["discountTotal"] == {"amount": discounts}
    assert tuple(line["netPrice"]["amount"] for line in price["lines"]) == nets
    outcomes = {entry["promotionName"]: entry["outcome"] for entry in price["trace"]}
    assert outcomes == {"Seven": "APPLIED", "Spend": "APPLIED", "Elsewhere": "MISSED"}

    order = shopper.place(total, "key-1", currency)["order"]

    assert order["total"] == {"amount": total, "currency": currency}
    assert tuple(line["netPrice"]["amount"] for line in order["lines"]) == nets
    assert [one["amount"] for one in order["payments"]] == [{"amount": total}]


def test_amounts_finer_than_the_smallest_coin_are_refused_and_never_rounded(shop: Shops) -> None:
    fine = {"spendThreshold": {"tiers": [{"from": "100.5", "off": "10"}]}}
    refused = shop.clerk.ask(CREATE, input={"name": "Fine", "currency": "JPY", "rule": fine})
    assert [(error["code"], error["field"][-1]) for error in refused["userErrors"]] == [
        ("TOO_PRECISE", "from")
    ]
    delivery = {"channelId": shop.kwd, "name": "Slow", "price": "0.0005"}
    assert shop.clerk.ask(DELIVERY, input=delivery)["userErrors"] == [{"code": "TOO_MANY_DECIMALS"}]
    shopper, payload = shop.cart("jp", (shop.cup_id, 1))
    assert payload["cart"]["price"]["total"]["amount"] == "900"
    wish = {
        "cartToken": shopper.token,
        "confirmedTotal": {"amount": "900.5", "currency": "JPY"},
        "idempotencyKey": "key-1",
    }
    place = """
      mutation ($input: OrderPlaceInput!) { orderPlace(input: $input) { order { number } } }"""
    assert shop.clerk.door.refusal(place, input=wish) == "BAD_USER_INPUT"
    assert shopper.place("900", "key-1", "CNY")["userErrors"][0]["code"] == "CURRENCY_MISMATCH"
    assert shopper.place("900", "key-1", "JPY")["order"]["total"]["amount"] == "900"


def test_a_guest_s_cart_of_another_channel_is_taken_over_beside_the_customer_s_own(
    shop: Shops,
) -> None:
    door = shop.clerk.door
    session = door.customer("li@example.cn")
    own = Shopper(door, session)
    own.create(channel="cn", lines=[{"variantId": shop.cup_id, "quantity": 3}])
    same, _ = shop.cart("cn", (shop.cup_id, 1))
    elsewhere, _ = shop.cart("jp", (shop.mug_id, 2))

    merged = own.change("cartAttach", "CartAttachInput", token=same.token)["cart"]
    taken = own.change("cartAttach", "CartAttachInput", token=elsewhere.token)["cart"]

    assert (merged["token"], merged["currency"]) == (own.token, "CNY")
    assert (taken["token"], taken["currency"]) == (elsewhere.token, "JPY")
    assert elsewhere.cart() is None  # its token alone opens it no more
