"""How promotions of a lane share units: conflicts, stacking, priority, order, delivery."""

from __future__ import annotations

from typing import Any

from storeql.pricing import Delivery, GiftItem, Outcome, Remaining, price
from storeql.promotions.builtin.gift_with_purchase import GIFT_WITH_PURCHASE, GiftWithPurchaseRule
from tests.pricing.builders import basket, line, nets, outcome, promotion, traced
from tests.pricing.sample_kinds import (
    DELIVERY,
    GIFT,
    ITEM_GIFT,
    PERCENT,
    SEVERAL,
    THRESHOLD,
    VOUCHER,
    Amount,
    Gift,
    Percent,
    Several,
    Threshold,
)

POST = Delivery(method="post", price_minor=100, tax_basis_points=1300)
MUG = GiftItem(
    variant_id="mug",
    product_id="mug",
    name="Mug",
    price_minor=35,
    cost_minor=12,
    tax_basis_points=1300,
)


def stack(own: str, *others: str) -> dict[str, Any]:
    return {"stacking_group": own, "stackable_with": others}


def test_each_lane_sees_what_the_lane_before_left() -> None:
    cart = price(
        basket(line("a", 200)),
        [
            promotion("item", PERCENT, Percent(5000)),
            promotion("order", THRESHOLD, Threshold(101, 10)),
            promotion("list", THRESHOLD, Threshold(200, 5, on_list=True)),
        ],
    )
    assert outcome(cart, "order") is Outcome.MISSED
    assert nets(cart) == {"a": 95}


def test_equal_savings_go_by_priority_and_then_by_id() -> None:
    rule = Threshold(100, 10)
    first = promotion("z", THRESHOLD, rule, priority=1)
    second = promotion("a", THRESHOLD, rule, priority=2)
    assert outcome(price(basket(line("x", 100)), [second, first]), "z") is Outcome.APPLIED
    same = promotion("b", THRESHOLD, rule, priority=2)
    assert outcome(price(basket(line("x", 100)), [same, second]), "a") is Outcome.APPLIED


def test_equal_unit_prices_go_by_priority_and_then_by_id() -> None:
    cart = price(
        basket(line("x", 100)),
        [promotion("b", PERCENT, Percent(500)), promotion("a", PERCENT, Percent(500))],
    )
    assert outcome(cart, "a") is Outcome.APPLIED
    assert traced(cart, "b").lost_by_minor == 0


def test_stacking_has_to_be_named_by_both() -> None:
    both = [
        promotion("p", THRESHOLD, Threshold(0, 10), **stack("x", "y")),
        promotion("q", THRESHOLD, Threshold(0, 20), **stack("y", "x")),
    ]
    assert nets(price(basket(line("a", 100)), both)) == {"a": 70}
    one_sided = [both[0], promotion("q", THRESHOLD, Threshold(0, 20), **stack("y"))]
    assert nets(price(basket(line("a", 100)), one_sided)) == {"a": 80}


def test_stacked_unit_prices_are_computed_on_the_entry_price() -> None:
    cart = price(
        basket(line("a", 100)),
        [
            promotion("p", PERCENT, Percent(1000), **stack("x", "y")),
            promotion("q", PERCENT, Percent(2000), **stack("y", "x")),
        ],
    )
    assert nets(cart) == {"a": 70}
    assert [a.amount_minor for a in cart.lines[0].allocations] == [10, 20]


def test_stacked_unit_prices_stop_at_the_floor_in_priority_order() -> None:
    cart = price(
        basket(line("a", 100, floor_minor=75)),
        [
            promotion("p", PERCENT, Percent(2000), **stack("x", "y")),
            promotion("q", PERCENT, Percent(1000), **stack("y", "x")),
        ],
    )
    assert nets(cart) == {"a": 75}
    assert traced(cart, "p").outcome is Outcome.APPLIED
    assert (traced(cart, "q").outcome, traced(cart, "q").amount_minor) == (Outcome.CLAMPED, 5)


def test_a_set_price_is_spread_over_its_units_and_sums_exactly() -> None:
    cart = price(
        basket(line("a", 50, 2), line("b", 40)), [promotion("p", SEVERAL, Several(3, 100))]
    )
    assert cart.totals.discount_minor == 40
    assert nets(cart) == {"a": 71, "b": 29}
    assert [(u.quantity, u.unit_minor) for u in cart.lines[0].units] == [(1, 36), (1, 35)]


def test_units_left_over_from_a_set_take_the_unit_price() -> None:
    cart = price(
        basket(line("a", 50, 4)),
        [promotion("set", SEVERAL, Several(3, 100)), promotion("ten", PERCENT, Percent(1000))],
    )
    assert nets(cart) == {"a": 100 + 45}


def test_units_beyond_a_quota_keep_what_stacks_with_it() -> None:
    """3 pieces at 100: one 50 and 10 less, the others that the quota leaves out 10 less each."""
    cart = price(
        basket(line("a", 100, 3), remaining={"flash": Remaining(quota={"variant-a": 1})}),
        [
            promotion("flash", PERCENT, Percent(5000), **stack("x", "y")),
            promotion("member", PERCENT, Percent(1000), **stack("y", "x")),
        ],
    )
    assert [(u.quantity, u.unit_minor) for u in cart.lines[0].units] == [(2, 90), (1, 40)]
    assert (cart.lanes[0].saving_minor, cart.lanes[0].gap_minor) == (50 + 3 * 10, 0)


def test_a_quota_counts_the_units_of_all_the_sets_that_a_promotion_is_in() -> None:
    """2 pieces at 100, one of them half price: 50 + 20 off the one, 20 off the other. Each set
    with the half price alone would be within the quota, both together are not."""
    half = stack("h", "x", "y")
    cart = price(
        basket(line("a", 100, 2), remaining={"half": Remaining(quota={"variant-a": 1})}),
        [
            promotion("half", PERCENT, Percent(5000), **half),
            promotion("ten", PERCENT, Percent(1000), **stack("x", "h")),
            promotion("twenty", PERCENT, Percent(2000), **stack("y", "h")),
        ],
    )
    assert [(u.quantity, u.unit_minor) for u in cart.lines[0].units] == [(1, 80), (1, 30)]
    assert (outcome(cart, "ten"), traced(cart, "ten").lost_by_minor) == (Outcome.LOST, 10)


def test_stacked_discounts_are_spread_over_what_the_ones_before_left() -> None:
    """60 off a leaves 40 and 100: the next 70 go 70 x 40/140 = 20 and 50."""
    cart = price(
        basket(line("a", 100), line("b", 100)),
        [
            promotion("p", THRESHOLD, Threshold(100, 60), on=["a"], priority=1, **stack("x", "y")),
            promotion("q", THRESHOLD, Threshold(200, 70), priority=2, **stack("y", "x")),
        ],
    )
    assert [a.amount_minor for a in cart.lines[0].allocations] == [60, 20]
    assert [a.amount_minor for a in cart.lines[1].allocations] == [50]


def test_stacked_discounts_leave_to_each_other_what_floors_leave() -> None:
    """a may go down to 30: after 60 off there is room for 10, so of 70 the other 60 are b's."""
    cart = price(
        basket(line("a", 100, floor_minor=30), line("b", 100)),
        [
            promotion("p", THRESHOLD, Threshold(100, 60), on=["a"], priority=1, **stack("x", "y")),
            promotion("q", THRESHOLD, Threshold(200, 70), priority=2, **stack("y", "x")),
        ],
    )
    assert [a.amount_minor for a in cart.lines[0].allocations] == [60, 10]
    assert [a.amount_minor for a in cart.lines[1].allocations] == [60]
    assert nets(cart) == {"a": 30, "b": 40}


def test_a_gift_in_the_item_lane_leaves_the_units_to_later_promotions() -> None:
    cart = price(
        basket(line("a", 100), line("b", 50), gifts={"mug": MUG}),
        [
            promotion("gift", ITEM_GIFT, Gift(0, "mug"), priority=1, on=["a"]),
            promotion("ten", PERCENT, Percent(1000), priority=2, on=["b"]),
        ],
    )
    assert nets(cart) == {"a": 100, "b": 45}
    assert len(cart.gift_lines) == 1


def test_delivery_discounts_take_the_best_and_never_more_than_the_price() -> None:
    promotions = [
        promotion("half", DELIVERY, Amount(50)),
        promotion("free", DELIVERY, Amount(500, at_minor=100)),
    ]
    small = price(basket(line("a", 80), delivery=POST), promotions)
    assert small.shipping is not None
    assert (small.shipping.net_minor, traced(small, "free").shortfall) == (50, 20)
    large = price(basket(line("a", 200), delivery=POST), promotions)
    assert large.shipping is not None
    assert (large.shipping.net_minor, large.totals.shipping_discount_minor) == (0, 100)
    assert (traced(large, "half").outcome, traced(large, "half").lost_by_minor) == (
        Outcome.LOST,
        50,
    )


def test_delivery_discounts_stack_when_both_say_so() -> None:
    cart = price(
        basket(line("a", 80), delivery=POST),
        [
            promotion("p", DELIVERY, Amount(30), **stack("x", "y")),
            promotion("q", DELIVERY, Amount(40), **stack("y", "x")),
        ],
    )
    assert cart.shipping is not None
    assert [a.amount_minor for a in cart.shipping.allocations] == [30, 40]


def test_delivery_becomes_cheaper_even_where_earlier_lanes_used_up_the_search() -> None:
    single = [promotion("p", DELIVERY, Amount(30)), promotion("q", DELIVERY, Amount(40))]
    cart = price(basket(line("a", 80), delivery=POST), single, node_cap=0)
    assert (cart.totals.shipping_discount_minor, cart.lanes[0].gap_minor) == (40, 0)
    assert traced(cart, "p").lost_by_minor == 10
    together = [
        promotion("p", DELIVERY, Amount(30), **stack("x", "y")),
        promotion("q", DELIVERY, Amount(40), **stack("y", "x")),
    ]
    cart = price(basket(line("a", 80), delivery=POST), together, node_cap=0)
    assert (cart.totals.shipping_discount_minor, cart.lanes[0].gap_minor) == (40, 30)


def test_a_delivery_discount_without_a_delivery_is_missed() -> None:
    cart = price(basket(line("a", 80)), [promotion("p", DELIVERY, Amount(30))])
    entry = traced(cart, "p")
    assert (entry.condition, entry.expected) == ("delivery", "chosen")
    assert cart.shipping is None


def test_a_pick_is_shown_to_its_own_promotion_alone() -> None:
    pen = GiftItem(variant_id="pen", product_id="pen", name="Pen", price_minor=20)
    rule = GiftWithPurchaseRule(gifts=("mug", "pen"), from_minor=100)
    cart = price(
        basket(
            line("a", 100),
            line("b", 100),
            gifts={"mug": MUG, "pen": pen},
            gift_choices={"picked": ("mug",)},
        ),
        [
            promotion("picked", GIFT_WITH_PURCHASE, rule, on=["a"]),
            promotion("open", GIFT_WITH_PURCHASE, rule, on=["b"]),
        ],
    )
    assert [one.promotion_id for one in cart.gift_lines] == ["picked"]
    assert traced(cart, "open").condition == "gift_choice"


def test_a_gift_is_a_line_of_its_own_charged_to_its_promotion() -> None:
    cart = price(
        basket(line("a", 100), gifts={"mug": MUG}), [promotion("p", GIFT, Gift(100, "mug", 2))]
    )
    (gift,) = cart.gift_lines
    assert (gift.list_minor, gift.net_minor, gift.cost_minor) == (70, 0, 24)
    assert gift.allocation.amount_minor == 70
    assert (cart.totals.total_minor, cart.totals.gift_minor, cart.totals.discount_minor) == (
        100,
        70,
        0,
    )


def test_an_add_on_is_paid_at_its_special_price() -> None:
    cart = price(
        basket(line("a", 100), gifts={"mug": MUG}),
        [promotion("p", GIFT, Gift(100, "mug", 1, price_minor=10))],
    )
    (add_on,) = cart.gift_lines
    assert (add_on.net_minor, add_on.tax_minor, cart.totals.subtotal_minor) == (10, 1, 110)


def test_tax_comes_after_discounts_contained_or_on_top() -> None:
    half = [promotion("p", PERCENT, Percent(5000))]
    taxed = line("a", 22_60, tax_basis_points=1300)
    included = price(basket(taxed, delivery=POST), half)
    assert (included.lines[0].tax_minor, included.totals.tax_minor) == (1_30, 1_42)
    assert included.totals.total_minor == 11_30 + 1_00
    on_top = price(basket(taxed, delivery=POST, prices_include_tax=False), half)
    assert (on_top.lines[0].tax_minor, on_top.totals.tax_minor) == (1_47, 1_60)
    assert on_top.totals.total_minor == 11_30 + 1_00 + 1_60


def test_the_voucher_lane_follows_the_order_lane() -> None:
    cart = price(
        basket(line("a", 100)),
        [
            promotion("voucher", VOUCHER, Threshold(95, 10)),
            promotion("order", THRESHOLD, Threshold(0, 6)),
        ],
    )
    assert outcome(cart, "voucher") is Outcome.MISSED
    assert [entry.promotion_id for entry in cart.trace] == ["order", "voucher"]
