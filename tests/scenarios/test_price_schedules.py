"""Prices that flip at their instant, whoever is awake, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from storeql.catalog.prices.settle import settle_due
from storeql.housekeeping import CHORES, do_chores
from tests.carts.shop import BOOK, CUP, TEA
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
from tests.scenarios.shopping import variant

SCHEDULE = """priceSchedules {
  id state price { amount } compareAtPrice { amount } startsAt endsAt variantId channelId
  priceListId priceListEntryId fromQuantity createdBy reason version
}"""
LISTED = """
query ($filter: PriceScheduleFilterInput, $first: Int, $after: String) {
  priceSchedules(filter: $filter, first: $first, after: $after) {
    nodes { id state price { amount } variant { sku } } totalCount
    pageInfo { hasNextPage endCursor }
  }
}"""


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Prices]:
    with open_price_shop(database_url, str(tmp_path), plugins_disabled=("loyalty-points",)) as made:
        yield made


def planned(
    shop: Prices, key: int, price: str, starts: int | None, ends: int | None = None, **more: Any
) -> dict[str, Any]:
    """A price of the web for a window of milliseconds from now."""
    now = shop.door.clock.now
    return {
        "target": {"channelPrice": {"variantId": variant(key), "channelId": WEB}},
        "price": price,
        "startsAt": None if starts is None else instant(now + starts),
        "endsAt": None if ends is None else instant(now + ends),
        **more,
    }


def schedule(shop: Prices, *given: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = shop.merchant.make(
        "priceSchedulesCreate", SCHEDULE, schedules=list(given), **more
    )
    return made


def test_an_order_at_the_instant_pays_the_new_price(shop: Prices) -> None:
    schedule(shop, planned(shop, TEA, "20.00", DAY, 2 * DAY))
    shop.later(DAY - 1)
    before = shop.shopper(v1=1)
    assert before.cart()["price"]["total"]["amount"] == "35.00"

    shop.later(1)

    [error] = before.place("35.00", "k")["userErrors"]
    assert (error["code"], error["now"]) == ("PRICE_CHANGED", {"amount": "30.00"})
    placed = before.place("30.00", "k2")
    assert placed["userErrors"] == []
    number = placed["order"]["number"]
    shop.later(DAY)
    assert shop.shopper(v1=1).cart()["price"]["total"]["amount"] == "35.00"
    [line] = shop.merchant.ask(
        "query ($number: String!) { order(number: $number) { lines {"
        " unitPrice { amount } priceSource { kind message { en zh } } } } }",
        number=number,
    )["lines"]
    assert line == {
        "unitPrice": {"amount": "20.00"},
        "priceSource": {"kind": "SCHEDULE", "message": {"en": "scheduled price", "zh": "定时价"}},
    }


def test_listings_show_sort_and_filter_by_it_at_the_instant(shop: Prices) -> None:
    schedule(shop, planned(shop, CUP, "1.00", HOUR, 2 * HOUR))
    cheapest = {"sort": {"by": "PRICE"}}
    assert shop.listed(**cheapest)[0] == ("茶", "25.00")

    shop.later(HOUR)

    assert shop.listed(**cheapest)[0] == ("杯", "1.00")
    assert shop.listed(filter={"priceFrom": "0.50", "priceTo": "1.00"}) == [("杯", "1.00")]
    assert shop.shown(CUP)["price"] == "1.00"
    do_chores(shop.door.http.app.state.shop, CHORES)  # type: ignore[attr-defined]
    assert settle_due(shop.database, now=shop.door.clock.now) == 0
    assert shop.listed(**cheapest)[0] == ("杯", "1.00")
    shop.later(HOUR)
    assert shop.listed(**cheapest)[0] == ("茶", "25.00")


def test_a_price_that_is_scheduled_for_now_holds_at_once(shop: Prices) -> None:
    [made] = schedule(
        shop, planned(shop, TEA, "20.00", -DAY, compareAtPrice="25.00"), reason="Sale"
    )

    assert (made["state"], made["startsAt"]) == (
        "RUNNING",
        instant(shop.door.clock.now).replace("Z", ".000Z"),
    )
    assert (shop.shown(TEA)["price"], shop.shown(TEA)["compareAt"]) == ("20.00", "25.00")
    [change] = shop.merchant.history(TEA)
    assert (change["cause"], change["reason"], change["reference"]) == (
        "SCHEDULE",
        "Sale",
        "price_schedule:1",
    )


def test_the_history_tells_of_flips_before_they_happen(shop: Prices) -> None:
    shop.merchant.price(TEA, "25.00")
    schedule(shop, planned(shop, TEA, "20.00", DAY, 2 * DAY), reason="Sale")

    ends, starts, _ = shop.merchant.history(TEA, planned=True)

    assert [(one["cause"], one["isPlanned"], one["reason"]) for one in (starts, ends)] == [
        ("SCHEDULE", True, "Sale")
    ] * 2
    assert [(amount(one["before"]), amount(one["price"])) for one in (starts, ends)] == [
        ("25.00", "20.00"),
        ("20.00", "25.00"),
    ]
    assert shop.shown(TEA)["lowest"] == "25.00"
    shop.later(DAY)
    assert shop.shown(TEA)["lowest"] == "25.00"
    shop.later(DAY)
    assert shop.shown(TEA)["lowest"] == "20.00"


def test_a_price_set_by_hand_meanwhile_holds_when_the_schedule_ends(shop: Prices) -> None:
    schedule(shop, planned(shop, TEA, "20.00", None, DAY))
    shop.later(HOUR)

    shop.merchant.price(TEA, "30.00", reason="Costs more")

    assert shop.shown(TEA)["price"] == "20.00"
    ends, by_hand, _ = shop.merchant.history(TEA, planned=True)
    assert (by_hand["reason"], amount(by_hand["price"])) == ("Costs more", "20.00")
    assert amount(by_hand["regularPrice"]) == "30.00"
    assert amount(ends["price"]) == "30.00"
    shop.later(DAY)
    assert shop.shown(TEA)["price"] == "30.00"


def test_one_schedule_may_follow_another_but_never_overlap_it(shop: Prices) -> None:
    schedule(shop, planned(shop, TEA, "20.00", DAY, 2 * DAY))
    schedule(shop, planned(shop, TEA, "19.00", 2 * DAY, 3 * DAY), planned(shop, CUP, "9.00", DAY))

    payload = shop.merchant.send(
        "priceSchedulesCreate",
        schedules=[
            planned(shop, TEA, "18.00", 3 * DAY - 1, 4 * DAY),
            planned(shop, CUP, "8.00", 5 * DAY),
            planned(shop, BOOK, "1.00", DAY, 3 * DAY),
            planned(shop, BOOK, "2.00", 2 * DAY, 4 * DAY),
        ],
    )

    assert [(error["code"], error["index"]) for error in payload["userErrors"]] == [
        ("SCHEDULE_OVERLAPS", 0),
        ("SCHEDULE_OVERLAPS", 1),
        ("DUPLICATE", 3),
    ]
    shop.later(2 * DAY)
    assert shop.shown(TEA)["price"] == "19.00"


def test_of_many_who_schedule_the_same_time_one_does(shop: Prices) -> None:
    def one(price: int) -> bool:
        given = planned(shop, TEA, f"{price}.00", DAY, 2 * DAY)
        errors = shop.merchant.send("priceSchedulesCreate", schedules=[given])["userErrors"]
        assert [error["code"] for error in errors] in ([], ["SCHEDULE_OVERLAPS"])
        return not errors

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(one, range(10, 18))) == 1


def test_schedules_and_prices_set_by_hand_at_once_agree_in_the_end(shop: Prices) -> None:
    def one(number: int) -> None:
        if number % 2:
            shop.merchant.price(TEA, f"{number + 30}.00")
        else:
            schedule(shop, planned(shop, TEA, "5.00", number * HOUR, (number + 1) * HOUR))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(16)))

    changes = shop.merchant.history(TEA, planned=True)
    assert [amount(one["before"]) for one in changes] == [
        *(amount(one["price"]) for one in changes[1:]),
        None,
    ]
    regular = amount(changes[0]["regularPrice"])
    for hour in range(16):
        shop.door.clock.now += HOUR
        expected = "5.00" if (hour + 1) % 2 == 0 and hour + 1 < 16 else regular
        assert shop.shown(TEA)["price"] == expected
        assert shop.shopper(v1=1).cart()["lines"][0]["unitPrice"]["amount"] == expected


def test_what_has_begun_keeps_its_start_and_what_is_over_stays(shop: Prices) -> None:
    [made] = schedule(shop, planned(shop, TEA, "20.00", None, DAY))
    change = {"id": made["id"], "expectedVersion": 1}
    later = instant(shop.door.clock.now + HOUR)

    assert shop.merchant.codes("priceScheduleUpdate", **change, startsAt=later) == {
        "startsAt": "ALREADY_BEGUN"
    }
    shop.later(HOUR)
    changed = shop.merchant.make(
        "priceScheduleUpdate",
        "priceSchedule { price { amount } endsAt version }",
        **change,
        price="19.00",
        endsAt=None,
    )
    assert changed == {"price": {"amount": "19.00"}, "endsAt": None, "version": 2}
    assert shop.shown(TEA)["price"] == "19.00"
    assert shop.merchant.codes("priceScheduleUpdate", **change, price="18.00") == {
        "expectedVersion": "STALE_VERSION"
    }
    shop.merchant.make("priceSchedulesEnd", "endedIds", ids=[made["id"]])
    assert shop.shown(TEA)["price"] == "25.00"
    shop.later(HOUR)
    assert shop.merchant.codes("priceScheduleUpdate", id=made["id"], price="18.00") == {
        "id": "ALREADY_OVER"
    }
    assert shop.merchant.codes("priceSchedulesEnd", ids=[made["id"]]) == {"ids.0": "NOT_FOUND"}


def test_a_schedule_that_has_not_begun_can_be_moved_and_dropped(shop: Prices) -> None:
    [made] = schedule(shop, planned(shop, TEA, "20.00", DAY, 2 * DAY))
    sooner = instant(shop.door.clock.now + HOUR)
    shop.merchant.make("priceScheduleUpdate", id=made["id"], startsAt=sooner)
    [change, _] = shop.merchant.history(TEA, planned=True)[-2:]
    shop.later(HOUR)
    assert shop.shown(TEA)["price"] == "20.00"

    [other] = schedule(shop, planned(shop, CUP, "1.00", DAY))
    assert shop.merchant.make("priceSchedulesEnd", "endedIds", ids=[other["id"]]) == [other["id"]]

    assert [one["isPlanned"] for one in shop.merchant.history(CUP, planned=True)] == [False]
    assert shop.merchant.ask(LISTED)["totalCount"] == 1
    assert change["isPlanned"] is True


def test_a_lists_price_is_scheduled_for_its_members(shop: Prices) -> None:
    vip = shop.merchant.price_list("VIP", shop.merchant.group("vip", shop.customer_id))
    [made] = shop.merchant.entries(vip, entry(TEA, "22.00"))[:1]
    now = shop.door.clock.now
    [planned_one] = schedule(
        shop,
        {
            "target": {"priceListEntryId": made["id"]},
            "price": "15.00",
            "startsAt": instant(now + DAY),
            "endsAt": instant(now + 2 * DAY),
        },
        reason="Members' day",
    )
    assert (planned_one["priceListId"], planned_one["channelId"]) == (vip, None)

    shop.later(DAY)
    assert shop.shown(TEA, shop.customer)["price"] == "15.00"
    assert shop.shown(TEA)["price"] == "25.00"
    cart = shop.shopper(shop.customer, v1=1).cart()
    assert cart["lines"][0]["unitPrice"]["amount"] == "15.00"
    ends, began, _ = shop.merchant.history(TEA, planned=True, channelId=None, priceListId=vip)
    assert [(amount(one["price"]), one["reason"]) for one in (began, ends)] == [
        ("15.00", "Members' day"),
        ("22.00", "Members' day"),
    ]
    shop.merchant.make("priceListEntriesRemove", "removedIds", priceListId=vip, ids=[made["id"]])
    assert shop.shown(TEA, shop.customer)["price"] == "25.00"
    gone, _, _ = shop.merchant.history(TEA, planned=True, channelId=None, priceListId=vip)
    assert (amount(gone["before"]), gone["price"], gone["isPlanned"]) == ("15.00", None, False)


def test_schedules_are_listed_by_what_they_are_about_and_where_they_are(shop: Prices) -> None:
    schedule(shop, planned(shop, TEA, "20.00", None, HOUR), planned(shop, TEA, "19.00", DAY))
    schedule(shop, planned(shop, CUP, "50.00", None))
    shop.later(HOUR)

    def states(**filter: Any) -> list[tuple[str, str]]:
        nodes = shop.merchant.ask(LISTED, filter=filter)["nodes"]
        return [(node["state"], node["variant"]["sku"]) for node in nodes]

    assert states() == [("UPCOMING", "SKU-1"), ("RUNNING", "SKU-2"), ("ENDED", "SKU-1")]
    assert states(variantIds=[variant(TEA)], states=["UPCOMING", "ENDED"]) == [
        ("UPCOMING", "SKU-1"),
        ("ENDED", "SKU-1"),
    ]
    assert states(states=["RUNNING"]) == [("RUNNING", "SKU-2")]
    assert states(channelId=APP) == []
    first = shop.merchant.ask(LISTED, first=2)
    rest = shop.merchant.ask(LISTED, first=2, after=first["pageInfo"]["endCursor"])
    assert len(first["nodes"] + rest["nodes"]) == first["totalCount"] == 3
    assert shop.door.refusal(LISTED, shop.customer) == "FORBIDDEN"


def test_all_that_is_wrong_with_schedules_comes_at_once(shop: Prices) -> None:
    unpriced = {"variantId": variant(TEA), "channelId": APP}
    given = [
        planned(shop, TEA, "1.001", DAY, DAY),
        planned(shop, 99, "1.00", DAY),
        planned(shop, TEA, "5.00", 2 * DAY, compareAtPrice="5.00"),
        planned(shop, CUP, "-1", DAY) | {"endsAt": instant(shop.door.clock.now - 1)},
        {"target": {"channelPrice": unpriced}, "price": "1"},
        {"target": {"priceListEntryId": "UHJpY2VMaXN0RW50cnk6OTk="}, "price": "1"},
    ]
    assert shop.merchant.codes("priceSchedulesCreate", schedules=given) == {
        "schedules.0.price": "TOO_MANY_DECIMALS",
        "schedules.0.endsAt": "ENDS_BEFORE_START",
        "schedules.1.target.channelPrice.variantId": "NOT_FOUND",
        "schedules.2.compareAtPrice": "COMPARE_AT_TOO_LOW",
        "schedules.3.price": "OUT_OF_RANGE",
        "schedules.3.endsAt": "ENDS_BEFORE_START",
        "schedules.4.target.channelPrice.channelId": "NOT_PRICED",
        "schedules.5.target.priceListEntryId": "NOT_FOUND",
    }
    assert shop.merchant.codes("priceSchedulesCreate", schedules=[]) == {"schedules": "REQUIRED"}
