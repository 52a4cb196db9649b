"""Plugins around a cart: they refuse and remark on its changes, and say how it is taxed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.hooks import (
    Annotation,
    CartChange,
    CartChangeKind,
    Refusal,
    TaxRates,
    hookimpl,
)
from storeql.pricing import Basket, Text
from tests.carts.shop import CUP, TEA
from tests.hooks.plugins import answering
from tests.scenarios.shopping import Shopper, open_small_shop, variant

Open = Callable[..., AbstractContextManager[tuple[Shopper, Database]]]
REFUSED = """
  mutation ($input: CartLinesAddInput!) {
    cartLinesAdd(input: $input) {
      cart { token }
      annotations { code plugin lineId message { zh } }
      userErrors { __typename code message ... on CartChangeRefused {
        plugin variantId reason { en zh } } }
    }
  }"""
TAXES = """
  query ($cart: String!) {
    cart(token: $cart) {
      price {
        total { amount } taxTotal { amount }
        lines { netPrice { amount } tax { amount } }
        refusals { code plugin message { zh } }
      }
    }
  }"""


@pytest.fixture
def opened(database_url: str, tmp_path: Path) -> Open:
    """The small shop with these plugins, and a guest in it."""

    @contextmanager
    def open_with(*plugins: object) -> Iterator[tuple[Shopper, Database]]:
        media = str(tmp_path / "media")
        with open_small_shop(database_url, media, plugins=plugins) as (door, database):
            yield Shopper(door), database

    return open_with


class FivePieces:
    """No more than five of a thing, and a word about every fourth."""

    def __init__(self) -> None:
        self.heard: list[CartChange] = []

    @hookimpl
    def storeql_cart_changing(self, change: CartChange) -> list[Any]:
        self.heard.append(change)
        few, many = Text("Nearly all.", "快满了。"), Text("At most 5.", "最多五件。")
        return [
            Refusal(code="TOO_MANY", message=many, line_id=line.line_id)
            if line.quantity > max(5, line.before)
            else Annotation(code="NEARLY", message=few, line_id=line.line_id)
            for line in change.lines
            if line.quantity >= 4
        ]


def test_refused_change_is_not_made_and_says_why_for_each_line(opened: Open) -> None:
    rules = FivePieces()
    with opened(rules) as (shopper, _):
        shopper.ready()
        lines = [
            {"variantId": variant(TEA), "quantity": 4},
            {"variantId": variant(CUP), "quantity": 3},
        ]
        refused = shopper.door.ask(REFUSED, input={"token": shopper.token, "lines": lines})
        kept = shopper.cart()

    assert refused["cart"] is None
    assert refused["annotations"] is None
    assert refused["userErrors"] == [
        {
            "__typename": "CartChangeRefused",
            "code": "TOO_MANY",
            "message": "At most 5.",
            "plugin": "FivePieces",
            "variantId": variant(TEA),
            "reason": {"en": "At most 5.", "zh": "最多五件。"},
        }
    ]
    assert [line["quantity"] for line in kept["lines"]] == [2, 1]
    change = rules.heard[-1]
    assert (change.kind, change.country, change.payment_method) == (
        CartChangeKind.LINES_ADDED,
        "CN",
        "cash_on_delivery",
    )
    assert [(line.before, line.quantity) for line in change.lines] == [(2, 6), (1, 4)]


def test_annotation_comes_with_the_changed_cart(opened: Open) -> None:
    with opened(FivePieces()) as (shopper, _):
        shopper.ready()
        lines = [{"variantId": variant(TEA), "quantity": 2}]
        added = shopper.door.ask(REFUSED, input={"token": shopper.token, "lines": lines})
        line_id = shopper.cart()["lines"][0]["id"]

    assert added["userErrors"] == []
    assert added["annotations"] == [
        {
            "code": "NEARLY",
            "plugin": "FivePieces",
            "lineId": line_id,
            "message": {"zh": "快满了。"},
        }
    ]


def test_every_change_of_a_cart_is_asked_about_once(opened: Open) -> None:
    rules = FivePieces()
    with opened(rules) as (shopper, _):
        shopper.ready()
        token = shopper.token
        [first, _] = shopper.cart()["lines"]
        quantity = [{"lineId": first["id"], "quantity": 1}]
        shopper.change("cartLinesUpdate", "CartLinesUpdateInput", token=token, lines=quantity)
        shopper.change(
            "cartLinesRemove", "CartLinesRemoveInput", token=token, lineIds=[first["id"]]
        )
        shopper.change(
            "cartPaymentMethodUpdate",
            "CartPaymentMethodUpdateInput",
            token=token,
            paymentMethod="bank_transfer",
        )
        shopper.change("cartVoucherCodesRemove", "CartVoucherCodesInput", token=token, codes=["A"])

    assert [change.kind.value for change in rules.heard] == [
        "CREATED",
        "LINES_UPDATED",
        "LINES_REMOVED",
        "DETAILS_UPDATED",
        "CODES_REMOVED",
    ]
    assert [len(change.lines) for change in rules.heard] == [2, 2, 1, 1, 1]


def test_plugin_that_fails_keeps_nobody_from_filling_a_cart(opened: Open) -> None:
    broken = answering("storeql_cart_changing", lambda self, change: 1 / 0)
    with opened(broken) as (shopper, _):
        assert shopper.ready()["userErrors"] == []


def thirteen_on_tea(self: object, basket: Basket) -> TaxRates:
    """13 % on tea and 6 % on the delivery, on top of the prices."""
    lines = {line.id: 1300 for line in basket.lines if line.variant_id == str(TEA)}
    return TaxRates(lines=lines, delivery=600, prices_include_tax=False)


def test_tax_of_a_plugin_is_in_the_price_and_in_the_order(opened: Open) -> None:
    with opened(answering("storeql_tax_rates", thirteen_on_tea)) as (shopper, _):
        shopper.ready()
        price = shopper.door.ask(TAXES, cart=shopper.token)["price"]
        placed = shopper.place("167.10", "k")

    # 2 x 25.00 at 13 % is 6.50, the cup is not taxed, 10.00 for delivery at 6 % is 0.60
    assert [line["tax"]["amount"] for line in price["lines"]] == ["6.50", "0.00"]
    assert price["taxTotal"] == {"amount": "7.10"}
    assert price["total"] == {"amount": "167.10"}
    assert placed["userErrors"] == []
    assert placed["order"]["total"]["amount"] == "167.10"


def test_included_tax_is_told_and_changes_no_total(opened: Open) -> None:
    def included(self: object, basket: Basket) -> TaxRates:
        return TaxRates(lines={line.id: 1300 for line in basket.lines})

    with opened(answering("storeql_tax_rates", included)) as (shopper, _):
        shopper.ready()
        price = shopper.door.ask(TAXES, cart=shopper.token)["price"]

    # 50.00 x 13 / 113 is 5.75, 100.00 x 13 / 113 is 11.50
    assert price["taxTotal"] == {"amount": "17.25"}
    assert price["total"] == {"amount": "160.00"}


@pytest.mark.parametrize(
    "answer",
    [
        lambda self, basket: 1 / 0,
        lambda self, basket: {"1": 1300},
        lambda self, basket: TaxRates(delivery=-1),
        lambda self, basket: TaxRates(lines={"1": 0.13}),  # type: ignore[dict-item]
    ],
)
def test_order_whose_tax_is_unknown_is_shown_and_not_placed(opened: Open, answer: Any) -> None:
    with opened(answering("storeql_tax_rates", answer)) as (shopper, _):
        shopper.ready()
        price = shopper.door.ask(TAXES, cart=shopper.token)["price"]
        placed = shopper.place("160.00", "k")

    assert price["taxTotal"] == {"amount": "0.00"}
    assert [(one["code"], one["plugin"]) for one in price["refusals"]] == [
        ("TAX_UNKNOWN", "Stranger")
    ]
    assert placed["order"] is None
    assert [error["code"] for error in placed["userErrors"]] == ["TAX_UNKNOWN"]


def test_first_plugin_that_answers_says_how_a_cart_is_taxed(opened: Open) -> None:
    def silent(self: object, basket: Basket) -> None:
        return None

    def five(self: object, basket: Basket) -> TaxRates:
        return TaxRates(lines={line.id: 500 for line in basket.lines}, prices_include_tax=False)

    hook = "storeql_tax_rates"
    plugins = [
        answering(hook, silent, "A"),
        answering(hook, five, "B"),
        answering(hook, thirteen_on_tea, "C"),
    ]
    with opened(*reversed(plugins)) as (shopper, _):
        shopper.ready()
        price = shopper.door.ask(TAXES, cart=shopper.token)["price"]

    assert price["taxTotal"] == {"amount": "7.50"}
