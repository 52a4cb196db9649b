"""The engine's pieces on their own."""

from __future__ import annotations

import msgspec
import pytest

from storeql.pricing import (
    Discount,
    Lane,
    Scope,
    Selection,
    TypeFailed,
    price,
    saving_alone,
    unit_nets,
)
from tests.pricing.builders import basket, line, promotion
from tests.pricing.sample_kinds import (
    NTH,
    SPECIAL_PRICE,
    THRESHOLD,
    Nth,
    Percent,
    SpecialPrice,
    Threshold,
    kind,
)

TAGS = frozenset({"t"})


def test_the_saving_on_a_part_of_the_basket() -> None:
    cart = basket(line("a", 100, 3), line("b", 60))
    half = promotion("p", NTH, Nth(2, 5000))
    assert saving_alone(half, cart, {"a": 3, "b": 1}) == 50 + 30
    assert saving_alone(half, cart, {"a": 1, "b": 1}) == 30
    assert saving_alone(half, cart, {"a": 1}) == 0
    assert saving_alone(half, cart, {}) == 0
    gift = promotion("g", kind("always", Lane.ORDER, Percent, lambda *_: Discount(7)), Percent(0))
    elsewhere = msgspec.structs.replace(gift, scope=Scope(exclude=Selection(tag_ids=TAGS)))
    assert saving_alone(gift, basket(line("a", 9, tag_ids=("t",))), {"a": 1}) == 7
    assert saving_alone(elsewhere, basket(line("a", 9, tag_ids=("t",))), {"a": 1}) == 0


def test_a_failing_type_raises_when_it_is_asked_alone() -> None:
    broken = kind("broken", Lane.ORDER, Percent, lambda rule, units, basket: 7)
    with pytest.raises(TypeFailed):
        saving_alone(promotion("p", broken, Percent(0)), basket(line("a", 1)), {"a": 1})


def test_units_of_a_line_share_its_later_discounts_by_their_prices() -> None:
    cart = price(
        basket(line("a", 100, 2), line("b", 100)),
        [
            promotion("item", SPECIAL_PRICE, SpecialPrice(50), on=["b"]),
            promotion("order", THRESHOLD, Threshold(0, 25)),
        ],
    )
    assert [unit_nets(priced) for priced in cart.lines] == [(90, 90), (45,)]


def test_unit_nets_sum_to_the_line() -> None:
    cart = price(basket(line("a", 100, 3)), [promotion("p", THRESHOLD, Threshold(0, 100))])
    assert unit_nets(cart.lines[0]) == (67, 67, 66)
