"""The happy hour's own rules: which minutes count, what it takes off, what it tells the buyer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
import storeql_happy_hour
from storeql_happy_hour import HAPPY_HOUR, HappyHourRule

from storeql.hooks import load_hooks
from storeql.pricing import Basket, Outcome, PricedCart, price
from storeql.testing import PromotionConformance, a_basket, a_line, a_promotion, a_shop

SHANGHAI = ZoneInfo("Asia/Shanghai")
AFTER_WORK = HappyHourRule(percent_off_basis_points=2000)
LATE = HappyHourRule(
    percent_off_basis_points=1250, weekdays=("FRIDAY", "SATURDAY"), starts="22:00", ends="02:00"
)


class TestHappyHour(PromotionConformance):
    type = HAPPY_HOUR
    rules = (AFTER_WORK, LATE, HappyHourRule(percent_off_basis_points=1, ends="16:59"))


def at(day: int, time: str) -> Basket:
    """A basket of 2 × 29.90 and 1 × 0.99 in November 2026, where the 2nd is a Monday."""
    hours, minutes = map(int, time.split(":"))
    instant = datetime(2026, 11, day, hours, minutes, tzinfo=SHANGHAI)
    return a_basket(a_line(29_90, 2), a_line(99), at=instant)


def priced(basket: Basket, rule: HappyHourRule = AFTER_WORK) -> PricedCart:
    return price(basket, [a_promotion(HAPPY_HOUR, rule, name="Happy hour")])


def test_a_fifth_comes_off_each_piece_rounded_per_piece() -> None:
    cart = priced(at(2, "17:30"))
    # 29.90 × 0.8 = 23.92, twice; 0.99 × 0.8 = 0.792, rounded to 0.79
    assert [line.net_minor for line in cart.lines] == [47_84, 79]
    assert cart.totals.total_minor == 48_63


@pytest.mark.parametrize(
    ("day", "time", "total"),
    [
        (2, "16:59", 60_79),
        (2, "17:00", 48_63),
        (2, "18:59", 48_63),
        (2, "19:00", 60_79),
        (7, "17:30", 60_79),  # a Saturday
    ],
)
def test_hour_is_half_open_and_keeps_to_its_weekdays(day: int, time: str, total: int) -> None:
    assert priced(at(day, time)).totals.total_minor == total


@pytest.mark.parametrize(
    ("day", "time", "applies"),
    [
        (6, "21:59", False),  # Friday evening
        (6, "22:00", True),
        (7, "01:59", True),  # still Friday's
        (7, "02:00", False),
        (8, "01:00", True),  # Saturday's, on Sunday morning
        (8, "22:30", False),  # Sunday has none
        (6, "01:00", False),  # Thursday had none
    ],
)
def test_early_hours_belong_to_the_evening_before(day: int, time: str, applies: bool) -> None:
    outcome = priced(at(day, time), LATE).trace[0].outcome
    assert outcome is (Outcome.APPLIED if applies else Outcome.MISSED)


def test_clock_is_the_shops_and_not_the_servers() -> None:
    in_utc = datetime(2026, 11, 2, 9, 30, tzinfo=ZoneInfo("UTC"))
    in_shop = in_utc.astimezone(SHANGHAI)  # 17:30
    assert priced(a_basket(a_line(100_00), at=in_shop)).totals.total_minor == 80_00
    assert priced(a_basket(a_line(100_00), at=in_utc)).totals.total_minor == 100_00


@pytest.mark.parametrize(
    ("day", "time", "minutes"),
    [(2, "16:48", 12), (2, "19:00", 22 * 60), (6, "19:00", 70 * 60), (8, "17:00", 24 * 60)],
)
def test_trace_tells_how_long_to_wait(day: int, time: str, minutes: int) -> None:
    entry = priced(at(day, time)).trace[0]
    assert (entry.condition, entry.shortfall) == ("minutes_until_happy_hour", minutes)


def test_buyer_is_told_within_the_hour_before_it_starts() -> None:
    hooks = load_hooks(disabled=["happy-hour"], extra_plugins=[storeql_happy_hour])

    def told(time: str) -> list[tuple[str, str, str]]:
        basket = at(2, time)
        verdicts = hooks.cart_priced(basket, priced(basket))
        return [(one.code, one.message.en, one.message.zh) for one in verdicts]

    assert told("15:59") == []
    assert told("16:48") == [
        ("HAPPY_HOUR_SOON", "Happy hour starts in 12 min.", "Happy hour将在12分钟后开始。")
    ]
    assert told("17:00") == []


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"starts": "5pm"}, "A time is written like 17:30"),
        ({"starts": "24:00"}, "A time is written like 17:30"),
        ({"starts": "17:00", "ends": "17:00"}, "ends at another time"),
        ({"weekdays": ["FUNDAY"]}, "Invalid enum value 'FUNDAY'"),
        ({"weekdays": []}, "length >= 1"),
        ({"percent_off_basis_points": 10_001}, "<= 10000"),
    ],
)
def test_impossible_rule_is_refused(rule: dict[str, Any], reason: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=reason):
        msgspec.convert({"percent_off_basis_points": 2000, **rule}, HappyHourRule)


CART = """
    mutation ($input: CartCreateInput!) {
      cartCreate(input: $input) {
        cart {
          price {
            total { amount }
            trace { kind outcome shortfall }
            annotations { code plugin message { en } }
          }
        }
        userErrors { message }
      }
    }"""


def test_cart_of_a_shop_costs_less_while_the_hour_lasts(tmp_path: Path) -> None:
    monday = datetime(2026, 11, 2, 16, 48, tzinfo=SHANGHAI)
    with a_shop(tmp_path, at=monday) as shop:
        tea = shop.sell("Green tea", price_minor=29_90)
        shop.promote("After work", {"happyHour": {"percentOff": "20", "weekdays": ["MONDAY"]}})
        cart = {"input": {"lines": [{"variantId": tea.variant_id, "quantity": 2}]}}
        before = shop.graphql(CART, cart)["cartCreate"]["cart"]["price"]
        shop.at = monday.replace(hour=17, minute=30)
        during = shop.graphql(CART, cart)["cartCreate"]["cart"]["price"]

    assert before == {
        "total": {"amount": "59.80"},
        "trace": [{"kind": "HAPPY_HOUR", "outcome": "MISSED", "shortfall": 12}],
        "annotations": [
            {
                "code": "HAPPY_HOUR_SOON",
                "plugin": "happy-hour",
                "message": {"en": "After work starts in 12 min."},
            }
        ],
    }
    assert during["total"] == {"amount": "47.84"}
    assert (during["trace"][0]["outcome"], during["annotations"]) == ("APPLIED", [])
