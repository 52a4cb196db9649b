"""What a running promotion asks somebody to look at: limits that run out, kinds that fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from storeql.pricing import Outcome, Text
from storeql.promotions.lint import Severity
from storeql.promotions.records import Status, StoredPromotion

HOUR = 3_600_000
DAY = 24 * HOUR
FEWEST_ORDERS = 10
"""Recent orders from which on it is odd that a promotion never applies."""
NEARLY_PERCENT = 90


class Entry(Struct, frozen=True):
    """What became of a promotion in one order."""

    promotion_id: str
    outcome: Outcome
    condition: str | None = None


class Figures(Struct, frozen=True, kw_only=True):
    """What orders in one currency did with a promotion; amounts in minor units.

    `orders` hold it now, `given_back` did once. `revenue_minor` is what its orders cost in all.
    The recent ones are those of the last 24 hours, or since it began.
    """

    currency: str
    orders: int
    given_back: int
    revenue_minor: int
    discount_minor: int
    recent_orders: int
    recent_discount_minor: int


class OutcomeCount(Struct, frozen=True):
    """In how many of the recent orders this became of the promotion."""

    outcome: Outcome
    orders: int


class Alert(Struct, frozen=True):
    """Something that somebody should do something about. BLOCKING: it does not work any more."""

    code: str
    severity: Severity
    message: Text


class Monitor(Struct, frozen=True, kw_only=True):
    """A promotion at work. `hours` is how long the recent orders reach back."""

    promotion: StoredPromotion
    at: int
    hours_hundredths: int
    figures: Sequence[Figures]
    recent_orders: int
    outcomes: Sequence[OutcomeCount]
    alerts: Sequence[Alert]
    campaign_budget_minor: int | None = None
    campaign_left_minor: int | None = None

    @property
    def uses_left(self) -> int | None:
        """Orders that are left of its limit."""
        limit = self.promotion.usage_limit
        return None if limit is None else limit - self.promotion.usage_count

    @property
    def budget_left_minor(self) -> int | None:
        """Money that is left of its budget."""
        budget = self.promotion.budget_minor
        return None if budget is None else budget - self.promotion.granted_minor


def alerts_of(found: Monitor, entries: Sequence[Entry | None]) -> Iterator[Alert]:
    """What to do something about; `entries` has one per recent order, None for no candidate."""
    promotion = found.promotion
    if promotion.status is Status.ACTIVE and promotion.rule is None:
        yield _blocking(
            "PLUGIN_GONE",
            "Its plugin is gone, or does not take its rule any more: it does not apply.",
            "活动类型的插件缺失或不再接受其规则，活动未生效。",
        )
    yield from _running_out(found)
    if promotion.status is Status.ACTIVE:
        yield from _at_work(found, entries)


def _at_work(found: Monitor, entries: Sequence[Entry | None]) -> Iterator[Alert]:
    counts = {one.outcome: one.orders for one in found.outcomes}
    failed = counts.get(Outcome.FAILED, 0)
    if failed:
        yield _blocking(
            "KIND_FAILS",
            f"Its plugin failed in {failed} of the last {len(entries)} orders.",
            f"最近 {len(entries)} 单中有 {failed} 单插件计算失败。",
        )
    applied = counts.get(Outcome.APPLIED, 0) + counts.get(Outcome.CLAMPED, 0)
    if len(entries) >= FEWEST_ORDERS and not applied:
        english, chinese = _main_reason(entries)
        yield _warning(
            "NOT_APPLYING",
            f"It applied to none of the last {len(entries)} orders: {english}.",
            f"最近 {len(entries)} 单均未享受该活动：{chinese}。",
        )


def _main_reason(entries: Sequence[Entry | None]) -> tuple[str, str]:
    """What kept it from most of the orders."""
    reasons = Counter(
        None if entry is None else (entry.outcome.value, entry.condition) for entry in entries
    )
    [(reason, _)] = reasons.most_common(1)
    if reason is None:
        return "nothing in them is in its scope", "订单中没有参与活动的商品"
    told = " ".join(part for part in reason if part)
    return f"mostly {told}", f"主要原因 {told}"


def _running_out(found: Monitor) -> Iterator[Alert]:
    """Limits that are used up, nearly so, or will be before it ends at the pace of today."""
    for code, (left, whole, pace) in _limits(found).items():
        if left <= 0:
            yield _blocking(f"{code}_USED_UP", *WORDS[code][0])
            continue
        until = _lasts_until(found, left, pace)
        if until is not None and _before_end(found, until):
            hours = (until - found.at) // HOUR
            english, chinese = WORDS[code][1]
            yield _warning(
                f"{code}_RUNS_OUT", english.format(hours=hours), chinese.format(hours=hours)
            )
        elif (whole - left) * 100 >= whole * NEARLY_PERCENT:
            yield _warning(f"{code}_NEARLY_USED_UP", *WORDS[code][2])


def _limits(found: Monitor) -> Mapping[str, tuple[int, int, int]]:
    """What is left, the whole, and what the recent orders took, by limit.

    Of gifts and quotas the one that is nearest its end is told; their pace is that of orders.
    """
    promotion = found.promotion
    orders = sum(one.recent_orders for one in found.figures)
    spent = sum(
        one.recent_discount_minor for one in found.figures if one.currency == promotion.currency
    )
    limits: dict[str, tuple[int, int, int]] = {}
    if found.budget_left_minor is not None and promotion.budget_minor:
        limits["BUDGET"] = (found.budget_left_minor, promotion.budget_minor, spent)
    if found.campaign_left_minor is not None and found.campaign_budget_minor:
        limits["CAMPAIGN"] = (found.campaign_left_minor, found.campaign_budget_minor, spent)
    if found.uses_left is not None and promotion.usage_limit:
        limits["USES"] = (found.uses_left, promotion.usage_limit, orders)
    for code, stocks in (("GIFTS", promotion.gift_stocks), ("QUOTA", promotion.quotas)):
        counts = [(one.quantity - one.used, one.quantity) for one in stocks if one.quantity]
        if counts:
            left, whole = min(counts, key=lambda count: count[0] * 1_000_000 // count[1])
            limits[code] = (left, whole, 0)
    return limits


def _lasts_until(found: Monitor, left: int, pace: int) -> int | None:
    """The instant at which nothing is left at this pace; None without one."""
    if not pace:
        return None
    return found.at + left * found.hours_hundredths * HOUR // (pace * 100)


def _before_end(found: Monitor, until: int) -> bool:
    ends_at = found.promotion.ends_at
    return until < (found.at + DAY if ends_at is None else ends_at)


Words = tuple[str, str]
WORDS: Mapping[str, tuple[Words, Words, Words]] = {
    "BUDGET": (
        ("Its budget is used up.", "预算已用完。"),
        (
            "At today's pace its budget is gone in {hours} hours, before it ends.",
            "按当前速度，预算将在 {hours} 小时内用完，早于活动结束。",
        ),
        ("Nearly all of its budget is used.", "预算即将用完。"),
    ),
    "CAMPAIGN": (
        ("The budget of its campaign is used up.", "所属营销活动的预算已用完。"),
        (
            "At its pace of today the budget of its campaign is gone in {hours} hours.",
            "按当前速度，所属营销活动的预算将在 {hours} 小时内用完。",
        ),
        ("Nearly all of its campaign's budget is used.", "所属营销活动的预算即将用完。"),
    ),
    "USES": (
        ("Its uses are used up.", "使用次数已用完。"),
        (
            "At today's pace its uses are gone in {hours} hours, before it ends.",
            "按当前速度，使用次数将在 {hours} 小时内用完，早于活动结束。",
        ),
        ("Nearly all of its uses are gone.", "使用次数即将用完。"),
    ),
    "GIFTS": (
        ("A gift is gone.", "有赠品已赠完。"),
        ("A gift is gone in {hours} hours.", "有赠品将在 {hours} 小时内赠完。"),
        ("A gift is nearly gone.", "有赠品即将赠完。"),
    ),
    "QUOTA": (
        ("A variant is sold out at its price.", "有规格的活动限量已售罄。"),
        (
            "A variant is sold out at its price in {hours} hours.",
            "有规格的活动限量将在 {hours} 小时内售罄。",
        ),
        ("A variant is nearly sold out at its price.", "有规格的活动限量即将售罄。"),
    ),
}


def _blocking(code: str, english: str, chinese: str) -> Alert:
    return Alert(code, Severity.BLOCKING, Text(english, chinese))


def _warning(code: str, english: str, chinese: str) -> Alert:
    return Alert(code, Severity.WARNING, Text(english, chinese))
