"""What a price was, is and will be: its history, and the lowest price of the last 30 days."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.carts.shop import CUP, TEA
from tests.scenarios.price_shop import DAY, WEB, Prices, amount, instant, open_price_shop
from tests.scenarios.shopping import variant

VERSIONS = "productVariants { channelPrices { channel { id } price { amount } version } }"


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[Prices]:
    with open_price_shop(database_url, str(tmp_path)) as opened:
        yield opened


def told(changes: list[dict[str, Any]]) -> list[tuple[str | None, str | None]]:
    return [(amount(one["before"]), amount(one["price"])) for one in changes]


def test_every_change_is_kept_with_who_when_and_why(shop: Prices) -> None:
    shop.merchant.price(TEA, "30.00", reason="New harvest")
    shop.later(DAY)
    shop.merchant.price(TEA, "20.00", compareAtPrice="30.00")

    newest, oldest = shop.merchant.history(TEA)

    assert told([newest, oldest]) == [("30.00", "20.00"), (None, "30.00")]
    assert (oldest["cause"], oldest["reason"], oldest["actor"]) == (
        "MANUAL",
        "New harvest",
        "staff:1",
    )
    assert newest["at"] == instant(shop.door.clock.now).replace("Z", ".000Z")
    assert amount(newest["compareAtPrice"]) == "30.00"


def test_a_price_that_is_set_again_as_it_is_leaves_no_trace(shop: Prices) -> None:
    shop.merchant.price(TEA, "30.00")
    shop.later(DAY)
    shop.merchant.price(TEA, "30.00")

    assert told(shop.merchant.history(TEA)) == [(None, "30.00")]


def test_a_price_of_another_channel_is_another_history(shop: Prices) -> None:
    shop.merchant.price(TEA, "30.00")

    assert shop.merchant.history(CUP) == []
    everything = shop.merchant.ask("{ priceHistory { nodes { variantId } totalCount } }")
    assert everything == {"nodes": [{"variantId": variant(TEA)}], "totalCount": 1}


def test_the_history_is_filtered_by_time_and_cause_and_paged(shop: Prices) -> None:
    for price in ("30.00", "29.00", "28.00"):
        shop.merchant.price(TEA, price)
        shop.later(DAY)
    since = instant(shop.door.clock.now - 2 * DAY)

    assert told(shop.merchant.history(TEA, **{"from": since})) == [
        ("29.00", "28.00"),
        ("30.00", "29.00"),
    ]
    assert told(shop.merchant.history(TEA, to=since)) == [(None, "30.00")]
    assert shop.merchant.history(TEA, causes=["IMPORT"]) == []
    page = """
      query ($after: String) { priceHistory(first: 2, after: $after) {
        nodes { price { amount } } pageInfo { hasNextPage endCursor } } }"""
    first = shop.merchant.ask(page)
    second = shop.merchant.ask(page, after=first["pageInfo"]["endCursor"])
    assert [amount(one["price"]) for one in first["nodes"] + second["nodes"]] == [
        "28.00",
        "29.00",
        "30.00",
    ]


def test_only_staff_who_manage_products_read_the_history(shop: Prices) -> None:
    query = "{ priceHistory { totalCount } }"

    assert shop.door.refusal(query) == "UNAUTHENTICATED"
    assert shop.door.refusal(query, shop.customer) == "FORBIDDEN"


# Days and prices in yuan, the day that is asked about, and the lowest price that is told.
LOWEST = [
    ("a price that never changed", [(0, 100)], 40, 100),
    ("a reduction is told against what held before", [(0, 100), (40, 80)], 40, 100),
    ("against the lowest of the 30 days before", [(0, 100), (20, 70), (25, 100), (40, 80)], 41, 70),
    (
        "what ended more than 30 days before does not count",
        [(0, 70), (9, 100), (40, 80)],
        41,
        100,
    ),
    ("what held when the 30 days began does", [(0, 70), (20, 100), (40, 80)], 41, 70),
    ("the last fall is the reduction", [(0, 100), (40, 80), (50, 60)], 51, 80),
    ("a reduction stays one, however long it lasts", [(0, 100), (40, 80)], 200, 100),
    ("a rise ends it: the 30 days up to now", [(0, 100), (40, 80), (50, 90)], 51, 80),
    ("and that lasts for 30 days", [(0, 100), (40, 80), (50, 90)], 80, 90),
    ("a new product has only its own days", [(0, 100), (5, 90)], 6, 100),
]


@pytest.mark.parametrize(
    ("prices", "day", "lowest"), [one[1:] for one in LOWEST], ids=[one[0] for one in LOWEST]
)
def test_the_lowest_price_of_the_last_30_days(
    shop: Prices, prices: list[tuple[int, int]], day: int, lowest: int
) -> None:
    began = shop.door.clock.now
    for at, price in prices:
        shop.door.clock.now = began + at * DAY
        shop.merchant = type(shop.merchant)(shop.door)  # a session of an earlier day has ended
        shop.merchant.price(TEA, f"{price}.00")
    shop.door.clock.now = began + day * DAY

    assert shop.shown(TEA)["lowest"] == f"{lowest}.00"


def test_a_price_upon_an_old_version_is_refused_with_the_current_one(shop: Prices) -> None:
    given = {"variantId": variant(TEA), "channelId": WEB, "price": "30.00"}
    [one] = shop.merchant.make(
        "variantPricesSet", VERSIONS, prices=[given | {"expectedVersion": 1}]
    )
    assert one["channelPrices"] == [
        {"channel": {"id": WEB}, "price": {"amount": "30.00"}, "version": 2}
    ]

    [stale] = shop.merchant.send("variantPricesSet", prices=[given | {"expectedVersion": 1}])[
        "userErrors"
    ]

    assert (stale["code"], stale["current"]) == ("STALE_VERSION", 2)
    assert (stale["field"], stale["index"]) == (["prices", "0", "expectedVersion"], 0)


def test_of_two_who_set_a_price_upon_the_same_version_one_does(shop: Prices) -> None:
    def set_to(price: str) -> bool:
        given = {"variantId": variant(TEA), "channelId": WEB, "price": price, "expectedVersion": 1}
        errors = shop.merchant.send("variantPricesSet", prices=[given])["userErrors"]
        assert [error["code"] for error in errors] in ([], ["STALE_VERSION"])
        return not errors

    with ThreadPoolExecutor(8) as threads:
        done = list(threads.map(set_to, [f"{price}.00" for price in range(30, 38)]))

    assert sum(done) == 1
    [change] = shop.merchant.history(TEA)
    assert amount(change["price"]) == shop.shown(TEA)["price"]


def test_the_history_of_many_who_set_one_price_is_a_chain(shop: Prices) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: shop.merchant.price(TEA, f"{n}.00"), range(30, 46)))

    changes = told(shop.merchant.history(TEA))

    assert [before for before, _ in changes] == [price for _, price in changes[1:]] + [None]
    assert shop.shown(TEA)["price"] == changes[0][1]


def test_statements_of_a_listing_do_not_grow_with_its_prices(shop: Prices) -> None:
    query = """{ products { nodes { price { amount } variants {
      price { amount } compareAtPrice { amount } lowestPriceLast30Days { amount }
      priceBreaks { price { amount } } } } } }"""
    seen: list[str] = []
    shop_database = shop.door.http.app.state.shop.database  # type: ignore[attr-defined]

    def counted() -> int:
        seen.clear()
        shop_database.recorder = seen.append
        shop.door.ask(query)
        shop_database.recorder = None
        return len(seen)

    shop.merchant.price(TEA, "30.00")
    few = counted()
    for key in (TEA, CUP):
        for price in ("29.00", "28.00", "27.00"):
            shop.merchant.price(key, price)
    assert counted() == few <= 4
