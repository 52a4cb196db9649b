"""What is left of the limits of a basket's candidates, read in one statement however many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import and_, bindparam, func, literal, null, select, union_all

from storeql.db import Connection, any_of, statement
from storeql.pricing import Line, Remaining
from storeql.promotions.floors.guard import (
    ABOUT_LINES,
    RULE_COLUMNS,
    RULES,
    floor_params,
    floors_of,
    rule_of_row,
)
from storeql.promotions.tables import (
    campaigns,
    customer_usages,
    gift_stocks,
    promotions,
    variant_quotas,
)

NOBODY = 0
LIMITS, GIFTS, QUOTAS, FLOORS = 1, 2, 3, 4

_promotion, _usage, _campaign = promotions.c, customer_usages.c, campaigns.c
_gift, _quota = gift_stocks.c, variant_quotas.c

_LEFT = statement(
    union_all(
        select(
            literal(LIMITS),
            _promotion.id,
            _promotion.usage_limit - _promotion.usage_count,
            _promotion.customer_limit - func.coalesce(_usage.usage_count, 0),
            _promotion.budget_minor - _promotion.budget_used_minor,
            _campaign.id,
            _campaign.budget_minor - _campaign.budget_used_minor,
        )
        .select_from(
            promotions.outerjoin(
                customer_usages,
                and_(
                    _usage.promotion_id == _promotion.id,
                    _usage.customer_id == bindparam("customer_id"),
                ),
            ).outerjoin(campaigns, _campaign.id == _promotion.campaign_id)
        )
        .where(any_of(_promotion.id, "limited_ids")),
        select(
            literal(GIFTS),
            _gift.promotion_id,
            _gift.variant_id,
            _gift.quantity - _gift.used,
            null(),
            null(),
            null(),
        ).where(any_of(_gift.promotion_id, "giving_ids")),
        select(
            literal(QUOTAS),
            _quota.promotion_id,
            _quota.variant_id,
            _quota.quantity - _quota.used,
            null(),
            null(),
            null(),
        ).where(any_of(_quota.promotion_id, "quota_ids"), any_of(_quota.variant_id, "variant_ids")),
        select(literal(FLOORS), *RULE_COLUMNS).select_from(RULES).where(*ABOUT_LINES),
    )
)


class Asked(Struct, frozen=True, kw_only=True):
    """Whose limits are asked for, row numbers of promotions by what they have; and the lines whose
    floors are, if the shop has any."""

    limited: Sequence[int]
    giving: Sequence[int]
    with_quotas: Sequence[int]
    lines: Sequence[Line]
    channel_id: int
    with_floors: bool = False

    @property
    def is_nothing(self) -> bool:
        """True when there is nothing to read."""
        return not (self.limited or self.giving or self.with_quotas or self.with_floors)


class Left(NamedTuple):
    """What is left by promotion id (as text), and the floor of a unit by line id."""

    remaining: Mapping[str, Remaining]
    floors: Mapping[str, int]


def remaining_for(connection: Connection, asked: Asked, *, customer_id: int | None) -> Left:
    """What is left of promotions that have limits or give gifts away, and what lines keep to.

    A limit per customer is for customers who are signed in: a guest has no uses left of it.
    """
    if asked.is_nothing:
        return Left({}, {})
    rows = connection.rows(
        _LEFT,
        customer_id=customer_id or NOBODY,
        limited_ids=asked.limited,
        giving_ids=asked.giving,
        quota_ids=asked.with_quotas,
        variant_ids=sorted({int(line.variant_id) for line in asked.lines}),
        **floor_params(asked.lines, channel_id=asked.channel_id),
    )
    rules = [rule_of_row(*row) for kind, *row in rows if kind == FLOORS]
    limits = [row for row in rows if row[0] != FLOORS]
    return Left(_gathered(limits, customer_id), floors_of(asked.lines, rules))


def _gathered(rows: Iterable[tuple[Any, ...]], customer_id: int | None) -> dict[str, Remaining]:
    left: dict[str, Remaining] = {}
    counts: dict[int, dict[str, dict[str, int]]] = {GIFTS: {}, QUOTAS: {}}
    for kind, promotion_id, first, second, *budgets in rows:
        key = str(promotion_id)
        if kind == LIMITS:
            by_customer = 0 if second is not None and customer_id is None else second
            left[key] = _limits_left(first, by_customer, *budgets)
        else:
            counts[kind].setdefault(key, {})[str(first)] = second
    return {
        key: msgspec.structs.replace(
            left.get(key, Remaining()),
            gift_stock=counts[GIFTS].get(key, {}),
            quota=counts[QUOTAS].get(key, {}),
        )
        for key in {**left, **counts[GIFTS], **counts[QUOTAS]}
    }


def _limits_left(
    uses: int | None,
    customer_uses: int | None,
    budget_minor: int | None,
    campaign_id: int | None,
    campaign_minor: int | None,
) -> Remaining:
    return Remaining(
        uses=uses,
        customer_uses=customer_uses,
        budget_minor=budget_minor,
        campaign_id=None if campaign_id is None else str(campaign_id),
        campaign_minor=campaign_minor,
    )
