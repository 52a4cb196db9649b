"""Carriers quote a cart's delivery: the price is kept until the cart changes, and never waited for
too long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from storeql.db import Database
from storeql.hooks import Parcel, hookimpl
from tests.carts.shop import CUP, TEA
from tests.hooks.plugins import answering
from tests.scenarios.shopping import Shopper, delivery, open_small_shop, variant

Open = Callable[..., AbstractContextManager[Shopper]]
RATES = """
  query ($cart: String!) {
    cart(token: $cart) {
      deliveryMethod { slug price { amount } }
      deliveryRates { method price { amount } }
      price { shippingTotal { amount } total { amount } }
    }
  }"""
HOOK = "storeql_delivery_rates"


class ByPiece:
    """1.00 a piece for each method, and the parcels it was asked about."""

    def __init__(self) -> None:
        self.asked: list[Parcel] = []

    @hookimpl
    def storeql_delivery_rates(self, parcel: Parcel) -> dict[str, int]:
        self.asked.append(parcel)
        pieces = sum(line.quantity for line in parcel.lines)
        return dict.fromkeys(parcel.methods, 100 * pieces)


@pytest.fixture
def opened(database_url: str, tmp_path: Path) -> Open:
    """A guest in the small shop with these plugins."""

    @contextmanager
    def open_with(*plugins: object, **settings: Any) -> Iterator[Shopper]:
        media = str(tmp_path / "media")
        with open_small_shop(database_url, media, plugins=plugins, **settings) as (door, _):
            yield Shopper(door)

    return open_with


def rates(shopper: Shopper) -> Any:
    return shopper.door.ask(RATES, cart=shopper.token)


def test_quoted_price_is_shown_kept_and_ordered_at(opened: Open) -> None:
    carrier = ByPiece()
    with opened(carrier) as shopper:
        opening = shopper.ready()  # 2 teas and a cup: 150.00, and three pieces to deliver
        shown = [rates(shopper) for _ in range(2)]
        placed = shopper.place("153.00", "k")

    assert opening["cart"]["price"]["total"]["amount"] == "153.00"
    assert shown[0] == shown[1]
    assert shown[0]["deliveryMethod"]["price"] == {"amount": "3.00"}
    assert {rate["price"]["amount"] for rate in shown[0]["deliveryRates"]} == {"3.00"}
    assert placed["userErrors"] == []
    assert placed["order"]["shippingTotal"]["amount"] == "3.00"
    assert len(carrier.asked) == 1
    parcel = carrier.asked[0]
    assert (parcel.country, parcel.city, parcel.exponent) == ("CN", "上海", 2)
    assert [(line.variant_id, line.quantity) for line in parcel.lines] == [
        (str(TEA), 2),
        (str(CUP), 1),
    ]


def test_every_change_of_the_parcel_is_quoted_again(opened: Open) -> None:
    with opened(ByPiece()) as shopper:
        shopper.ready()
        lines = [{"variantId": variant(TEA), "quantity": 4}]
        shopper.change("cartLinesAdd", "CartLinesAddInput", token=shopper.token, lines=lines)
        found = rates(shopper)
    assert found["price"]["shippingTotal"] == {"amount": "7.00"}


def test_cart_without_an_address_or_without_goods_is_not_quoted(opened: Open) -> None:
    carrier = ByPiece()
    with opened(carrier) as shopper:
        shopper.create(lines=[{"variantId": variant(TEA)}], deliveryMethodId=delivery(1))
        assert rates(shopper)["deliveryRates"] == []
        assert rates(shopper)["deliveryMethod"]["price"] == {"amount": "10.00"}
    assert carrier.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        lambda self, parcel: 1 / 0,
        lambda self, parcel: None,
        lambda self, parcel: {"standard": -1},
        lambda self, parcel: {"standard": 1.5},
        lambda self, parcel: "free",
        lambda self, parcel: {"rocket": 1},
    ],
)
def test_listed_price_holds_where_no_carrier_answers(opened: Open, answer: Any) -> None:
    with opened(answering(HOOK, answer)) as shopper:
        shopper.ready()
        found = rates(shopper)
    assert found["deliveryRates"] == []
    assert found["price"]["total"] == {"amount": "160.00"}


def test_carrier_that_does_not_answer_in_time_is_not_waited_for(opened: Open) -> None:
    let_go = Event()

    def slow(self: object, parcel: Parcel) -> dict[str, int]:
        let_go.wait(30)
        return {"standard": 1}

    with opened(answering(HOOK, slow), carrier_seconds=0.1) as shopper:
        try:
            assert shopper.ready()["cart"]["price"]["total"]["amount"] == "160.00"
        finally:
            let_go.set()


def test_first_plugin_that_quotes_a_method_is_taken(opened: Open) -> None:
    plugins = [
        answering(HOOK, lambda self, parcel: {"standard": 500}, "A"),
        answering(HOOK, lambda self, parcel: {"standard": 700, "express": 900}, "B"),
    ]
    with opened(*reversed(plugins)) as shopper:
        shopper.ready()
        found = rates(shopper)["deliveryRates"]
    assert {rate["method"]: rate["price"]["amount"] for rate in found} == {
        "standard": "5.00",
        "express": "9.00",
    }


def test_quote_for_a_cart_that_changed_meanwhile_is_thrown_away(
    opened: Open, database: Database
) -> None:
    def changing(self: object, parcel: Parcel) -> dict[str, int]:
        database.write(lambda c: c.text("UPDATE carts SET version = version + 1"))
        return {"standard": 1}

    with opened(answering(HOOK, changing)) as shopper:
        shopper.ready()
        assert rates(shopper)["deliveryRates"] == []
