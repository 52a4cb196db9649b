"""Staff delete channels and warehouses, and are told what stands in the way: over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import sleep
from typing import Any

import pytest

from storeql.db import Database
from tests.customers.people import hired
from tests.scenarios.catalog_door import OWNER, Built, Clerk
from tests.scenarios.people_door import open_door
from tests.scenarios.shopping import ADDRESS, Shopper

DELIVERY = """
mutation ($input: DeliveryMethodCreateInput!) {
  deliveryMethodCreate(input: $input) { deliveryMethod { id } userErrors { code } } }"""
FLOOR = """
mutation ($input: PriceFloorSetInput!) {
  priceFloorSet(input: $input) { priceFloor { id } userErrors { code } } }"""
PROMOTION = """
mutation ($input: PromotionCreateInput!) {
  promotionCreate(input: $input) { promotion { id } userErrors { code } } }"""
END = """
mutation ($input: PromotionStepInput!) {
  promotionEnd(input: $input) { promotion { status } userErrors { code } } }"""
HOOK = """
mutation ($input: WebhookSubscriptionCreateInput!) {
  webhookSubscriptionCreate(input: $input) {
    webhookSubscription { id } userErrors { code message } } }"""
UNHOOK = """
mutation ($input: WebhookSubscriptionDeleteInput!) {
  webhookSubscriptionDelete(input: $input) { userErrors { code message } } }"""
START = END.replace("promotionEnd", "promotionActivate")
CUP = """
query ($id: ID!) { node(id: $id) { ... on Product {
  publications { channel { slug } } variants { id stockLevels { warehouse { slug } } } } } }"""
SLUG = """
query ($id: ID!) { node(id: $id) { ... on Channel { slug } ... on Warehouse { slug } } }"""
TOTAL = "3.000"  # two cups at 1.250, delivered for 0.500
BUYERS = 3
PAUSES = (0.0, 0.001, 0.002, 0.005)


class Market(Built):
    """A shop that sells a cup in Kuwait, beside its default channel in China."""

    def __init__(self, clerk: Clerk) -> None:
        super().__init__(clerk)
        prices = [
            {"channelId": self.cny, "price": "19.90"},
            {"channelId": self.kwd, "price": "1.250"},
        ]
        stock = [{"warehouseId": self.house, "onHand": 2 * BUYERS}]
        product = self.product(variants=[self.variant("CUP-1", prices=prices, stock=stock)])
        self.cup_product, self.cup_variant = product["id"], product["variants"][0]["id"]
        clerk.make("productPublish", id=self.cup_product, channelIds=[self.cny, self.kwd])
        given = {"channelId": self.kwd, "name": "Courier", "price": "0.500"}
        self.courier = self.done(DELIVERY, given)["deliveryMethod"]["id"]

    def done(self, mutation: str, given: dict[str, Any]) -> Any:
        """The payload of a change that was made."""
        payload = self.clerk.ask(mutation, input=given)
        assert payload["userErrors"] == []
        return payload

    def buyer(self) -> Shopper:
        """A guest with a cart in Kuwait that can be ordered."""
        shopper = Shopper(self.clerk.door)
        cart = shopper.create(
            channel="kw",
            lines=[{"variantId": self.cup_variant, "quantity": 2}],
            email="buyer@example.kw",
            address=ADDRESS,
            deliveryMethodId=self.courier,
            paymentMethod="cash_on_delivery",
        )["cart"]
        assert cart["price"]["total"]["amount"] == TOTAL
        return shopper

    def received(self, warehouse: str, key: str, pieces: int, reason: str = "RECEIVED") -> Any:
        """The answer to goods that came into a warehouse, or went."""
        change = {
            "variantId": self.cup_variant,
            "warehouseId": warehouse,
            "reason": reason,
            "quantity": {"change": pieces},
        }
        return self.clerk.send("stockAdjust", idempotencyKey=key, changes=[change])


@pytest.fixture
def shop(database_url: str, database: Database, tmp_path: Path) -> Iterator[Market]:
    hired(database, OWNER, "owner")
    with open_door(database_url, str(tmp_path)) as door:
        yield Market(Clerk(door))


def in_the_way(errors: list[dict[str, Any]]) -> list[tuple[str, int]]:
    assert {error["__typename"] for error in errors} == {"InUse"}
    return [(error["what"], error["count"]) for error in errors]


def codes(payload: dict[str, Any]) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


def test_a_channel_without_orders_goes_with_all_that_was_meant_for_it(shop: Market) -> None:
    shop.done(FLOOR, {"rule": {"price": "1.000"}, "channelId": shop.kwd})
    Shopper(shop.clerk.door).create(channel="kw")

    stale = shop.clerk.errors("channelDelete", id=shop.kwd, expectedVersion=7)
    assert [(error["code"], error["current"]) for error in stale] == [("STALE_VERSION", 1)]
    assert shop.clerk.make("channelDelete", id=shop.kwd, expectedVersion=1) == shop.kwd

    assert shop.clerk.codes("channelDelete", id=shop.kwd) == {"id": "NOT_FOUND"}
    left = shop.clerk.ask(CUP, id=shop.cup_product)["publications"]
    assert [one["channel"]["slug"] for one in left] == ["cn"]
    assert shop.clerk.ask("{ priceFloors { totalCount } }") == {"totalCount": 0}
    assert codes(Shopper(shop.clerk.door).create(channel="kw")) == ["CHANNEL_NOT_FOUND"]
    again = shop.clerk.make("channelCreate", name="Kuwait", slug="kw", currency="KWD")
    assert again["slug"] == "kw"


def test_the_default_channel_stays(shop: Market) -> None:
    assert shop.clerk.codes("channelDelete", id=shop.cny) == {"id": "DEFAULT_NEEDED"}
    shop.clerk.make("channelUpdate", id=shop.kwd, expectedVersion=1, isDefault=True)
    assert shop.clerk.make("channelDelete", id=shop.cny) == shop.cny


def test_all_that_stands_in_a_channel_s_way_is_said_at_once(shop: Market) -> None:
    assert codes(shop.buyer().place(TOTAL, "order-1", "KWD")) == []
    shop.buyer()
    shop.buyer()
    named = {"name": "Eid", "kind": "PERCENTAGE", "rule": {"percentage": {"percentOff": "5"}}}
    created = shop.done(PROMOTION, {**named, "audience": {"channels": ["kw", "cn"]}})
    promotion = {"id": created["promotion"]["id"]}
    shop.done(PROMOTION, {**named, "audience": {"channels": ["cn"]}})

    errors = shop.clerk.errors("channelDelete", id=shop.kwd)
    assert in_the_way(errors) == [("orders", 1), ("carts", 2), ("promotions", 1)]
    assert {tuple(error["field"]) for error in errors} == {("id",)}

    hook = {"name": "Desk", "url": "https://8.8.8.8/kw", "kinds": ["ORDER_PLACED"]}
    told = shop.done(HOOK, {**hook, "channelId": shop.kwd})["webhookSubscription"]["id"]
    in_its_way = in_the_way(shop.clerk.errors("channelDelete", id=shop.kwd))
    assert in_its_way[-1] == ("webhook subscriptions", 1)
    shop.done(UNHOOK, {"id": told})

    shop.done(START, promotion)
    shop.done(END, promotion)
    shop.clerk.make("channelUpdate", id=shop.kwd, expectedVersion=1, isActive=False)
    assert in_the_way(shop.clerk.errors("channelDelete", id=shop.kwd)) == [("orders", 1)]


def test_nothing_is_bought_in_an_inactive_channel_and_its_carts_go_with_it(shop: Market) -> None:
    shopper = shop.buyer()
    [line] = shopper.cart()["lines"]
    shop.clerk.make("channelUpdate", id=shop.kwd, expectedVersion=1, isActive=False)

    assert [one["isAvailable"] for one in shopper.cart()["lines"]] == [False]
    [refused] = shopper.place(TOTAL, "order-1", "KWD")["userErrors"]
    assert (refused["code"], refused["lineId"]) == ("VARIANT_UNAVAILABLE", line["id"])
    more = {"token": shopper.token, "lines": [{"variantId": shop.cup_variant, "quantity": 1}]}
    added = shopper.change("cartLinesAdd", "CartLinesAddInput", **more)
    assert codes(added) == ["VARIANT_UNAVAILABLE"]

    assert shop.clerk.make("channelDelete", id=shop.kwd) == shop.kwd
    assert shopper.cart() is None
    assert codes(shopper.place(TOTAL, "order-1", "KWD")) == ["CART_NOT_FOUND"]


@pytest.mark.parametrize("pause", PAUSES)
def test_an_order_and_the_end_of_its_channel_never_both_happen(shop: Market, pause: float) -> None:
    shoppers = [shop.buyer() for _ in range(BUYERS)]

    def buy(number: int) -> bool:
        payload = shoppers[number - 1].place(TOTAL, "order-1", "KWD")
        assert set(codes(payload)) <= {"VARIANT_UNAVAILABLE", "CART_NOT_FOUND"}
        return payload["order"] is not None

    def close() -> bool:
        shop.clerk.make("channelUpdate", id=shop.kwd, expectedVersion=1, isActive=False)
        payload = shop.clerk.send("channelDelete", id=shop.kwd)
        assert {error["what"] for error in payload["userErrors"]} <= {"orders"}
        return payload["deletedId"] is not None

    bought, closed = at_once(buy, close, pause)

    assert closed is not any(bought)
    assert (shop.clerk.ask(SLUG, id=shop.kwd) is None) is closed
    assert shop.clerk.ask("{ orders { totalCount } }") == {"totalCount": sum(bought)}


def test_a_warehouse_goes_while_nothing_was_ever_brought_into_it(shop: Market) -> None:
    south = shop.clerk.make("warehouseCreate", name="South")["id"]
    empty = [{"warehouseId": south, "onHand": 0}]
    mug = shop.product(name="Mug", variants=[shop.variant("MUG-1", stock=empty)])["id"]
    stale = shop.clerk.errors("warehouseDelete", id=south, expectedVersion=3)
    assert [(error["code"], error["current"]) for error in stale] == [("STALE_VERSION", 1)]

    assert shop.clerk.make("warehouseDelete", id=south, expectedVersion=1) == south

    assert [one["stockLevels"] for one in shop.clerk.ask(CUP, id=mug)["variants"]] == [[]]
    assert shop.clerk.codes("warehouseDelete", id=south) == {"id": "NOT_FOUND"}
    assert codes(shop.received(south, "k", 1)) == ["NOT_FOUND"]


def test_a_warehouse_that_the_ledger_names_stays_even_when_it_is_empty(shop: Market) -> None:
    assert codes(shop.received(shop.house, "k", -2 * BUYERS, reason="LOST")) == []

    [error] = shop.clerk.errors("warehouseDelete", id=shop.house)

    assert in_the_way([error]) == [("stock movements", 2)]
    assert error["field"] == ["id"]


@pytest.mark.parametrize("pause", PAUSES)
def test_goods_received_and_the_end_of_their_warehouse_never_both_happen(
    shop: Market, pause: float
) -> None:
    south = shop.clerk.make("warehouseCreate", name="South")["id"]

    def receive(number: int) -> bool:
        payload = shop.received(south, f"k{number}", 2)
        assert set(codes(payload)) <= {"NOT_FOUND"}
        return payload["productVariants"] is not None

    def close() -> bool:
        payload = shop.clerk.send("warehouseDelete", id=south)
        assert {error["what"] for error in payload["userErrors"]} <= {"stock movements"}
        return payload["deletedId"] is not None

    received, closed = at_once(receive, close, pause)

    assert closed is not any(received)
    assert (shop.clerk.ask(SLUG, id=south) is None) is closed


def at_once(
    use: Callable[[int], bool], close: Callable[[], bool], pause: float
) -> tuple[list[bool], bool]:
    """Whether each use was made, and whether what they use was closed, begun at one moment.

    The uses come one after the other, so many seconds apart.
    """
    together = Barrier(BUYERS + 1)

    def using(number: int) -> bool:
        together.wait()
        sleep(pause * number)
        return use(number)

    def closing() -> bool:
        together.wait()
        return close()

    with ThreadPoolExecutor(BUYERS + 1) as threads:
        closed = threads.submit(closing)
        return list(threads.map(using, range(1, BUYERS + 1))), closed.result()


def test_who_looks_after_goods_deletes_neither(shop: Market, database: Database) -> None:
    hired(database, "catalogue@example.cn", "catalogue")
    catalogue = shop.clerk.door.staff("catalogue@example.cn")
    for noun, row in (("channel", shop.kwd), ("warehouse", shop.house)):
        mutation = f"""
        mutation ($input: {noun.title()}DeleteInput!) {{
          {noun}Delete(input: $input) {{ deletedId }} }}"""
        assert shop.clerk.door.refusal(mutation, catalogue, input={"id": row}) == "FORBIDDEN"
