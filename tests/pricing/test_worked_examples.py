"""Worked examples that marketplaces have published, to the fen (pricing.md)."""

from __future__ import annotations

from storeql.pricing import Lane, allocate, price
from tests.pricing.builders import basket, line, nets, promotion
from tests.pricing.sample_kinds import (
    SPECIAL_PRICE,
    THRESHOLD,
    VOUCHER,
    SpecialPrice,
    Threshold,
)


def test_special_price_then_order_discount_then_voucher() -> None:
    cart = price(
        basket(line("a", 200_00)),
        [
            promotion("special", SPECIAL_PRICE, SpecialPrice(180_00)),
            promotion("order", THRESHOLD, Threshold(100_00, 10_00)),
            promotion("voucher", VOUCHER, Threshold(150_00, 10_00)),
        ],
    )
    assert cart.totals.total_minor == 160_00
    assert [(a.lane, a.amount_minor) for a in cart.lines[0].allocations] == [
        (Lane.ITEM, 20_00),
        (Lane.ORDER, 10_00),
        (Lane.VOUCHER, 10_00),
    ]


def test_shop_and_platform_vouchers_stack_and_measure_list_prices() -> None:
    rule = Threshold(100_00, 20_00, on_list=True)
    shop = promotion("s", VOUCHER, rule, stacking_group="shop", stackable_with=("platform",))
    platform = promotion("p", VOUCHER, rule, stacking_group="platform", stackable_with=("shop",))
    assert price(basket(line("a", 100_00)), [shop, platform]).totals.total_minor == 60_00


def test_a_voucher_worth_more_than_what_is_left_leaves_nothing_and_never_less() -> None:
    cart = price(
        basket(line("a", 400_00)),
        [
            promotion("order", THRESHOLD, Threshold(0, 50_00)),
            promotion("voucher", VOUCHER, Threshold(0, 380_00)),
        ],
    )
    assert cart.totals.total_minor == 0
    assert cart.lines[0].allocations[1].amount_minor == 350_00


def test_an_order_discount_is_shared_out_in_proportion_by_largest_remainder() -> None:
    cart = price(
        basket(line("a", 10_00, 5), line("b", 25_00), line("c", 15_00, 3)),
        [promotion("order", THRESHOLD, Threshold(99_00, 40_00))],
    )
    assert nets(cart) == {"a": 50_00 - 16_67, "b": 25_00 - 8_33, "c": 45_00 - 15_00}


def test_two_items_charged_together_share_the_charge() -> None:
    assert allocate(810_00, [600_00, 400_00]) == [486_00, 324_00]
    cart = price(
        basket(line("a", 600_00), line("b", 400_00)),
        [promotion("order", THRESHOLD, Threshold(0, 190_00))],
    )
    assert nets(cart) == {"a": 486_00, "b": 324_00}


def test_the_best_assignment_gives_each_threshold_what_it_needs() -> None:
    cart = price(
        basket(line("phone", 300_00), line("book", 200_00)),
        [
            promotion("all", THRESHOLD, Threshold(200_00, 20_00)),
            promotion("phones", THRESHOLD, Threshold(300_00, 50_00), on=["phone"]),
        ],
    )
    assert cart.totals.discount_minor == 70_00
    assert nets(cart) == {"phone": 250_00, "book": 180_00}
