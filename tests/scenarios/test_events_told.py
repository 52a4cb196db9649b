"""Every kind of event is told when it happens, once, about the right object, by whoever did it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.clockwork import Clockwork
from storeql.db import Database
from storeql.schema.ids import opaque_id
from storeql.schema.scalars import instant_text
from storeql.shop import EVENT_KINDS
from tests.carts.shop import CUP
from tests.customers.people import hired
from tests.scenarios.catalog_door import Built, Clerk
from tests.scenarios.people_door import Door, open_door
from tests.scenarios.promotions_door import MARKETING, Marketing
from tests.scenarios.shopping import Shopper, delivery, open_small_shop, variant
from tests.scenarios.test_voucher_batches import coupon
from tests.scenarios.test_wallet import SET as OFFER
from tests.scenarios.test_wallet import claimed
from tests.scenarios.warehouse import COMPLETE, DELIVER, PACK, SHIP, of_order
from tests.webhooks.office import subscribe

HOUR = 3_600_000
EVERYTHING = [kind.name for kind in EVENT_KINDS]
EVENTS = """{
  events(first: 100) {
    nodes {
      __typename kind actor objectId channelId at
      ... on OrderPaidEvent { paymentReference amount { amount currency } }
      ... on OrderRefundedEvent { money: amount { amount } stateAfter order { state } }
      ... on OrderCancelledEvent { stateBefore }
      ... on OrderShippedEvent { fulfilments trackingNumbers stateAfter }
      ... on OrderDeliveredEvent { fulfilments trackingNumbers }
      ... on ProductDeletedEvent { slug name product { slug } }
      ... on PriceChangedEvent { priceBefore { amount currency } priceAfter { amount } }
      ... on VariantStockChangedEvent { warehouseId onHandChange reservedChange reason
        variant { sku } }
      ... on VoucherClaimedEvent { customerId promotion { name } }
    }
  }
}"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        door, database = opened
        hired(database, "owner@example.cn", "owner")
        hired(database, MARKETING, "marketing")
        owner = door.staff("owner@example.cn")
        subscribe(door, owner, "http://127.0.0.1:9/", *EVERYTHING)
        yield opened


@pytest.fixture
def empty_shop(database_url: str, database: Database, tmp_path: Path) -> Iterator[Door]:
    hired(database, "owner@example.cn", "owner")
    with open_door(database_url, str(tmp_path)) as door:
        subscribe(door, door.staff("owner@example.cn"), "http://127.0.0.1:9/", *EVERYTHING)
        yield door


class Listener:
    """Reads the events that came since it read last, the first one first."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._owner = door.staff("owner@example.cn")
        self._read = 0

    def heard(self) -> list[dict[str, Any]]:
        nodes = self._door.ask(EVENTS, self._owner)["nodes"][::-1]
        new, self._read = nodes[self._read :], len(nodes)
        for event in new:
            words = [part.capitalize() for part in event["kind"].split("_")]
            assert event["__typename"] == "".join(words) + "Event"
        self._door.clock.now += 1000
        return new

    def kinds(self) -> list[str]:
        return sorted(event["kind"] for event in self.heard())


def test_the_life_of_an_order_is_told(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    listener, shopper = Listener(door), Shopper(door)
    shopper.ready("fake_card")
    order = shopper.place("160.00", "k", paymentToken="tok_success")["order"]

    events = listener.heard()
    assert [event["kind"] for event in events if event["kind"].startswith("ORDER")] == [
        "ORDER_PLACED",
        "ORDER_PAID",
        "ORDER_STATE_CHANGED",
    ]
    assert {event["objectId"] for event in events[-2:]} == {order["id"]}
    assert {event["actor"] for event in events} == {"guest"}
    (paid,) = [event for event in events if event["kind"] == "ORDER_PAID"]
    assert paid["amount"] == {"amount": "160.00", "currency": "CNY"}
    assert paid["paymentReference"] == f"{order['number']}-1"
    assert paid["channelId"] == opaque_id("Channel", 1)
    stock = [event for event in events if event["kind"] == "VARIANT_STOCK_CHANGED"]
    assert [event["reservedChange"] for event in stock] == [2, 1]
    assert stock[1]["variant"] == {"sku": "SKU-2"}
    assert stock[1]["warehouseId"] == opaque_id("Warehouse", 1)
    assert (stock[1]["onHandChange"], stock[1]["reason"]) == (0, "RESERVED")

    cancel = {"orderId": order["id"], "cartToken": shopper.token, "idempotencyKey": "c"}
    door.ask(
        "mutation ($input: OrderCancelInput!) { orderCancel(input: $input) { order { id } } }",
        input=cancel,
    )
    events = listener.heard()
    assert sorted(event["kind"] for event in events) == [
        "ORDER_CANCELLED",
        "ORDER_REFUNDED",
        "ORDER_STATE_CHANGED",
        "VARIANT_STOCK_CHANGED",
        "VARIANT_STOCK_CHANGED",
    ]
    (refunded,) = [event for event in events if event["kind"] == "ORDER_REFUNDED"]
    assert (refunded["money"], refunded["order"]) == ({"amount": "160.00"}, {"state": "CANCELLED"})
    (cancelled,) = [event for event in events if event["kind"] == "ORDER_CANCELLED"]
    assert cancelled["stateBefore"] == "AWAITING_FULFILMENT"


def test_parcels_are_told_from_the_house_to_the_end(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    listener, shopper, owner = Listener(door), Shopper(door), door.staff("owner@example.cn")
    shopper.ready()
    order = shopper.place("160.00", "k")["order"]
    [part] = of_order(door, owner, order["id"])["fulfilments"]
    which = {"fulfilmentId": part["id"]}
    [package] = door.ask(PACK, owner, input=which)["fulfilment"]["packages"]
    listener.heard()
    label = {"packageId": package["id"], "carrier": "SF", "trackingNumber": "SF1"}

    door.ask(SHIP, owner, input={**which, "idempotencyKey": "s", "packages": [label]})
    [shipped] = [one for one in listener.heard() if one["kind"] == "ORDER_SHIPPED"]
    door.ask(DELIVER, owner, input=which)
    [delivered] = [one for one in listener.heard() if one["kind"] == "ORDER_DELIVERED"]
    door.ask(COMPLETE, owner, input={"orderId": order["id"]})

    assert (shipped["fulfilments"], shipped["trackingNumbers"]) == ([part["number"]], ["SF1"])
    assert (shipped["stateAfter"], delivered["fulfilments"]) == ("SHIPPED", [part["number"]])
    assert delivered["trackingNumbers"] == ["SF1"]
    assert listener.kinds() == ["ORDER_COMPLETED", "ORDER_STATE_CHANGED"]


def test_an_order_paid_in_cash_is_paid_when_staff_saw_the_money(
    shop: tuple[Door, Database],
) -> None:
    door, _ = shop
    listener, shopper = Listener(door), Shopper(door)
    shopper.ready()
    order = shopper.place("160.00", "k")["order"]
    assert "ORDER_PAID" not in listener.kinds()
    door.ask(
        "mutation ($input: OrderMarkPaidInput!) { orderMarkPaid(input: $input) { order { id } } }",
        door.staff("owner@example.cn"),
        input={"orderId": order["id"]},
    )
    (paid,) = listener.heard()
    assert (paid["kind"], paid["actor"][:6]) == ("ORDER_PAID", "staff:")


def test_what_becomes_of_products_their_prices_and_stock_is_told(empty_shop: Door) -> None:
    door = empty_shop
    clerk, listener = Clerk(door), Listener(door)
    built = Built(clerk)
    listener.heard()
    product = built.product(name="Mug", slug="mug", variants=[built.variant("MUG")])
    assert listener.kinds() == ["PRICE_CHANGED", "PRODUCT_CREATED", "VARIANT_STOCK_CHANGED"]

    version = product["version"]
    clerk.make("productUpdate", id=product["id"], expectedVersion=version, name="Big mug")
    assert listener.kinds() == ["PRODUCT_UPDATED"]
    clerk.make("productPublish", id=product["id"], channelIds=[built.cny])
    published = listener.heard()
    assert [one["kind"] for one in published] == ["PRODUCT_UPDATED", "PRODUCT_PUBLISHED"]
    assert [one["channelId"] for one in published] == [None, built.cny]
    clerk.make("productUnpublish", id=product["id"], channelIds=[built.cny])
    assert listener.kinds() == ["PRODUCT_UNPUBLISHED", "PRODUCT_UPDATED"]

    mug = product["variants"][0]["id"]
    price = {"variantId": mug, "channelId": built.cny, "price": "55.00"}
    clerk.make("variantPricesSet", prices=[price])
    changed, _ = listener.heard()
    assert (changed["kind"], changed["objectId"]) == ("PRICE_CHANGED", mug)
    assert changed["priceAfter"] == {"amount": "55.00"}
    assert changed["priceBefore"]["currency"] == "CNY"
    clerk.make("variantPricesSet", prices=[price])
    assert listener.kinds() == ["PRODUCT_UPDATED"]  # the same price as before

    count = {"variantId": mug, "warehouseId": built.house, "quantity": {"change": 3}}
    received = {**count, "reason": "RECEIVED"}
    clerk.make("stockAdjust", changes=[received], idempotencyKey="k")
    (stock,) = listener.heard()
    assert (stock["onHandChange"], stock["reason"]) == (3, "RECEIVED")

    clerk.make("productDelete", id=product["id"])
    (gone,) = listener.heard()
    assert (gone["kind"], gone["slug"], gone["product"]) == ("PRODUCT_DELETED", "mug", None)


def test_customers_are_told_of(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    listener = Listener(door)
    token = door.customer("new@example.cn")
    (created,) = listener.heard()
    assert created["kind"] == "CUSTOMER_CREATED"
    update = """
        mutation ($input: CustomerUpdateInput!) { customerUpdate(input: $input) {
          userErrors { code } } }"""
    door.ask(update, token, input={"expectedVersion": 1, "name": "Han Meimei"})
    (updated,) = listener.heard()
    assert (updated["kind"], updated["objectId"]) == ("CUSTOMER_UPDATED", created["objectId"])
    assert updated["actor"].startswith("customer:")

    owner = door.staff("owner@example.cn")
    standing = """
        mutation ($input: CustomerStandingUpdateInput!) { customerStandingUpdate(input: $input) {
          userErrors { code } } }"""
    wish = {"id": created["objectId"], "expectedVersion": 2, "tier": "gold"}
    assert door.ask(standing, owner, input=wish)["userErrors"] == []
    group = door.ask(
        """mutation { customerGroupCreate(input: { slug: "vip", name: "VIP" }) {
          customerGroup { id } } }""",
        owner,
    )["customerGroup"]["id"]
    members = """
        mutation ($input: CustomerGroupMembersUpdateInput!) {
          customerGroupMembersUpdate(input: $input) { userErrors { code } } }"""
    door.ask(members, owner, input={"id": group, "add": [created["objectId"]]})
    address = """
        mutation ($input: CustomerAddressCreateInput!) { customerAddressCreate(input: $input) {
          userErrors { code } } }"""
    where = {"name": "Han", "phone": "13800001234", "country": "CN", "city": "上海", "street": "1"}
    assert door.ask(address, token, input={"address": where})["userErrors"] == []
    assert listener.kinds() == ["CUSTOMER_UPDATED"] * 3


def test_promotions_start_and_end_by_hand_and_by_the_clock(shop: tuple[Door, Database]) -> None:
    door, database = shop
    staff, listener = Marketing(door), Listener(door)
    off = {"rule": {"percentage": {"percentOff": "10"}}, "currency": "CNY"}
    promotion = staff.create(name="By hand", **off)["id"]
    assert listener.kinds() == ["PROMOTION_CREATED"]
    for verb, told in (("Activate", "STARTED"), ("Pause", "PAUSED"), ("End", "ENDED")):
        staff.change(verb, id=promotion)
        assert listener.kinds() == [f"PROMOTION_{told}", "PROMOTION_UPDATED"]

    draft = staff.create(name="Draft", **off)["id"]
    listener.heard()
    delete = (
        "mutation ($input: PromotionStepInput!) { promotionDelete(input: $input) { deletedId } }"
    )
    staff.ask(delete, input={"id": draft})
    assert listener.kinds() == ["PROMOTION_DELETED"]

    now = door.clock.now
    window = {"startsAt": instant_text(now + HOUR), "endsAt": instant_text(now + 2 * HOUR)}
    staff.running(name="By the clock", **off, **window)
    assert listener.kinds() == ["PROMOTION_CREATED", "PROMOTION_UPDATED"]
    clockwork = Clockwork(database, door.clock, None)  # type: ignore[arg-type]
    for instant, told in ((now + HOUR, "STARTED"), (now + 2 * HOUR, "ENDED")):
        door.clock.now = instant - 1
        assert clockwork.look() == 0
        door.clock.now = instant
        assert [clockwork.look(), clockwork.look()] == [1, 0]  # told once, whoever looks
        (event,) = listener.heard()
        assert (event["kind"], event["actor"]) == (f"PROMOTION_{told}", "shop")
        assert event["at"] == instant_text(instant)


def test_a_claimed_voucher_is_told(shop: tuple[Door, Database]) -> None:
    door, _ = shop
    staff, listener = Marketing(door), Listener(door)
    promotion = coupon(staff)
    staff.ask(OFFER, input={"promotionId": promotion, "claimLimit": 10})
    buyer = door.customer("buyer@example.cn")
    listener.heard()
    claimed(door, buyer, promotionId=promotion)
    claimed(door, buyer, promotionId=promotion)  # sent again: claimed once
    (event,) = listener.heard()
    assert (event["kind"], event["objectId"]) == ("VOUCHER_CLAIMED", promotion)
    assert event["promotion"]["name"] and event["customerId"]


def test_each_kind_is_in_these_stories() -> None:
    story = Path(__file__).read_text(encoding="utf-8")
    spelled = {"PROMOTION_STARTED", "PROMOTION_PAUSED", "PROMOTION_ENDED"}
    assert [name for name in EVERYTHING if f'"{name}"' not in story and name not in spelled] == []


def test_stock_of_a_variant_that_many_orders_want_is_told_in_one_statement_an_order(
    shop: tuple[Door, Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    door, _ = shop
    shopper = Shopper(door)
    shopper.create(
        lines=[{"variantId": variant(CUP), "quantity": 3}],
        email="a@example.cn",
        address={
            "name": "李雷",
            "country": "CN",
            "city": "上海",
            "street": "1",
            "phone": "13800001234",
        },
        deliveryMethodId=delivery(1),
        paymentMethod="cash_on_delivery",
    )
    seen: list[str] = []
    monkeypatch.setattr(
        door.http.app.state.shop.database,  # type: ignore[attr-defined]
        "recorder",
        seen.append,
    )
    assert shopper.place("310.00", "k")["userErrors"] == []
    assert len([text for text in seen if text.startswith("INSERT INTO events")]) == 1
