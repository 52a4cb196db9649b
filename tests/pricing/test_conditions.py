"""The conditions that every kind has in common, and what the trace says when one fails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from storeql.pricing import (
    Buyer,
    Conditions,
    Delivery,
    EnteredCode,
    Outcome,
    Promotion,
    Scope,
    Selection,
    Window,
    price,
)
from tests.pricing.builders import NOON, basket, line, outcome, promotion, traced
from tests.pricing.sample_kinds import PERCENT, Percent

SHANGHAI = timezone(timedelta(hours=8))


def ten_percent(**more: Any) -> Promotion:
    return promotion("p", PERCENT, Percent(1000), **more)


@pytest.mark.parametrize(
    ("conditions", "met", "unmet", "condition"),
    [
        (Conditions(channels=("web",)), {}, {"channel": "pos"}, "channel"),
        (
            Conditions(group_ids=("staff", "vip")),
            {"buyer": Buyer(group_ids=("vip",))},
            {"buyer": Buyer(group_ids=("new",))},
            "buyer_group",
        ),
        (Conditions(tiers=("gold",)), {"buyer": Buyer(tier="gold")}, {}, "buyer_tier"),
        (Conditions(first_order_only=True), {"buyer": Buyer(first_order=True)}, {}, "first_order"),
        (
            Conditions(countries=("CN",)),
            {"delivery": Delivery(method="post", price_minor=0, country="CN")},
            {"delivery": Delivery(method="post", price_minor=0, country="JP")},
            "country",
        ),
        (
            Conditions(regions=("44",)),
            {"delivery": Delivery(method="post", price_minor=0, region="44")},
            {},
            "region",
        ),
        (
            Conditions(delivery_methods=("express",)),
            {"delivery": Delivery(method="express", price_minor=0)},
            {"delivery": Delivery(method="post", price_minor=0)},
            "delivery_method",
        ),
        (Conditions(payment_methods=("card",)), {"payment_method": "card"}, {}, "payment_method"),
    ],
)
def test_a_condition_on_the_cart(
    conditions: Conditions, met: dict[str, Any], unmet: dict[str, Any], condition: str
) -> None:
    one = ten_percent(conditions=conditions)
    assert outcome(price(basket(line("a", 100), **met), [one]), "p") is Outcome.APPLIED
    missed = price(basket(line("a", 100), **unmet), [one])
    assert outcome(missed, "p") is Outcome.MISSED
    assert traced(missed, "p").condition == condition
    assert missed.totals.discount_minor == 0


@pytest.mark.parametrize(
    ("conditions", "expected", "found"),
    [
        (Conditions(channels=("app", "pos")), ("app", "pos"), "web"),
        (Conditions(group_ids=("1", "2")), ("1", "2"), ("3",)),
        (Conditions(tiers=("gold",)), ("gold",), "silver"),
        (Conditions(first_order_only=True), "first order", "not the first order"),
        (Conditions(countries=("SG",)), ("SG",), "CN"),
        (Conditions(regions=("31",)), ("31",), "44"),
        (Conditions(delivery_methods=("express",)), ("express",), "post"),
        (Conditions(payment_methods=("card",)), ("card",), None),
    ],
)
def test_a_missed_condition_tells_what_it_asks_for_and_what_the_cart_has(
    conditions: Conditions, expected: object, found: object
) -> None:
    cart = basket(
        line("a", 100),
        buyer=Buyer(group_ids=("3",), tier="silver"),
        delivery=Delivery(method="post", price_minor=0, country="CN", region="44"),
    )
    missed = traced(price(cart, [ten_percent(conditions=conditions)]), "p")
    assert (missed.expected, missed.found) == (expected, found)


def test_a_minimum_quantity_counts_the_units_in_scope() -> None:
    one = ten_percent(conditions=Conditions(minimum_quantity=3), on=["a"])
    short = traced(price(basket(line("a", 100, 2), line("b", 100, 5)), [one]), "p")
    assert (short.condition, short.expected, short.found, short.shortfall) == ("quantity", 3, 2, 1)
    assert outcome(price(basket(line("a", 100, 3)), [one]), "p") is Outcome.APPLIED


@pytest.mark.parametrize(
    ("window", "at", "runs"),
    [
        (Window(starts_at=NOON), NOON, True),
        (Window(starts_at=NOON), NOON - timedelta(microseconds=1), False),
        (Window(ends_at=NOON), NOON, False),
        (Window(ends_at=NOON), NOON - timedelta(microseconds=1), True),
        (Window(weekdays=(1,)), datetime(2026, 6, 1, 9, tzinfo=UTC), True),
        (Window(weekdays=(2, 3)), datetime(2026, 6, 1, 9, tzinfo=UTC), False),
        (Window(from_minute=600, until_minute=660), datetime(2026, 6, 1, 10, tzinfo=UTC), True),
        (Window(from_minute=600, until_minute=660), datetime(2026, 6, 1, 11, tzinfo=UTC), False),
        (Window(from_minute=1320, until_minute=120), datetime(2026, 6, 1, 23, tzinfo=UTC), True),
        (Window(from_minute=1320, until_minute=120), datetime(2026, 6, 1, 1, tzinfo=UTC), True),
        (Window(from_minute=1320, until_minute=120), datetime(2026, 6, 1, 2, tzinfo=UTC), False),
        (
            Window(weekdays=(1,), from_minute=1320, until_minute=120),
            datetime(2026, 6, 2, 1, tzinfo=UTC),
            True,
        ),
        (
            Window(weekdays=(1,), from_minute=1320, until_minute=120),
            datetime(2026, 6, 1, 1, tzinfo=UTC),
            False,
        ),
        (
            Window(from_minute=540, until_minute=600),
            datetime(2026, 6, 1, 9, 30, tzinfo=SHANGHAI),
            True,
        ),
    ],
)
def test_windows_are_half_open_and_told_by_the_shops_clock(
    window: Window, at: datetime, runs: bool
) -> None:
    one = ten_percent(conditions=Conditions(window=window))
    expected = Outcome.APPLIED if runs else Outcome.MISSED
    assert outcome(price(basket(line("a", 100), at=at), [one]), "p") is expected


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "runs"),
    [
        # On 29 March 2026 Berlin's clock goes from 02:00 to 03:00: there is no half past two.
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), False),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), False),
        # On 25 October it goes from 03:00 back to 02:00: half past two comes twice.
        (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), False),
    ],
)
def test_hours_are_the_wall_clocks_when_it_is_put_forward_or_back(at: datetime, runs: bool) -> None:
    one = ten_percent(conditions=Conditions(window=Window(from_minute=120, until_minute=180)))
    expected = Outcome.APPLIED if runs else Outcome.MISSED
    assert outcome(price(basket(line("a", 100), at=at.astimezone(BERLIN)), [one]), "p") is expected


def test_the_ends_of_a_window_are_instants_whatever_the_clock_shows() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(BERLIN)
    again = datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(BERLIN)
    assert first.replace(fold=0) == again.replace(fold=0)
    ends = Window(ends_at=datetime(2026, 10, 25, 1, tzinfo=UTC))
    one = ten_percent(conditions=Conditions(window=ends))
    assert outcome(price(basket(line("a", 100), at=first), [one]), "p") is Outcome.APPLIED
    assert outcome(price(basket(line("a", 100), at=again), [one]), "p") is Outcome.MISSED


def test_a_window_that_is_missed_tells_its_ends_days_and_hours() -> None:
    window = Window(
        starts_at=NOON - timedelta(days=1),
        ends_at=NOON + timedelta(days=1),
        weekdays=(6, 7),
        from_minute=1320,
        until_minute=90,
    )
    missed = traced(
        price(basket(line("a", 100)), [ten_percent(conditions=Conditions(window=window))]), "p"
    )
    assert missed.condition == "window"
    assert missed.found == "2026-06-01T12:00:00+00:00"
    assert missed.expected == (
        "from 2026-05-31T12:00:00+00:00",
        "until 2026-06-02T12:00:00+00:00",
        "weekdays 6 7",
        "hours 22:00-01:30",
    )


def test_a_promotion_in_another_currency_is_missed() -> None:
    cart = price(basket(line("a", 100)), [ten_percent(currency="JPY")])
    missed = traced(cart, "p")
    assert (missed.condition, missed.expected, missed.found) == ("currency", "JPY", "CNY")


@pytest.mark.parametrize(
    ("include", "exclude", "held"),
    [
        (Selection(), Selection(), True),
        (Selection(product_ids=frozenset({"product-a"})), Selection(), True),
        (Selection(category_ids=frozenset({"shoes"})), Selection(), True),
        (Selection(collection_ids=frozenset({"summer"})), Selection(), True),
        (Selection(tag_ids=frozenset({"red"})), Selection(), True),
        (Selection(tag_ids=frozenset({"blue"})), Selection(), False),
        (Selection(), Selection(tag_ids=frozenset({"red"})), False),
        (
            Selection(category_ids=frozenset({"shoes"})),
            Selection(variant_ids=frozenset({"variant-a"})),
            False,
        ),
        (
            Selection(tag_ids=frozenset({"blue"}), category_ids=frozenset({"all"})),
            Selection(),
            True,
        ),
    ],
)
def test_a_scope_holds_what_it_includes_and_does_not_exclude(
    include: Selection, exclude: Selection, held: bool
) -> None:
    shoe = line(
        "a", 100, category_ids=("shoes", "all"), collection_ids=("summer",), tag_ids=("red",)
    )
    scope = Scope(include=include, exclude=exclude)
    assert scope.holds(shoe) is held
    cart = price(basket(shoe), [ten_percent(scope=scope)])
    assert bool(cart.trace) is held


def test_a_promotion_outside_the_cart_is_no_candidate() -> None:
    assert price(basket(line("a", 100)), [ten_percent(on=["z"])]).trace == ()


def test_a_code_makes_a_candidate_and_without_one_there_is_no_trace() -> None:
    coded = ten_percent(needs_code=True)
    assert price(basket(line("a", 100)), [coded]).trace == ()
    entered = (EnteredCode(code="TEN", promotion_id="p"),)
    cart = price(basket(line("a", 100), codes=entered), [coded])
    assert outcome(cart, "p") is Outcome.APPLIED
    assert cart.unmatched_codes == ()


def test_a_code_for_nothing_in_the_cart_says_so() -> None:
    entered = (EnteredCode(code="TEN", promotion_id="p"), EnteredCode(code="NO"))
    coded = ten_percent(needs_code=True, on=["z"])
    cart = price(basket(line("a", 100), codes=entered), [coded])
    assert traced(cart, "p").condition == "scope"
    assert cart.unmatched_codes == ("NO",)


def test_what_is_no_candidate_is_not_in_the_way_of_the_next() -> None:
    coded = ten_percent(needs_code=True)
    elsewhere = promotion("q", PERCENT, Percent(1000), on=["z"])
    last = promotion("r", PERCENT, Percent(500))
    cart = price(basket(line("a", 100)), [coded, elsewhere, last])
    assert [(entry.promotion_id, entry.amount_minor) for entry in cart.trace] == [("r", 5)]
