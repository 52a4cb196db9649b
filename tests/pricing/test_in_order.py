"""A lane that goes in order: by priority, each taking what is still free or may be joined."""

from __future__ import annotations

from storeql.pricing import Lane, Outcome, Promotion, Remaining, price
from tests.pricing.builders import basket, line, nets, outcome, promotion, traced
from tests.pricing.sample_kinds import (
    DELIVERY,
    ITEM_GIFT,
    NTH,
    PERCENT,
    SPECIAL_PRICE,
    THRESHOLD,
    Amount,
    Gift,
    Nth,
    Percent,
    SpecialPrice,
    Threshold,
)
from tests.pricing.test_lanes import MUG, POST, stack


def test_in_order_gives_units_by_priority_not_by_saving() -> None:
    promotions = [
        promotion("first", THRESHOLD, Threshold(100, 10), priority=1),
        promotion("better", THRESHOLD, Threshold(100, 50), priority=2),
    ]
    best = price(basket(line("a", 100)), promotions)
    in_order = price(basket(line("a", 100), in_order_lanes=(Lane.ORDER,)), promotions)
    assert (nets(best), nets(in_order)) == ({"a": 50}, {"a": 90})
    entry = traced(in_order, "better")
    assert (entry.outcome, entry.lost_to, entry.lost_by_minor) == (Outcome.LOST, ("first",), None)
    assert in_order.lanes[0].gap_minor is None


def test_in_order_leaves_what_saves_nothing_to_the_next() -> None:
    cart = price(
        basket(line("a", 60), line("b", 60), in_order_lanes=(Lane.ORDER,)),
        [
            promotion("high", THRESHOLD, Threshold(500, 10), priority=1),
            promotion("p", THRESHOLD, Threshold(50, 5), priority=2, on=["a"]),
            promotion("q", THRESHOLD, Threshold(50, 7), priority=3),
        ],
    )
    assert nets(cart) == {"a": 55, "b": 53}


def test_in_order_stacks_what_may_stack() -> None:
    cart = price(
        basket(line("a", 100), in_order_lanes=(Lane.ITEM,)),
        [
            promotion("p", PERCENT, Percent(1000), **stack("x", "y")),
            promotion("q", PERCENT, Percent(2000), **stack("y", "x")),
            promotion("r", PERCENT, Percent(9000)),
        ],
    )
    assert nets(cart) == {"a": 70}
    assert outcome(cart, "r") is Outcome.LOST


def test_in_order_gives_the_rest_of_a_line_to_the_next() -> None:
    left = {"p": Remaining(quota={"variant-a": 1})}
    cart = price(
        basket(line("a", 100, 3), in_order_lanes=(Lane.ITEM,), remaining=left),
        [
            promotion("p", PERCENT, Percent(5000), priority=1, **stack("x", "y")),
            promotion("q", PERCENT, Percent(1000), priority=2, **stack("y", "x")),
        ],
    )
    assert [(u.quantity, u.unit_minor) for u in cart.lines[0].units] == [(2, 90), (1, 40)]


def in_order(pieces: int, quotas: dict[str, int], *promotions: Promotion) -> list[tuple[int, int]]:
    """Units and prices of a line at 100 whose promotions go in order, dearest first."""
    left = {key: Remaining(quota={"variant-a": count}) for key, count in quotas.items()}
    cart = price(
        basket(line("a", 100, pieces), in_order_lanes=(Lane.ITEM,), remaining=left), promotions
    )
    return [(u.quantity, u.unit_minor) for u in cart.lines[0].units]


HALF = promotion("half", PERCENT, Percent(5000), priority=1, **stack("h", "f"))
TEN = promotion("ten", PERCENT, Percent(1000), priority=2)
FIFTH = promotion("fifth", PERCENT, Percent(2000), priority=3, **stack("f", "h"))


def test_in_order_joins_only_pieces_whose_holders_all_let_it() -> None:
    """Four pieces: one at half price, two ten off. A fifth off goes onto the first and the free
    one: 100-50-20, 100-20; the two at 90 do not stack with it."""
    units = in_order(4, {"half": 1, "ten": 2}, HALF, TEN, FIFTH)
    assert units == [(2, 90), (1, 80), (1, 30)]


def test_in_order_shared_pieces_count_against_the_quota_first() -> None:
    units = in_order(4, {"half": 1, "ten": 2, "fifth": 1}, HALF, TEN, FIFTH)
    assert units == [(1, 100), (2, 90), (1, 30)]


def test_in_order_joins_a_part_of_the_pieces_that_another_holds() -> None:
    units = in_order(4, {"half": 2, "fifth": 1}, HALF, FIFTH)
    assert units == [(2, 100), (1, 50), (1, 30)]


def test_in_order_all_pieces_may_be_joined_and_none_is_left() -> None:
    assert in_order(2, {}, HALF, FIFTH) == [(2, 30)]
    assert in_order(2, {"half": 0}, HALF, FIFTH) == [(2, 80)]


def test_in_order_keeps_to_exclusion_groups_even_on_other_lines() -> None:
    cart = price(
        basket(line("a", 100), line("b", 100), in_order_lanes=(Lane.ITEM,)),
        [
            promotion("p", PERCENT, Percent(1000), priority=1, on=["a"], exclusion_group="x"),
            promotion("q", PERCENT, Percent(5000), priority=2, on=["b"], exclusion_group="x"),
            promotion("r", PERCENT, Percent(2000), priority=3),
        ],
    )
    assert nets(cart) == {"a": 90, "b": 80}
    assert (outcome(cart, "q"), traced(cart, "q").lost_to) == (Outcome.EXCLUDED, ("p",))


def test_in_order_a_promotion_that_floors_leave_nothing_takes_no_units() -> None:
    """The nth price wants a and b. b is taken, a has no room: so the gift may still have a."""
    cart = price(
        basket(
            line("a", 100, floor_minor=100),
            line("b", 100),
            gifts={"mug": MUG},
            in_order_lanes=(Lane.ITEM,),
        ),
        [
            promotion("half", PERCENT, Percent(5000), priority=1, on=["b"]),
            promotion("each", NTH, Nth(1, 1000), priority=2),
            promotion("gift", ITEM_GIFT, Gift(100, "mug"), priority=3, on=["a"]),
        ],
    )
    assert nets(cart) == {"a": 100, "b": 50}
    assert outcome(cart, "each") is Outcome.LOST
    assert len(cart.gift_lines) == 1


def test_in_order_a_price_per_unit_leaves_the_units_that_it_does_not_lower() -> None:
    cart = price(
        basket(line("a", 100), line("b", 50), in_order_lanes=(Lane.ITEM,)),
        [
            promotion("eighty", SPECIAL_PRICE, SpecialPrice(80), priority=1),
            promotion("ten", PERCENT, Percent(1000), priority=2),
        ],
    )
    assert nets(cart) == {"a": 80, "b": 45}


def test_in_order_a_threshold_is_met_by_what_is_left_alone() -> None:
    """b and c are left, 120 of 180: too little for 150, and enough for the next from 120."""
    cart = price(
        basket(line("a", 60), line("b", 60), line("c", 60), in_order_lanes=(Lane.ORDER,)),
        [
            promotion("first", THRESHOLD, Threshold(60, 6), priority=1, on=["a"]),
            promotion("high", THRESHOLD, Threshold(150, 50), priority=2),
            promotion("enough", THRESHOLD, Threshold(120, 20), priority=3),
        ],
    )
    assert nets(cart) == {"a": 54, "b": 50, "c": 50}


def test_in_order_shares_delivery_by_priority() -> None:
    promotions = [
        promotion("a", DELIVERY, Amount(60), priority=2),
        promotion("b", DELIVERY, Amount(20), priority=1),
    ]
    cart = price(basket(line("l", 80), delivery=POST, in_order_lanes=(Lane.SHIPPING,)), promotions)
    assert cart.shipping is not None
    assert [a.promotion_id for a in cart.shipping.allocations] == ["b"]
