"""What is left of the limits of a basket's candidates, read in one statement however many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from storeql.catalog.prices.floors import (
    ABOUT_LINES,
    RULE_COLUMNS,
    RULES,
    floor_params,
    floors_of,
    rule_of_row,
)
from storeql.db import Connection, Statement, any_of, statement
from storeql.pricing import Line, Remaining
from storeql.promotions.limits.gift_goods import (
    AMONG_GIFTS,
    GOODS,
    NUMBERS,
    TEXTS,
    GiftGoods,
    goods_of,
)
from storeql.promotions.tables import (
    campaigns,
    customer_usages,
    gift_stocks,
    promotions,
    variant_quotas,
)

NOBODY = 0
LIMITS, GIFTS, QUOTAS, FLOORS, GIFT_GOODS = 1, 2, 3, 4, 5
MOST_NUMBERS = 6

_promotion, _usage, _campaign = promotions.c, customer_usages.c, campaigns.c
_gift, _quota = gift_stocks.c, variant_quotas.c


def _row(
    kind: int, numbers: Sequence[ColumnElement[Any]], texts: Sequence[ColumnElement[Any]] = ()
) -> Select[Any]:
    """Rows of one kind, as wide as those of all the others: the kind, numbers, texts."""
    wide = [cast(null(), BigInteger)] * (MOST_NUMBERS - len(numbers))
    blank = [cast(null(), Text)] * (len(TEXTS) - len(texts))
    return select(literal(kind), *numbers, *wide, *texts, *blank)


_BY_KIND: Mapping[int, Select[Any]] = {
    LIMITS: _row(
        LIMITS,
        (
            _promotion.id,
            _promotion.usage_limit - _promotion.usage_count,
            _promotion.customer_limit - func.coalesce(_usage.usage_count, 0),
            _promotion.budget_minor - _promotion.budget_used_minor,
            _campaign.id,
            _campaign.budget_minor - _campaign.budget_used_minor,
        ),
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
    GIFTS: _row(GIFTS, (_gift.promotion_id, _gift.variant_id, _gift.quantity - _gift.used)).where(
        any_of(_gift.promotion_id, "giving_ids")
    ),
    QUOTAS: _row(
        QUOTAS, (_quota.promotion_id, _quota.variant_id, _quota.quantity - _quota.used)
    ).where(any_of(_quota.promotion_id, "quota_ids"), any_of(_quota.variant_id, "variant_ids")),
    FLOORS: _row(FLOORS, RULE_COLUMNS).select_from(RULES).where(*ABOUT_LINES),
    GIFT_GOODS: _row(GIFT_GOODS, NUMBERS, TEXTS).select_from(GOODS).where(*AMONG_GIFTS),
}


@cache
def _left(kinds: tuple[int, ...]) -> Statement:
    """One read of these kinds of rows: what is not asked for is not looked up either."""
    return statement(union_all(*[_BY_KIND[kind] for kind in kinds]))


class Asked(Struct, frozen=True, kw_only=True):
    """Whose limits are asked for, row numbers of promotions by what they have; the variants that
    may be added, as text, at the price of a buyer of these groups; and the lines whose floors are,
    if the shop has any."""

    limited: Sequence[int]
    giving: Sequence[int]
    with_quotas: Sequence[int]
    lines: Sequence[Line]
    channel_id: int
    now: int
    group_ids: Sequence[str] = ()
    gift_variant_ids: Sequence[str] = ()
    with_floors: bool = False

    @property
    def kinds(self) -> tuple[int, ...]:
        """The kinds of rows to read, none when there is nothing to ask for."""
        asked = {
            LIMITS: self.limited,
            GIFTS: self.giving,
            QUOTAS: self.with_quotas,
            FLOORS: self.with_floors,
            GIFT_GOODS: self.gift_variant_ids,
        }
        return tuple(kind for kind, wanted in asked.items() if wanted)

    def params(self, kinds: Sequence[int]) -> dict[str, Any]:
        """What a read of these kinds has to be told, the customer apart."""
        params: dict[str, Any] = {
            "limited_ids": self.limited,
            "giving_ids": self.giving,
            "quota_ids": self.with_quotas,
            "gift_ids": [int(key) for key in self.gift_variant_ids],
            "channel_id": self.channel_id,
            "now": self.now,
        }
        if QUOTAS in kinds:
            params["variant_ids"] = sorted({int(line.variant_id) for line in self.lines})
        if FLOORS in kinds:
            params |= floor_params(self.lines, channel_id=self.channel_id)
        return params


class Left(NamedTuple):
    """What is left by promotion id (as text), the floor of a unit by line id, and the goods that
    may be added."""

    remaining: Mapping[str, Remaining]
    floors: Mapping[str, int]
    goods: GiftGoods = GiftGoods()


def remaining_for(connection: Connection, asked: Asked, *, customer_id: int | None) -> Left:
    """What is left of promotions that have limits or give gifts away, and what lines keep to.

    A limit per customer is for customers who are signed in: a guest has no uses left of it.
    """
    kinds = asked.kinds
    if not kinds:
        return Left({}, {})
    found: dict[int, list[tuple[Any, ...]]] = {kind: [] for kind in _BY_KIND}
    params = asked.params(kinds)
    for row in connection.rows(_left(kinds), customer_id=customer_id or NOBODY, **params):
        found[row[0]].append(row[1:])
    rules = [rule_of_row(*row[:MOST_NUMBERS]) for row in found[FLOORS]]
    goods = goods_of(
        ((*row[: len(NUMBERS)], *row[MOST_NUMBERS:]) for row in found[GIFT_GOODS]),
        group_ids=asked.group_ids,
        now=asked.now,
    )
    return Left(_gathered(found, customer_id), floors_of(asked.lines, rules), goods)


def _gathered(
    found: Mapping[int, Iterable[tuple[Any, ...]]], customer_id: int | None
) -> dict[str, Remaining]:
    left: dict[str, Remaining] = {}
    for promotion_id, uses, by_customer, budget, campaign_id, campaign, *_ in found[LIMITS]:
        mine = 0 if by_customer is not None and customer_id is None else by_customer
        left[str(promotion_id)] = Remaining(
            uses=uses,
            customer_uses=mine,
            budget_minor=budget,
            campaign_id=None if campaign_id is None else str(campaign_id),
            campaign_minor=campaign,
        )
    stocks, quotas = _by_variant(found[GIFTS]), _by_variant(found[QUOTAS])
    for key in {**stocks, **quotas}:
        left[key] = msgspec.structs.replace(
            left.get(key, Remaining()),
            gift_stock=stocks.get(key, {}),
            quota=quotas.get(key, {}),
        )
    return left


def _by_variant(rows: Iterable[tuple[Any, ...]]) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for promotion_id, variant_id, count, *_ in rows:
        counts.setdefault(str(promotion_id), {})[str(variant_id)] = count
    return counts
