"""One trace entry per candidate, with what a front end needs to say it in words."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from storeql.pricing import (
    Ceiling,
    Discount,
    EnteredCode,
    FunderShare,
    GiftItem,
    Gifts,
    GiftUnits,
    Lane,
    Missed,
    Outcome,
    Remaining,
    SetPrice,
    SetPrices,
    UnitPrice,
    UnitPrices,
    price,
)
from tests.pricing.builders import basket, line, nets, outcome, promotion, traced
from tests.pricing.sample_kinds import (
    GIFT,
    NTH,
    PERCENT,
    SPECIAL_PRICE,
    THRESHOLD,
    Gift,
    Nth,
    Percent,
    SpecialPrice,
    Threshold,
    kind,
)

MUG = GiftItem(variant_id="mug", product_id="mug", name="Mug", price_minor=35, cost_minor=12)


def test_applied_tells_the_amount() -> None:
    cart = price(basket(line("a", 100, 3)), [promotion("p", PERCENT, Percent(1000))])
    entry = traced(cart, "p")
    assert (entry.outcome, entry.amount_minor, entry.lane) == (Outcome.APPLIED, 30, Lane.ITEM)
    assert (entry.kind, entry.version) == ("percent", 1)


def test_missed_tells_how_much_more_to_spend() -> None:
    cart = price(basket(line("a", 280)), [promotion("p", THRESHOLD, Threshold(300, 50))])
    entry = traced(cart, "p")
    assert entry.outcome is Outcome.MISSED
    assert (entry.condition, entry.expected, entry.found, entry.shortfall) == (
        "spend_minor",
        300,
        280,
        20,
    )


def test_lost_tells_to_what_and_by_how_much() -> None:
    cart = price(
        basket(line("a", 300)),
        [
            promotion("big", THRESHOLD, Threshold(300, 50)),
            promotion("small", THRESHOLD, Threshold(200, 20)),
        ],
    )
    entry = traced(cart, "small")
    assert (entry.outcome, entry.lost_to) == (Outcome.LOST, ("big",))
    assert (entry.lost_by_minor, entry.lost_by_at_least_minor) == (30, 30)


def test_a_unit_price_lost_by_the_cheapest_unit_it_could_have_had() -> None:
    cart = price(
        basket(line("a", 100), line("b", 50)),
        [
            promotion("ten", PERCENT, Percent(1000)),
            promotion("twenty", PERCENT, Percent(2000)),
        ],
    )
    assert traced(cart, "twenty").amount_minor == 30
    entry = traced(cart, "ten")
    assert (entry.lost_to, entry.lost_by_minor) == (("twenty",), 5)
    assert entry.lost_by_at_least_minor == 5


def test_excluded_by_its_group_even_on_other_lines() -> None:
    cart = price(
        basket(line("a", 300), line("b", 300)),
        [
            promotion("p", THRESHOLD, Threshold(300, 50), on=["a"], exclusion_group="one"),
            promotion("q", THRESHOLD, Threshold(300, 20), on=["b"], exclusion_group="one"),
        ],
    )
    entry = traced(cart, "q")
    assert (entry.outcome, entry.lost_to, entry.lost_by_minor) == (Outcome.EXCLUDED, ("p",), 30)


def test_excluded_by_a_group_that_an_earlier_lane_used() -> None:
    cart = price(
        basket(line("a", 300)),
        [
            promotion("item", PERCENT, Percent(1000), exclusion_group="one"),
            promotion("order", THRESHOLD, Threshold(0, 200), exclusion_group="one"),
        ],
    )
    assert outcome(cart, "item") is Outcome.APPLIED
    entry = traced(cart, "order")
    assert (entry.outcome, entry.lost_to) == (Outcome.EXCLUDED, ("item",))


@pytest.mark.parametrize(
    ("left", "condition"),
    [
        (Remaining(uses=0), "uses"),
        (Remaining(customer_uses=0), "customer_uses"),
        (Remaining(budget_minor=0), "budget_minor"),
        (Remaining(budget_minor=29), "budget_minor"),
        (Remaining(quota={"variant-a": 0}), "quota"),
    ],
)
def test_exhausted_names_the_limit(left: Remaining, condition: str) -> None:
    ten = promotion("p", PERCENT, Percent(1000))
    cart = price(basket(line("a", 100, 3), remaining={"p": left}), [ten])
    entry = traced(cart, "p")
    assert (entry.outcome, entry.condition) == (Outcome.EXHAUSTED, condition)
    assert cart.totals.discount_minor == 0


def test_a_budget_that_just_covers_the_discount_is_enough() -> None:
    ten = promotion("p", PERCENT, Percent(1000))
    cart = price(basket(line("a", 100, 3), remaining={"p": Remaining(budget_minor=30)}), [ten])
    assert traced(cart, "p").amount_minor == 30


def test_a_code_without_uses_left_is_exhausted() -> None:
    codes = (EnteredCode(code="X", promotion_id="p", uses=0),)
    ten = promotion("p", PERCENT, Percent(1000), needs_code=True)
    entry = traced(price(basket(line("a", 100), codes=codes), [ten]), "p")
    assert (entry.outcome, entry.condition) == (Outcome.EXHAUSTED, "code_uses")
    assert (entry.expected, entry.found, entry.shortfall) == (1, 0, 1)


def test_a_budget_that_is_short_tells_by_how_much() -> None:
    ten = promotion("p", PERCENT, Percent(1000))
    left = {"p": Remaining(budget_minor=29)}
    entry = traced(price(basket(line("a", 100, 3), remaining=left), [ten]), "p")
    assert (entry.expected, entry.found, entry.shortfall) == (30, 29, 1)


def test_a_promotion_that_takes_nothing_off_says_so() -> None:
    free = price(basket(line("a", 0)), [promotion("p", PERCENT, Percent(1000))])
    entry = traced(free, "p")
    assert (entry.outcome, entry.condition) == (Outcome.MISSED, "saving_minor")
    assert (entry.expected, entry.found, entry.shortfall) == (1, 0, 1)


def test_lost_names_only_those_that_took_its_lines() -> None:
    cart = price(
        basket(line("a", 100), line("b", 100)),
        [
            promotion("best", THRESHOLD, Threshold(100, 50), on=["a"]),
            promotion("elsewhere", THRESHOLD, Threshold(100, 60), on=["b"]),
            promotion("less", THRESHOLD, Threshold(100, 20), on=["a"]),
        ],
    )
    assert traced(cart, "less").lost_to == ("best",)


def test_a_line_that_gets_no_part_of_a_discount_keeps_none_from_the_others() -> None:
    cart = price(
        basket(line("a", 0), line("b", 100), line("c", 50)),
        [promotion("p", THRESHOLD, Threshold(100, 30))],
    )
    assert [[a.amount_minor for a in one.allocations] for one in cart.lines] == [[], [20], [10]]


def test_each_part_of_a_discount_is_split_among_its_funders() -> None:
    funders = (FunderShare("shop", 5_000), FunderShare("brand", 3_000), FunderShare("mall", 2_000))
    one = promotion("p", THRESHOLD, Threshold(100, 33), funders=funders)
    (part,) = price(basket(line("a", 100)), [one]).lines[0].allocations
    assert [(f.funder, f.amount_minor) for f in part.funding] == [
        ("shop", 16),
        ("brand", 10),
        ("mall", 7),
    ]


def test_a_quota_limits_the_units_at_the_special_price() -> None:
    flash = promotion("p", SPECIAL_PRICE, SpecialPrice(60))
    left = {"p": Remaining(quota={"variant-a": 2})}
    cart = price(basket(line("a", 100, 5), remaining=left), [flash])
    assert nets(cart) == {"a": 3 * 100 + 2 * 60}
    assert [(u.quantity, u.unit_minor) for u in cart.lines[0].units] == [(3, 100), (2, 60)]


def test_a_quota_that_is_short_names_its_variants_whether_some_units_are_left_or_none() -> None:
    nth = promotion("p", NTH, Nth(2, 5000))
    lines = (line("a", 100, 3), line("b", 80))
    some = price(basket(*lines, remaining={"p": Remaining(quota={"variant-a": 1})}), [nth])
    entry = traced(some, "p")
    assert (entry.outcome, entry.short_variant_ids) == (Outcome.APPLIED, ("variant-a",))

    left = {"p": Remaining(quota={"variant-a": 1})}
    alone = traced(price(basket(line("a", 100, 3), remaining=left), [nth]), "p")
    assert (alone.outcome, alone.condition) == (Outcome.EXHAUSTED, "quota")
    assert (alone.expected, alone.found, alone.shortfall) == (3, 1, 2)


def test_an_allocation_counts_the_units_that_became_cheaper() -> None:
    flash = promotion("flash", SPECIAL_PRICE, SpecialPrice(60))
    off = promotion("off", THRESHOLD, Threshold(0, 60))
    left = {"flash": Remaining(quota={"variant-a": 2})}
    cart = price(basket(line("a", 100, 5), line("b", 50, 2), remaining=left), [flash, off])
    found = {
        (one.line_id, a.promotion_id): a.quantity for one in cart.lines for a in one.allocations
    }
    assert found == {("a", "flash"): 2, ("a", "off"): 5, ("b", "off"): 2}


def test_clamped_at_the_floor_tells_what_was_forfeited() -> None:
    cart = price(
        basket(line("a", 100, 2, floor_minor=95)), [promotion("p", PERCENT, Percent(1000))]
    )
    entry = traced(cart, "p")
    assert (entry.outcome, entry.amount_minor) == (Outcome.CLAMPED, 10)
    assert (entry.condition, entry.expected, entry.found, entry.shortfall) == (
        "floor_minor",
        20,
        10,
        10,
    )


def test_a_clamped_excess_moves_to_other_lines_of_the_same_discount() -> None:
    cart = price(
        basket(line("a", 100, floor_minor=90), line("b", 100)),
        [promotion("p", THRESHOLD, Threshold(0, 60))],
    )
    assert nets(cart) == {"a": 90, "b": 50}
    assert outcome(cart, "p") is Outcome.APPLIED


def test_floors_that_leave_no_room_clamp_to_nothing() -> None:
    cart = price(basket(line("a", 100, floor_minor=100)), [promotion("p", PERCENT, Percent(1000))])
    entry = traced(cart, "p")
    assert (entry.outcome, entry.amount_minor, entry.shortfall) == (Outcome.CLAMPED, 0, 10)


def test_a_floor_sends_the_half_price_to_the_unit_that_has_room() -> None:
    lines = (line("a", 100, 2, floor_minor=100), line("b", 80))
    cart = price(basket(*lines), [promotion("p", NTH, Nth(2, 5000))])
    assert nets(cart) == {"a": 200, "b": 40}


def test_gift_stock_clamps_and_exhausts() -> None:
    mugs = promotion("p", GIFT, Gift(100, "mug", 3))
    some = {"gifts": {"mug": MUG}, "remaining": {"p": Remaining(gift_stock={"mug": 2})}}
    cart = price(basket(line("a", 100), **some), [mugs])
    entry = traced(cart, "p")
    assert (entry.outcome, entry.condition, entry.amount_minor) == (
        Outcome.CLAMPED,
        "gift_stock",
        70,
    )
    none = some | {"remaining": {"p": Remaining(gift_stock={"mug": 0})}}
    cart = price(basket(line("a", 100), **none), [mugs])
    assert (outcome(cart, "p"), cart.gift_lines) == (Outcome.EXHAUSTED, ())


def raising(rule: Any, units: Any, basket: Any) -> Any:
    raise RuntimeError("a bug")


NONSENSE: list[Any] = [
    None,
    42,
    UnitPrices((UnitPrice("a", 1, 101),)),
    UnitPrices((UnitPrice("a", 1, -1),)),
    UnitPrices((UnitPrice("a", 1, 9.5),)),  # type: ignore[arg-type]
    UnitPrices((UnitPrice("a", 1, float("nan")),)),  # type: ignore[arg-type]
    UnitPrices((UnitPrice("a", 1, True),)),
    UnitPrices((UnitPrice("a", 3, 50),)),
    UnitPrices((UnitPrice("a", 2, 50), UnitPrice("a", 1, 50))),
    UnitPrices((UnitPrice("a", 0, 50),)),
    UnitPrices((UnitPrice("z", 1, 50),)),
    UnitPrices((50,)),  # type: ignore[arg-type]
    SetPrices((SetPrice((("a", 2),), 201),)),
    SetPrices((SetPrice((("a", 3),), 10),)),
    Gifts((GiftUnits("nothing"),)),
    Gifts((GiftUnits("mug", 1, 36),)),
    Gifts((GiftUnits("mug", 0),)),
    Discount(5),
    UnitPrices([UnitPrice("a", 1, 50)]),  # type: ignore[arg-type]
    UnitPrices(iter([UnitPrice("a", 1, 50)])),  # type: ignore[arg-type]
    UnitPrices((GiftUnits("a"),)),  # type: ignore[arg-type]
    UnitPrices((UnitPrice([], 1, 50),)),  # type: ignore[arg-type]
    SetPrices((SetPrice((), 0),)),
    SetPrices((SetPrice((["a", 1],), 0),)),  # type: ignore[arg-type]
    SetPrices((SetPrice((("a",),), 0),)),  # type: ignore[arg-type]
    SetPrices((SetPrice((("a", 1),), None),)),  # type: ignore[arg-type]
    Gifts((GiftUnits("mug", 10**12),)),
    Gifts((GiftUnits("mug", 1, -1),)),
    Gifts((GiftUnits({}),)),  # type: ignore[arg-type]
    Gifts(GiftUnits("mug")),  # type: ignore[arg-type]
    Missed(condition=None),  # type: ignore[arg-type]
    Missed(condition=""),
    Missed(condition="Spend more!"),
    Missed(condition="quantity", expected=1.5),  # type: ignore[arg-type]
    Missed(condition="quantity", expected=object()),  # type: ignore[arg-type]
    Missed(condition="quantity", found={"a": 1}),  # type: ignore[arg-type]
    Missed(condition="quantity", found=("a", 1)),  # type: ignore[arg-type]
    Missed(condition="quantity", found="x" * 501),
    Missed(condition="quantity", found="\ud800"),
    Missed(condition="quantity", found=10**30),
    Missed(condition="quantity", shortfall=-1),
    Missed(condition="quantity", shortfall="2"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("answer", NONSENSE)
def test_a_type_that_answers_nonsense_fails_alone(answer: object) -> None:
    broken = kind("broken", Lane.ITEM, Percent, lambda rule, units, basket: answer)
    cart = price(
        basket(line("a", 100, 2), gifts={"mug": MUG}),
        [promotion("bad", broken, Percent(0)), promotion("good", PERCENT, Percent(1000))],
    )
    assert outcome(cart, "bad") is Outcome.FAILED
    assert traced(cart, "bad").error
    assert cart.totals.discount_minor == 20
    msgspec.json.encode(cart)


@pytest.mark.parametrize("amount", [-1, 1.5, float("nan"), True, "5", None, 10**30])
def test_an_order_discount_that_is_no_amount_fails(amount: Any) -> None:
    broken = kind("broken", Lane.ORDER, Percent, lambda rule, units, basket: Discount(amount))
    cart = price(basket(line("a", 100)), [promotion("bad", broken, Percent(0))])
    assert outcome(cart, "bad") is Outcome.FAILED
    assert cart.totals.total_minor == 100


@pytest.mark.parametrize(
    "ceiling",
    [
        None,
        Ceiling(needs_minor="1"),  # type: ignore[arg-type]
        Ceiling(needs_quantity=1.5),  # type: ignore[arg-type]
        Ceiling(rate_numerator=-1),
        Ceiling(rate_denominator=0),
        Ceiling(rate_denominator=True),
        Ceiling(on_list_prices=None),  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_a_type_whose_ceiling_is_nonsense_fails_alone(ceiling: Any) -> None:
    broken = kind(
        "broken",
        Lane.ORDER,
        Percent,
        lambda rule, units, basket: Discount(30),
        ceiling=lambda rule, units, basket: ceiling,
    )
    cart = price(
        basket(*(line(name, 100) for name in "abc")),
        [
            promotion("bad", broken, Percent(0)),
            promotion("good", THRESHOLD, Threshold(200, 40)),
            promotion("other", THRESHOLD, Threshold(100, 10)),
        ],
    )
    assert outcome(cart, "bad") is Outcome.FAILED
    assert cart.totals.discount_minor == 50


class Unspeakable(Exception):
    """An error that cannot even be told."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (Unspeakable(), "Unspeakable"),
        (SystemExit(3), "SystemExit: 3"),
        (ValueError("\0\ud800"), "ValueError: \ufffd?"),
        (ValueError("x" * 9_000), f"ValueError: {'x' * 488}"),
    ],
)
def test_whatever_a_type_raises_is_told_in_words_that_can_be_stored(
    error: BaseException, message: str
) -> None:
    def raises(rule: Any, units: Any, basket: Any) -> Any:
        raise error

    broken = kind("broken", Lane.ORDER, Percent, raises)
    cart = price(basket(line("a", 100)), [promotion("bad", broken, Percent(0))])
    assert traced(cart, "bad").error == message
    msgspec.json.encode(cart)


def test_a_type_that_raises_fails_alone() -> None:
    broken = kind("broken", Lane.ORDER, Percent, raising)
    cart = price(
        basket(line("a", 100)),
        [promotion("bad", broken, Percent(0)), promotion("good", THRESHOLD, Threshold(0, 7))],
    )
    assert traced(cart, "bad").error == "RuntimeError: a bug"
    assert cart.totals.total_minor == 93


def test_a_type_that_raises_in_the_middle_of_a_search_fails_alone() -> None:
    def moody(rule: Any, units: Any, basket: Any) -> Any:
        if len(units) < 3:
            raise RuntimeError("too few")
        return Discount(30)

    broken = kind("moody", Lane.ORDER, Percent, moody)
    lines = [line(name, 100) for name in "abc"]
    cart = price(
        basket(*lines),
        [
            promotion("bad", broken, Percent(0)),
            promotion("good", THRESHOLD, Threshold(200, 40)),
            promotion("other", THRESHOLD, Threshold(100, 10)),
        ],
    )
    assert outcome(cart, "bad") is Outcome.FAILED
    assert cart.totals.discount_minor == 50
