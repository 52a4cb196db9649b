"""Whether a candidate may be asked at all: the common conditions, then what is left of limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from storeql.pricing.basket import Basket, EnteredCode
from storeql.pricing.campaigns import CONDITION
from storeql.pricing.conditions import Conditions, Window
from storeql.pricing.matching import LineMasks
from storeql.pricing.promotion import Promotion
from storeql.pricing.proposal import Missed

MINUTES_PER_DAY = 1440


def unmet(promotion: Promotion, basket: Basket, mask: int, masks: LineMasks) -> Missed | None:
    """The first common condition that does not hold; `mask` is the lines in scope."""
    if promotion.currency is not None and promotion.currency != basket.currency:
        return Missed(condition="currency", expected=promotion.currency, found=basket.currency)
    if not mask:
        return Missed(condition="scope", expected=1, found=0, shortfall=1)
    if promotion.needs_code and (missed := unfit(promotion, basket)):
        return missed
    conditions = promotion.conditions
    for name in conditions.asked:
        if name == "minimum_quantity":
            return _too_few(conditions.minimum_quantity, masks.quantity(mask))
        missed = CHECKS[name](conditions, basket)
        if missed is not None:
            return missed
    return None


def _too_few(least: int, found: int) -> Missed | None:
    if found >= least:
        return None
    return Missed(condition="quantity", expected=least, found=found, shortfall=least - found)


def exhausted(promotion: Promotion, basket: Basket) -> Missed | None:
    """The first limit of which nothing is left: code, uses, uses by this customer, budgets."""
    if promotion.needs_code and not usable_codes(promotion, basket):
        return Missed(condition="code_uses", expected=1, found=0, shortfall=1)
    left = basket.remaining.get(promotion.id)
    if left is None:
        return None
    for condition, count in (
        ("uses", left.uses),
        ("customer_uses", left.customer_uses),
        ("budget_minor", left.budget_minor),
        (CONDITION, left.campaign_minor),
    ):
        if count is not None and count <= 0:
            return Missed(condition=condition, expected=1, found=count, shortfall=1 - count)
    return None


def entered_codes(promotion: Promotion, basket: Basket) -> list[EnteredCode]:
    """The entered codes that belong to the promotion, in the order they were entered."""
    return [code for code in basket.codes if code.promotion_id == promotion.id]


def usable_codes(promotion: Promotion, basket: Basket) -> list[EnteredCode]:
    """The entered codes of the promotion that have a use left and can be used now."""
    return [code for code in entered_codes(promotion, basket) if is_usable(code, basket)]


def is_usable(code: EnteredCode, basket: Basket) -> bool:
    """True while the code has a use left, holds at the basket's instant, and is claimed."""
    return (code.uses is None or code.uses > 0) and unfitness(code, basket) is None


def unfit(promotion: Promotion, basket: Basket) -> Missed | None:
    """Why none of the promotion's codes can be used now; None as soon as one can."""
    reasons = [unfitness(code, basket) for code in entered_codes(promotion, basket)]
    return None if None in reasons else next(iter(reasons), None)


def unfitness(code: EnteredCode, basket: Basket) -> Missed | None:
    """A code whose time is over, or has not come yet, or that somebody has to claim first."""
    starts_at, ends_at, at = code.starts_at, code.ends_at, basket.at
    if ends_at is not None and at >= ends_at:
        over = f"until {ends_at.isoformat()}"
        return Missed(condition="code_expired", expected=over, found=at.isoformat())
    if starts_at is not None and at < starts_at:
        later = f"from {starts_at.isoformat()}"
        return Missed(condition="code_not_yet_valid", expected=later, found=at.isoformat())
    if code.is_unclaimed:
        return Missed(condition="code_unclaimed", expected="claimed", found="not claimed")
    return None


def in_window(window: Window, at: datetime) -> bool:
    """True if an instant told in the shop's zone lies in the window; bounds are half-open."""
    if window.starts_at is not None and at < window.starts_at:
        return False
    if window.ends_at is not None and at >= window.ends_at:
        return False
    start, until = window.from_minute, window.until_minute
    if not start and until == MINUTES_PER_DAY and not window.weekdays:
        return True
    minute, weekday = at.hour * 60 + at.minute, at.isoweekday()
    if start > until:  # over midnight: the early hours count as the evening before
        if minute < until:
            weekday = weekday - 1 or 7
        elif minute < start:
            return False
    elif not start <= minute < until:
        return False
    return not window.weekdays or weekday in window.weekdays


def _window(conditions: Conditions, basket: Basket) -> Missed | None:
    window = conditions.window
    if in_window(window, basket.at):
        return None
    return Missed(condition="window", expected=_hours(window), found=basket.at.isoformat())


def _hours(window: Window) -> tuple[str, ...]:
    """When it runs: its ends, the days of the week, the hours by the shop's clock."""
    told = [
        f"{name} {bound.isoformat()}"
        for name, bound in (("from", window.starts_at), ("until", window.ends_at))
        if bound is not None
    ]
    if window.weekdays:
        told.append("weekdays " + " ".join(str(day) for day in window.weekdays))
    if (window.from_minute, window.until_minute) != (0, MINUTES_PER_DAY):
        told.append(f"hours {_clock(window.from_minute)}-{_clock(window.until_minute)}")
    return tuple(told)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _first_order(conditions: Conditions, basket: Basket) -> Missed | None:
    if conditions.first_order_only and not basket.buyer.first_order:
        return Missed(condition="first_order", expected="first order", found="not the first order")
    return None


def _groups(conditions: Conditions, basket: Basket) -> Missed | None:
    wanted, own = conditions.group_ids, basket.buyer.group_ids
    if wanted and not set(wanted).intersection(own):
        return Missed(condition="buyer_group", expected=wanted, found=own)
    return None


def _one_of(
    condition: str,
    wanted: Callable[[Conditions], Iterable[str]],
    found: Callable[[Basket], str | None],
) -> Callable[[Conditions, Basket], Missed | None]:
    def check(conditions: Conditions, basket: Basket) -> Missed | None:
        names = tuple(wanted(conditions))
        if names and found(basket) not in names:
            return Missed(condition=condition, expected=names, found=found(basket))
        return None

    return check


CHECKS: Mapping[str, Callable[[Conditions, Basket], Missed | None]] = {
    "channels": _one_of("channel", lambda c: c.channels, lambda b: b.channel),
    "window": _window,
    "group_ids": _groups,
    "tiers": _one_of("buyer_tier", lambda c: c.tiers, lambda b: b.buyer.tier),
    "first_order_only": _first_order,
    "countries": _one_of(
        "country", lambda c: c.countries, lambda b: b.delivery.country if b.delivery else None
    ),
    "regions": _one_of(
        "region", lambda c: c.regions, lambda b: b.delivery.region if b.delivery else None
    ),
    "delivery_methods": _one_of(
        "delivery_method",
        lambda c: c.delivery_methods,
        lambda b: b.delivery.method if b.delivery else None,
    ),
    "payment_methods": _one_of(
        "payment_method", lambda c: c.payment_methods, lambda b: b.payment_method
    ),
}
