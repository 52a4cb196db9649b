"""Whether a promotion can be carried out: stock, gifts, limits, orders to handle, delivery."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storeql.db import Connection, Selection, statement
from storeql.errors import BadInput
from storeql.orders.promotion_watch.readiness_checks import Check, CheckStatus, Desk
from storeql.orders.tables import orders
from storeql.promotions import resolvers
from storeql.promotions.lint import Linter
from storeql.promotions.records import StoredPromotion
from storeql.promotions.resolvers import View

DAY = 86_400_000
DAYS_LOOKED_BACK = 28
LONGEST_DAYS = 366
MOST_ORDERS = 1_000_000_000
EVERYTHING = Selection.of_names(
    "name",
    "kind",
    "rule",
    "terms",
    "scope",
    "currency",
    "status",
    "starts_at",
    "ends_at",
    "usage_limit",
    "usage_count",
    "customer_limit",
    "budget",
    "granted",
    "priority",
    "version",
    "gift_stocks",
    "quotas",
    "code_count",
    "campaign_id",
)

_order = orders.c
_PLACED = statement(select(func.count()).where(_order.placed_at >= bindparam("since")))


class Expectation(Struct, frozen=True, kw_only=True):
    """What staff expect: orders over the whole promotion, and orders a warehouse can send a day."""

    orders: int | None = None
    daily_capacity: int | None = None


class Readiness(Struct, frozen=True, kw_only=True):
    """All the checks; `expected_orders` is over the promotion's days, given or estimated."""

    promotion_id: int
    expected_orders: int
    days: int
    checks: Sequence[Check]

    @property
    def is_ready(self) -> bool:
        """True when nothing is in the way."""
        return all(check.status is not CheckStatus.BLOCKING for check in self.checks)


def readiness(
    connection: Connection, promotion_id: int, expectation: Expectation, *, linter: Linter
) -> Readiness | None:
    """How ready a promotion is; None when it is not there. Without an expectation the orders of
    the last 28 days are taken to go on."""
    _check_bounds(expectation)
    view = View(linter.types, linter.now)
    promotion = resolvers.promotion(connection, promotion_id, EVERYTHING, view=view)
    if promotion is None:
        return None
    placed = connection.scalar(_PLACED, since=linter.now - DAYS_LOOKED_BACK * DAY) or 0
    days = _days(promotion, linter.now)
    expected = expectation.orders
    if expected is None:
        expected = -(-placed * days // DAYS_LOOKED_BACK)
    desk = Desk(connection, promotion, linter, expected, days)
    return Readiness(
        promotion_id=promotion_id,
        expected_orders=expected,
        days=days,
        checks=tuple(desk.checks(expectation.daily_capacity)),
    )


def _check_bounds(expectation: Expectation) -> None:
    for number in (expectation.orders, expectation.daily_capacity):
        if number is not None and not 0 <= number <= MOST_ORDERS:
            raise BadInput(f"A number of orders is between 0 and {MOST_ORDERS}.")


def _days(promotion: StoredPromotion, now: int) -> int:
    """The days that are left of it, at least one; 28 when it has no end."""
    if promotion.ends_at is None:
        return DAYS_LOOKED_BACK
    starts = max(now, promotion.starts_at or now)
    return max(1, min(LONGEST_DAYS, -(-(promotion.ends_at - starts) // DAY)))
