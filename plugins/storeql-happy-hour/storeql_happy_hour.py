"""A weekday happy hour (限时折扣) for storeql: a percentage off between two times of the day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Struct

from storeql.hooks import Annotation, Verdict, hookimpl
from storeql.pricing import (
    BASIS_POINTS,
    Basket,
    Lane,
    Missed,
    Outcome,
    PricedCart,
    PromotionType,
    Proposal,
    Text,
    Texts,
    TraceEntry,
    UnitPrice,
    UnitPrices,
    Units,
    round_half_up,
)
from storeql.promotions import entries, percent, text

Weekday = Literal["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
WEEKDAYS: tuple[Weekday, ...] = (
    "MONDAY",
    "TUESDAY",
    "WEDNESDAY",
    "THURSDAY",
    "FRIDAY",
    "SATURDAY",
    "SUNDAY",
)
TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
DAY = 24 * 60
SOON = 60
"""A happy hour that starts in so many minutes is worth telling the buyer about."""


class HappyHourRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A percentage off on these weekdays from `starts` until just before `ends`.

    Both are times on the shop's own clock. A happy hour that ends before it starts runs over
    midnight, and its early hours belong to the weekday on which it began.
    """

    percent_off_basis_points: Annotated[int, percent("Percent off", "优惠比例（%）")]
    weekdays: Annotated[tuple[Weekday, ...], entries("Weekdays", "星期", most=7)] = WEEKDAYS[:5]
    starts: Annotated[str, text("From", "开始时间", most=5)] = "17:00"
    ends: Annotated[str, text("Until", "结束时间", most=5)] = "19:00"

    def __post_init__(self) -> None:
        if not all(TIME.fullmatch(time) for time in (self.starts, self.ends)):
            raise ValueError("A time is written like 17:30")
        if self.starts == self.ends:
            raise ValueError("A happy hour ends at another time than it starts")


def propose(rule: HappyHourRule, units: Units, basket: Basket) -> Proposal | Missed:
    """Each unit at its price less the percentage, rounded half up, while the hour lasts."""
    wait = minutes_until(rule, basket.at)
    if wait:
        return Missed(condition="minutes_until_happy_hour", expected=0, found=wait, shortfall=wait)
    kept = BASIS_POINTS - rule.percent_off_basis_points
    return UnitPrices(
        tuple(
            UnitPrice(
                entry.line.id, entry.quantity, round_half_up(entry.unit_minor * kept, BASIS_POINTS)
            )
            for entry in units
        )
    )


def minutes_until(rule: HappyHourRule, at: datetime) -> int:
    """Minutes on the clock until the happy hour starts; 0 while it lasts."""
    now, starts, ends = at.hour * 60 + at.minute, _minute(rule.starts), _minute(rule.ends)
    length = (ends - starts) % DAY
    chosen = [
        day * DAY + starts
        for day in range(-1, 8)
        if WEEKDAYS[(at.weekday() + day) % 7] in rule.weekdays
    ]
    if any(start <= now < start + length for start in chosen):
        return 0
    return min(start - now for start in chosen if start > now)


def _minute(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


HAPPY_HOUR = PromotionType(
    key="HAPPY_HOUR",
    lane=Lane.ITEM,
    Rule=HappyHourRule,
    propose=propose,
    per_unit=True,
    texts=Texts(
        title=Text("Happy hour", "限时折扣"),
        what=Text(
            "A percentage off at certain hours of certain weekdays.",
            "在每周固定日子的固定时段内按比例降价。",
        ),
        when=Text(
            "To bring buyers into quiet hours: weekday evenings, late nights, lunch breaks.",
            "适合在客流较少的时段引流：工作日傍晚、深夜、午休等。",
        ),
        how=Text(
            "Enter the percentage, the weekdays, and two times such as 17:00 and 19:00 on the "
            "shop's clock. From 22:00 until 02:00 runs over midnight.",
            "填写优惠比例、星期和起止时间（店铺当地时间，如 17:00 至 19:00）；"
            "22:00 至 02:00 表示跨夜。",
        ),
    ),
)


@hookimpl
def storeql_promotion_types() -> list[PromotionType[Any]]:
    """This kind."""
    return [HAPPY_HOUR]


@hookimpl
def storeql_cart_priced(basket: Basket, priced: PricedCart) -> Sequence[Verdict]:
    """Tells the buyer of a happy hour that is about to start."""
    return [_soon(entry) for entry in priced.trace if _starts_soon(entry)]


def _starts_soon(entry: TraceEntry) -> bool:
    missed = entry.kind == HAPPY_HOUR.key and entry.outcome is Outcome.MISSED
    return missed and entry.shortfall is not None and entry.shortfall <= SOON


def _soon(entry: TraceEntry) -> Annotation:
    return Annotation(
        code="HAPPY_HOUR_SOON",
        message=Text(
            f"{entry.name} starts in {entry.shortfall} min.",
            f"{entry.name}将在{entry.shortfall}分钟后开始。",
        ),
    )
