"""The bundle's own rules: which pieces make a set, what a set costs, what the packers are told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
import storeql_bundle_price
from storeql_bundle_price import BUNDLE_PRICE, BundlePart, BundlePriceRule

from storeql.hooks import load_hooks
from storeql.pricing import Basket, Line, Outcome, PricedCart, price
from storeql.testing import PromotionConformance, a_basket, a_line, a_promotion, a_shop

POT, CUP, TEA = "1", "2", "3"
TEA_SET = BundlePriceRule(
    parts=(BundlePart(variants=(POT,)), BundlePart(variants=(CUP,), quantity=2)), price_minor=120_00
)


class TestBundlePrice(PromotionConformance):
    type = BUNDLE_PRICE
    rules = (
        BundlePriceRule(
            parts=(BundlePart(variants=(POT,)), BundlePart(variants=(CUP, TEA))), price_minor=10_00
        ),
        BundlePriceRule(
            parts=(BundlePart(variants=(POT,), quantity=2), BundlePart(variants=(TEA,))),
            price_minor=99,
            most_sets=2,
        ),
        BundlePriceRule(parts=(BundlePart(products=("1",), quantity=3),), price_minor=0),
    )


def pots(quantity: int, **fields: Any) -> Line:
    return a_line(100_00, quantity, variant_id=POT, **fields)


def cups(quantity: int, **fields: Any) -> Line:
    return a_line(25_00, quantity, variant_id=CUP, **fields)


def priced(basket: Basket, rule: BundlePriceRule = TEA_SET) -> PricedCart:
    return price(basket, [a_promotion(BUNDLE_PRICE, rule, name="Tea set")])


def test_set_costs_its_price_and_the_reduction_is_spread_by_amount() -> None:
    cart = priced(a_basket(pots(1), cups(2)))
    # 150.00 becomes 120.00: of the 30.00 off, two thirds on the pot and a third on the cups
    assert cart.totals.total_minor == 120_00
    assert [line.net_minor for line in cart.lines] == [80_00, 40_00]


def test_pieces_beyond_the_sets_keep_their_price() -> None:
    cart = priced(a_basket(pots(3), cups(5)))
    # two sets at 120.00, one pot at 100.00, one cup at 25.00
    assert cart.totals.total_minor == 365_00
    assert [(u.quantity, u.unit_minor) for u in cart.lines[0].units] == [(1, 100_00), (2, 80_00)]


def test_a_set_may_be_made_of_several_lines_of_a_variant() -> None:
    assert priced(a_basket(cups(1), pots(1), cups(1))).totals.total_minor == 120_00


def test_dearest_of_the_pieces_to_choose_from_go_first() -> None:
    any_two = BundlePriceRule(
        parts=(BundlePart(variants=(POT, CUP)), BundlePart(products=("tea",))), price_minor=30_00
    )
    green, black = (
        a_line(price, 1, variant_id=name, product_id="tea")
        for name, price in (("green", 9_00), ("black", 12_00))
    )
    cart = priced(a_basket(cups(1), pots(1), green, black), any_two)
    # pot 100.00 with black tea 12.00, then cup 25.00 with green tea 9.00: 30.00 each
    assert cart.totals.total_minor == 60_00
    assert cart.lines[1].net_minor + cart.lines[3].net_minor == 30_00


def test_set_that_costs_less_without_the_bundle_is_not_made() -> None:
    pair = BundlePriceRule(
        parts=(BundlePart(variants=(POT, CUP)), BundlePart(variants=(TEA,))), price_minor=50_00
    )
    cart = priced(a_basket(pots(1), cups(1), a_line(9_00, 2, variant_id=TEA)), pair)
    # pot and tea for 50.00 instead of 109.00; cup 25.00 and tea 9.00 are cheaper as they are
    assert cart.totals.total_minor == 50_00 + 34_00


def test_sets_are_limited_where_the_rule_says_so() -> None:
    once = msgspec.structs.replace(TEA_SET, most_sets=1)
    assert priced(a_basket(pots(2), cups(4)), once).totals.total_minor == 120_00 + 150_00


def test_incomplete_set_tells_how_many_pieces_are_missing() -> None:
    entry = priced(a_basket(cups(5), a_line(9_00, variant_id=TEA))).trace[0]
    assert (entry.outcome, entry.condition) == (Outcome.MISSED, "quantity")
    assert (entry.expected, entry.found, entry.shortfall) == (3, 2, 1)


def test_bundle_never_makes_its_pieces_dearer() -> None:
    dear = msgspec.structs.replace(TEA_SET, price_minor=150_00)
    cart = priced(a_basket(pots(1), cups(2)), dear)
    assert cart.totals.total_minor == 150_00
    assert cart.trace[0].condition == "bundle_saves_nothing"


def test_no_piece_goes_below_its_floor() -> None:
    cart = priced(a_basket(pots(1, floor_minor=95_00), cups(2, floor_minor=20_00)))
    # 30.00 proposed, 5.00 + 2 × 5.00 possible
    assert cart.totals.total_minor == 135_00
    assert (cart.trace[0].outcome, cart.trace[0].shortfall) == (Outcome.CLAMPED, 15_00)


def test_of_two_bundles_that_share_a_pot_the_better_one_is_granted() -> None:
    pair = BundlePriceRule(
        parts=(BundlePart(variants=(POT,)), BundlePart(variants=(TEA,))), price_minor=70_00
    )
    promotions = [
        a_promotion(BUNDLE_PRICE, TEA_SET, id="1"),
        a_promotion(BUNDLE_PRICE, pair, id="2"),
    ]
    cart = price(a_basket(pots(1), cups(2), a_line(9_00, variant_id=TEA)), promotions)
    # the pair saves 39.00, the tea set only 30.00
    assert cart.totals.total_minor == 70_00 + 50_00
    assert [entry.outcome for entry in cart.trace] == [Outcome.LOST, Outcome.APPLIED]
    assert cart.trace[0].lost_by_minor == 9_00


def test_packers_are_told_which_lines_belong_together() -> None:
    hooks = load_hooks(disabled=["bundle-price"], extra_plugins=[storeql_bundle_price])
    basket = a_basket(pots(1), a_line(9_00, variant_id=TEA), cups(2))
    told = hooks.order_priced(basket, priced(basket))
    assert [(one.code, one.line_id) for one in told] == [
        ("PACK_TOGETHER", "1"),
        ("PACK_TOGETHER", "3"),
    ]
    assert told[0].message.zh == "属于Tea set：请整套包装。"


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([{"variants": ["1"]}], "at least two pieces"),
        ([{"quantity": 2}], "names variants or products"),
        ([], "length >= 1"),
        ([{"variants": ["1"], "quantity": 0}], ">= 1"),
    ],
)
def test_impossible_rule_is_refused(parts: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=reason):
        msgspec.convert({"parts": parts, "price_minor": 100}, BundlePriceRule)


CART = """
    mutation ($input: CartCreateInput!) {
      cartCreate(input: $input) {
        cart {
          price {
            total { amount }
            lines { netPrice { amount } unitPrices { quantity price { amount } } }
            trace { kind outcome amount { amount } message { en } }
          }
        }
        userErrors { message }
      }
    }"""


def test_cart_of_a_shop_gets_the_set_for_its_price(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        pot = shop.sell("Teapot", price_minor=100_00)
        cup = shop.sell("Cup", price_minor=25_00)
        parts = [{"products": [pot.product_id]}, {"variants": [cup.variant_id], "quantity": 2}]
        rule = {"bundlePrice": {"parts": parts, "price": "120.00"}}
        shop.promote("Tea set", rule, currency="CNY")

        def price_of(pots: int, cups: int) -> dict[str, Any]:
            lines = [
                {"variantId": pot.variant_id, "quantity": pots},
                {"variantId": cup.variant_id, "quantity": cups},
            ]
            found: dict[str, Any] = shop.graphql(CART, {"input": {"lines": lines}})
            price: dict[str, Any] = found["cartCreate"]["cart"]["price"]
            return price

        short, whole = price_of(1, 1), price_of(1, 3)

    assert short["total"] == {"amount": "125.00"}
    assert short["trace"][0]["message"] == {"en": "Add 1 more piece for Tea set."}
    assert whole["total"] == {"amount": "145.00"}
    assert whole["lines"][0]["netPrice"] == {"amount": "80.00"}
    assert whole["lines"][1]["unitPrices"] == [
        {"quantity": 1, "price": {"amount": "25.00"}},
        {"quantity": 2, "price": {"amount": "20.00"}},
    ]
    assert whole["trace"][0]["amount"] == {"amount": "30.00"}
