"""Price lists for channels and customer groups, with breaks by quantity, over HTTP."""

from __future__ import annotations

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from storeql.catalog.prices.settle import settle_due
from storeql.catalog.tables import variant_prices
from tests.carts.shop import BOOK, CUP, TEA, add_promotion, insert_rows
from tests.scenarios.price_shop import (
    APP,
    DAY,
    HOUR,
    WEB,
    Prices,
    amount,
    entry,
    instant,
    open_price_shop,
)
from tests.scenarios.shopping import Shopper, variant

SOURCES = """
query ($cart: String!) { cart(token: $cart) {
  lines { quantity unitPrice { amount } variant { price { amount } } }
  price { total { amount }
    lines { listPrice { amount } priceSource {
      kind priceListId priceListName fromQuantity priceScheduleId message { en zh } } } } } }
"""
ORDERED = """
query ($number: String!) { order(number: $number) { lines {
  sku quantity unitPrice { amount } priceSource { kind priceListName fromQuantity message { en } }
} } }
"""
BY_PRICE = {"by": "PRICE"}


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Prices]:
    with open_price_shop(database_url, str(tmp_path), plugins_disabled=("loyalty-points",)) as made:
        yield made


@pytest.fixture
def vip(shop: Prices) -> str:
    """A list for the group that the customer is in: tea at 20, from 10 pieces 18, cups 10 % off."""
    group = shop.merchant.group("vip", shop.customer_id)
    made = shop.merchant.price_list("VIP", group)
    shop.merchant.entries(
        made, entry(TEA, "20.00"), entry(TEA, "18.00", start=10), entry(CUP, off="10")
    )
    return made


def lines(shop: Prices, shopper: Shopper) -> list[tuple[int, str, str]]:
    """Pieces, unit price and the source's words of each line of a cart."""
    found = shop.door.ask(SOURCES, shopper.session, cart=shopper.token)
    return [
        (line["quantity"], amount(line["unitPrice"]) or "", told["priceSource"]["message"]["en"])
        for line, told in zip(found["lines"], found["price"]["lines"], strict=True)
    ]


def test_a_member_sees_and_pays_the_lists_price_and_nobody_else_does(
    shop: Prices, vip: str
) -> None:
    assert shop.shown(TEA, shop.customer)["price"] == "20.00"
    assert shop.shown(CUP, shop.customer)["price"] == "90.00"
    assert shop.shown(TEA)["price"] == "25.00"
    assert shop.shown(BOOK, shop.customer)["price"] == "40.00"
    assert dict(shop.listed(shop.customer)) == {"书": "40.00", "杯": "90.00", "茶": "20.00"}
    assert dict(shop.listed()) == {"书": "40.00", "杯": "100.00", "茶": "25.00"}

    member, guest = shop.shopper(shop.customer), shop.shopper()

    assert lines(shop, member) == [
        (2, "20.00", "price list VIP"),
        (1, "90.00", "price list VIP"),
    ]
    assert lines(shop, guest) == [
        (2, "25.00", "the channel's price"),
        (1, "100.00", "the channel's price"),
    ]


def test_staff_and_other_channels_see_the_channels_price(shop: Prices, vip: str) -> None:
    insert_rows(
        shop.database, variant_prices, {"variant_id": TEA, "channel_id": 2, "price_minor": 400}
    )
    seen = shop.merchant.ask(
        "query ($id: ID!) { productVariant(id: $id) { price { amount } } }", id=variant(TEA)
    )
    elsewhere = shop.door.ask(
        'query ($id: ID!) { productVariant(id: $id, channel: "app") { price { amount } } }',
        shop.customer,
        id=variant(TEA),
    )
    assert amount(seen["price"]) == "25.00"
    assert elsewhere is None  # it is not published there


def test_more_pieces_of_a_line_cost_less_each(shop: Prices, vip: str) -> None:
    assert shop.shown(TEA, shop.customer)["breaks"] == [(1, "20.00"), (10, "18.00")]
    assert shop.shown(TEA)["breaks"] == [(1, "25.00")]

    shopper = shop.shopper(shop.customer, v1=9, v2=5)
    assert lines(shop, shopper)[0] == (9, "20.00", "price list VIP")

    tea = shopper.cart()["lines"][0]["id"]
    changed = [{"lineId": tea, "quantity": 10}]
    shopper.change("cartLinesUpdate", "CartLinesUpdateInput", token=shopper.token, lines=changed)
    assert lines(shop, shopper)[0] == (10, "18.00", "price list VIP, from 10 pieces")


def test_an_order_keeps_the_price_and_what_made_it(shop: Prices, vip: str) -> None:
    shopper = shop.shopper(shop.customer, v1=12)
    placed = shopper.place("226.00", "k")  # 12 × 18 and 10 for delivery
    assert placed["userErrors"] == []
    number = placed["order"]["number"]

    shop.merchant.make("priceListDelete", "deletedId", id=vip)
    shop.merchant.price(TEA, "99.00")

    [line] = shop.door.ask(ORDERED, shop.customer, number=number)["lines"]
    assert line == {
        "sku": "SKU-1",
        "quantity": 12,
        "unitPrice": {"amount": "18.00"},
        "priceSource": {
            "kind": "PRICE_LIST",
            "priceListName": "VIP",
            "fromQuantity": 10,
            "message": {"en": "price list VIP, from 10 pieces"},
        },
    }


def test_a_price_that_changed_since_it_was_shown_is_not_charged(shop: Prices, vip: str) -> None:
    shopper = shop.shopper(shop.customer, v1=10)
    shop.merchant.make(
        "priceListEntriesSet", priceListId=vip, entries=[entry(TEA, "17.00", start=10)]
    )

    [error] = shopper.place("190.00", "k")["userErrors"]

    assert (error["code"], error["now"]) == ("PRICE_CHANGED", {"amount": "180.00"})
    assert shopper.place("180.00", "k2")["userErrors"] == []


def test_promotions_take_off_the_lists_price(shop: Prices, vip: str) -> None:
    add_promotion(shop.database, 1, "PERCENTAGE", {"percent_off_basis_points": 1_000})

    shopper = shop.shopper(shop.customer, v1=10)

    assert shopper.cart()["price"]["total"]["amount"] == "172.00"  # 180 − 18 + 10


def test_a_customer_who_leaves_the_group_pays_the_channels_price_at_once(
    shop: Prices, vip: str
) -> None:
    shopper = shop.shopper(shop.customer, v1=1)
    group = shop.merchant.ask("{ customerGroups { nodes { id } } }")["nodes"][0]["id"]
    me = shop.door.ask("{ me { id } }", shop.customer)["id"]
    shop.merchant.make("customerGroupMembersUpdate", id=group, remove=[me])

    [error] = shopper.place("30.00", "k")["userErrors"]

    assert error["now"] == {"amount": "35.00"}
    assert shop.shown(TEA, shop.customer)["price"] == "25.00"


def test_a_list_whose_group_was_deleted_is_for_nobody(shop: Prices, vip: str) -> None:
    group = shop.merchant.ask("{ customerGroups { nodes { id } } }")["nodes"][0]["id"]
    shop.merchant.make("customerGroupDelete", "deletedId", id=group)

    assert shop.shown(TEA, shop.customer)["price"] == "25.00"
    assert shop.shown(TEA)["price"] == "25.00"
    found = shop.merchant.ask(
        "query ($id: ID!) { priceList(id: $id) { customerGroupIds isForEverybody entryCount } }",
        id=vip,
    )
    assert found == {"customerGroupIds": [], "isForEverybody": False, "entryCount": 3}


def test_a_list_for_everybody_flips_the_shops_prices_at_its_instants(shop: Prices) -> None:
    began = shop.door.clock.now
    sale = shop.merchant.price_list(
        "Autumn", startsAt=instant(began + DAY), endsAt=instant(began + 2 * DAY)
    )
    shop.merchant.entries(sale, entry(CUP, "20.00"))
    upwards = {"sort": BY_PRICE}
    before = [("茶", "25.00"), ("书", "40.00"), ("杯", "100.00")]
    during = [("杯", "20.00"), ("茶", "25.00"), ("书", "40.00")]

    shop.door.clock.now = began + DAY - 1
    assert shop.listed(**upwards) == before
    shop.door.clock.now = began + DAY
    assert shop.listed(**upwards) == during  # nobody has settled it yet
    assert shop.listed(filter={"priceTo": "20.00"}) == [("杯", "20.00")]
    assert shop.shown(CUP)["price"] == shop.shown(CUP)["product"] == "20.00"
    facets = shop.door.ask("{ productFacets { priceMin { amount } priceMax { amount } } }")
    assert facets == {"priceMin": {"amount": "20.00"}, "priceMax": {"amount": "40.00"}}
    assert lines(shop, shop.shopper(v2=1)) == [(1, "20.00", "price list Autumn")]

    assert settle_due(shop.database, now=shop.door.clock.now) == 1
    assert settle_due(shop.database, now=shop.door.clock.now) == 0
    assert shop.listed(**upwards) == during
    assert shop.listed(filter={"priceTo": "20.00"}) == [("杯", "20.00")]

    shop.door.clock.now = began + 2 * DAY
    assert shop.listed(**upwards) == before
    assert shop.listed(filter={"priceTo": "20.00"}) == []
    settle_due(shop.database, now=shop.door.clock.now)
    assert shop.listed(**upwards) == before


def test_what_a_list_for_everybody_plans_is_in_the_history_beforehand(shop: Prices) -> None:
    began = shop.door.clock.now
    shop.merchant.price(CUP, "100.00")
    sale = shop.merchant.price_list(
        "Autumn", startsAt=instant(began + DAY), endsAt=instant(began + 2 * DAY)
    )
    shop.merchant.entries(sale, entry(CUP, "20.00"), reason="Clearance")

    assert [amount(one["price"]) for one in shop.merchant.history(CUP)] == ["100.00"]
    ends, starts, _ = shop.merchant.history(CUP, planned=True)
    assert (amount(starts["before"]), amount(starts["price"])) == ("100.00", "20.00")
    assert (amount(ends["before"]), amount(ends["price"])) == ("20.00", "100.00")
    assert (starts["cause"], starts["priceListName"], starts["isPlanned"]) == (
        "PRICE_LIST",
        "Autumn",
        True,
    )
    assert amount(starts["lowestPriceBefore"]) == "100.00"

    shop.merchant.make(
        "priceListUpdate", id=sale, expectedVersion=2, startsAt=None, name="Autumn sale"
    )

    ends, starts, _ = shop.merchant.history(CUP, planned=True)
    assert (starts["isPlanned"], starts["actor"]) == (False, "staff:1")
    assert shop.shown(CUP)["lowest"] == "100.00"
    shop.merchant.make("priceListDelete", "deletedId", id=sale)
    assert shop.shown(CUP)["price"] == "100.00"
    back, _, _ = shop.merchant.history(CUP, planned=True)
    assert (amount(back["price"]), back["isPlanned"]) == ("100.00", False)


def test_the_entries_of_a_list_have_a_history_of_their_own(shop: Prices, vip: str) -> None:
    shop.later(HOUR)
    shop.merchant.entries(vip, entry(TEA, "19.00"), entry(CUP, "95.00"), reason="Costs more")
    [tea] = shop.merchant.ask(
        "query ($id: ID!, $ids: [ID!]) { priceListEntries(priceListId: $id, variantIds: $ids) {"
        " nodes { id fromQuantity variant { sku } } } }",
        id=vip,
        ids=[variant(TEA)],
    )["nodes"][:1]
    shop.later(HOUR)
    shop.merchant.make("priceListEntriesRemove", "removedIds", priceListId=vip, ids=[tea["id"]])

    changes = shop.merchant.history(TEA, channelId=None, priceListId=vip)

    assert [(amount(one["before"]), amount(one["price"])) for one in changes] == [
        ("19.00", None),
        ("20.00", "19.00"),
        (None, "18.00"),
        (None, "20.00"),
    ]
    assert [one["fromQuantity"] for one in changes] == [1, 1, 10, 1]
    assert changes[1]["reason"] == "Costs more" and changes[1]["priceListName"] == "VIP"
    cups = shop.merchant.history(CUP, channelId=None, priceListId=vip)
    assert [(one["percentOff"], amount(one["price"])) for one in cups] == [
        (None, "95.00"),
        ("10.00", None),
    ]
    assert shop.merchant.history(TEA) == []  # what everybody pays stayed as it was


def test_all_that_is_wrong_with_a_list_comes_at_once(shop: Prices) -> None:
    assert shop.merchant.codes(
        "priceListCreate",
        name=" ",
        channelIds=[WEB, APP],
        customerGroupIds=["Q3VzdG9tZXJHcm91cDo5OQ=="],
        priority=1_001,
        startsAt="2026-01-02T00:00:00Z",
        endsAt="2026-01-02T00:00:00Z",
    ) == {
        "channelIds": "CURRENCY_MISMATCH",
        "customerGroupIds.0": "NOT_FOUND",
        "endsAt": "ENDS_BEFORE_START",
        "priority": "OUT_OF_RANGE",
        "name": "REQUIRED",
    }
    assert shop.merchant.codes("priceListCreate", name="x", channelIds=[]) == {
        "channelIds": "REQUIRED",
        "customerGroupIds": "REQUIRED",
    }


def test_all_that_is_wrong_with_entries_comes_at_once(shop: Prices, vip: str) -> None:
    given = [
        entry(TEA, "1.001"),
        entry(TEA, "2.00"),
        entry(99, "1.00"),
        entry(CUP, "-1"),
        entry(CUP, "1.00", start=0),
        entry(BOOK, off="100"),
        entry(BOOK, off="0.001", start=2),
    ]
    assert shop.merchant.codes("priceListEntriesSet", priceListId=vip, entries=given) == {
        "entries.0.value.price": "TOO_MANY_DECIMALS",
        "entries.1.variantId": "DUPLICATE",
        "entries.2.variantId": "NOT_FOUND",
        "entries.3.value.price": "OUT_OF_RANGE",
        "entries.4.fromQuantity": "OUT_OF_RANGE",
        "entries.5.value.percentOff": "OUT_OF_RANGE",
        "entries.6.value.percentOff": "TOO_MANY_DECIMALS",
    }
    assert shop.shown(TEA, shop.customer)["price"] == "20.00"


def test_a_variant_has_a_bounded_number_of_breaks(shop: Prices, vip: str) -> None:
    many = [entry(BOOK, "1.00", start=number) for number in range(1, 22)]

    codes = shop.merchant.codes("priceListEntriesSet", priceListId=vip, entries=many)

    assert codes == {"entries": "TOO_MANY_BREAKS"}


def test_a_list_keeps_its_currency_and_its_version(shop: Prices, vip: str) -> None:
    change = {"id": vip, "expectedVersion": 2}

    assert shop.merchant.codes("priceListUpdate", **change, channelIds=[APP]) == {
        "channelIds": "CURRENCY_MISMATCH"
    }
    assert shop.merchant.codes(
        "priceListUpdate", **change, isForEverybody=False, customerGroupIds=[]
    ) == {"customerGroupIds": "REQUIRED"}
    shop.merchant.make("priceListUpdate", "priceList { name }", **change, priority=7)
    assert shop.merchant.codes("priceListUpdate", **change, priority=8) == {
        "expectedVersion": "STALE_VERSION"
    }
    assert shop.merchant.codes(
        "priceListEntriesSet", priceListId=vip, expectedVersion=2, entries=[entry(TEA, "1.00")]
    ) == {"expectedVersion": "STALE_VERSION"}


def test_a_list_that_is_switched_off_holds_no_more(shop: Prices, vip: str) -> None:
    shop.merchant.make("priceListUpdate", id=vip, expectedVersion=2, isActive=False)

    assert shop.shown(TEA, shop.customer)["price"] == "25.00"


def test_a_list_that_becomes_everybodys_reprices_the_shop(shop: Prices, vip: str) -> None:
    shop.merchant.make("priceListUpdate", id=vip, expectedVersion=2, isForEverybody=True)

    assert shop.listed(sort=BY_PRICE) == [("茶", "20.00"), ("书", "40.00"), ("杯", "90.00")]
    assert shop.shown(TEA)["breaks"] == [(1, "20.00"), (10, "18.00")]
    shop.merchant.price(CUP, "80.00")
    assert shop.shown(CUP)["price"] == "72.00"

    group = shop.merchant.ask("{ customerGroups { nodes { id } } }")["nodes"][0]["id"]
    shop.merchant.make(
        "priceListUpdate",
        id=vip,
        expectedVersion=3,
        isForEverybody=False,
        customerGroupIds=[group],
    )
    assert shop.listed(sort=BY_PRICE) == [("茶", "25.00"), ("书", "40.00"), ("杯", "80.00")]


def test_lists_are_read_by_priority_with_what_they_are_for(shop: Prices, vip: str) -> None:
    shop.merchant.price_list("Everybody's", priority=3)
    found = shop.merchant.ask(
        """{ priceLists { nodes { name slug currency priority channels { slug } entryCount
          isForEverybody mayExceedChannelPrice updatedBy } totalCount } }"""
    )
    assert [one["name"] for one in found["nodes"]] == ["Everybody's", "VIP"]
    assert found["totalCount"] == 2
    assert found["nodes"][1] == {
        "name": "VIP",
        "slug": "vip",
        "currency": "CNY",
        "priority": 0,
        "channels": [{"slug": "web"}],
        "entryCount": 3,
        "isForEverybody": False,
        "mayExceedChannelPrice": False,
        "updatedBy": "staff:1",
    }
    assert shop.door.refusal("{ priceLists { totalCount } }", shop.customer) == "FORBIDDEN"


def test_lists_and_prices_that_are_changed_at_once_agree_in_the_end(shop: Prices) -> None:
    sale = shop.merchant.price_list("Sale")
    shop.merchant.entries(sale, entry(TEA, off="50"), entry(CUP, off="50"))

    def one(number: int) -> None:
        if number % 2:
            shop.merchant.price(TEA, f"{number + 20}.00")
        else:
            shop.merchant.entries(sale, entry(TEA, off=str(number + 10)))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(16)))

    [price] = shop.merchant.ask(
        "query ($id: ID!) { productVariant(id: $id) { channelPrices {"
        " price { amount } currentPrice { amount } } } }",
        id=variant(TEA),
    )["channelPrices"]
    assert lines(shop, shop.shopper(v1=1))[0][1] == amount(price["currentPrice"])
    assert shop.listed(filter={"search": "SKU-1"}) == []  # raw rows are not indexed
    assert ("茶", amount(price["currentPrice"])) in shop.listed()
    assert amount(shop.merchant.history(TEA)[0]["price"]) == amount(price["currentPrice"])


@pytest.mark.parametrize("seed", range(4))
def test_listings_and_carts_agree_about_what_a_guest_pays(shop: Prices, seed: int) -> None:
    chance, began = random.Random(seed), shop.door.clock.now
    instants = [began + hours * HOUR for hours in range(0, 40, 4)]
    for number in range(4):
        first, last = sorted(chance.sample(instants, 2))
        window: dict[str, Any] = {"startsAt": instant(first), "endsAt": instant(last)}
        made = shop.merchant.price_list(
            f"List {number}",
            priority=chance.randrange(3),
            mayExceedChannelPrice=chance.random() < 0.5,
            **(window if chance.random() < 0.8 else {}),
        )
        for key in (TEA, CUP):
            value = {"off": str(chance.randrange(1, 90))}
            if chance.random() < 0.5:
                value = {"price": f"{chance.randrange(1, 150)}.00"}
            start = chance.choice((1, 1, 5))
            shop.merchant.entries(made, entry(key, start=start, **value))
    for at in sorted({began, *instants, *(one - 1 for one in instants[1:])}):
        shop.door.clock.now = at
        if chance.random() < 0.3:
            settle_due(shop.database, now=at)
        carted = [price for _, price, _ in lines(shop, shop.shopper(v1=1, v2=1))]
        shown = dict(shop.listed(sort=BY_PRICE))
        assert carted == [shown["茶"], shown["杯"]]
        assert carted == [shop.shown(key)["price"] for key in (TEA, CUP)]
        assert list(shown.values()) == sorted(shown.values(), key=float)


def test_statements_of_a_members_listing_do_not_grow_with_lists(shop: Prices, vip: str) -> None:
    query = """{ products { nodes { price { amount } variants {
      price { amount } priceBreaks { price { amount } } } } } }"""
    seen: list[str] = []
    shop_database = shop.door.http.app.state.shop.database  # type: ignore[attr-defined]

    def counted() -> int:
        seen.clear()
        shop_database.recorder = seen.append
        shop.door.ask(query, shop.customer)
        shop_database.recorder = None
        return len(seen)

    few = counted()
    for number in range(5):
        other = shop.merchant.price_list(f"Other {number}")
        shop.merchant.entries(other, *(entry(key, "1.00") for key in (TEA, CUP, BOOK)))
    assert counted() == few <= 6
