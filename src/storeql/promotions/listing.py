"""The SELECTs behind reads of promotions: one per shape of filter, page and asked columns."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, case, func, null, select

from storeql.db import Selection, Statement, any_of, statement
from storeql.db.paging import windowed
from storeql.promotions.limits.holding import holds
from storeql.promotions.limits.policy import Taken
from storeql.promotions.set_up.states import status_column
from storeql.promotions.tables import (
    gift_stocks,
    promotions,
    redemptions,
    variant_quotas,
    voucher_codes,
)

_promotion, _redemption, _code = promotions.c, redemptions.c, voucher_codes.c
_gift, _quota = gift_stocks.c, variant_quotas.c
_is_open = _redemption.released_at.is_(None)

TERMS = (
    "scope",
    "audience",
    "exclusion_group",
    "stacking_group",
    "stackable_with",
    "requires_code",
    "funders",
    "give_back",
)
# The columns a read may leave out, and the fields that need them besides their namesake.
NEEDED_BY: dict[str, tuple[str, ...]] = {
    "name": (),
    "description": (),
    "kind": ("lane", "rule"),
    "rule": (),
    "terms": TERMS,
    "currency": ("rule", "budget", "granted"),
    "status": ("is_running",),
    "priority": (),
    "starts_at": ("is_running", "status"),
    "ends_at": ("is_running", "status"),
    "usage_limit": (),
    "customer_limit": (),
    "budget_minor": ("budget",),
    "campaign_id": (),
    "updated_at": (),
    "version": (),
}
COLUMNS = tuple(NEEDED_BY)


class FilterShape(Struct, frozen=True):
    """Which conditions a filter has."""

    statuses: bool
    kinds: bool


def wanted_columns(selection: Selection) -> tuple[bool, ...]:
    """For each of COLUMNS whether a field of the selection needs it."""
    return tuple(selection.wants(name, *fields) for name, fields in NEEDED_BY.items())


@lru_cache(maxsize=256)
def page_statement(
    filter_shape: FilterShape, columns: tuple[bool, ...], window: tuple[bool, bool]
) -> Statement:
    """One page, newest first: the record's columns."""
    query = select(*_record(columns)).where(*_conditions(filter_shape))
    return statement(
        windowed(query, window, value=_promotion.created_at, row=_promotion.id, descending=True)
    )


@lru_cache(maxsize=8)
def count_statement(filter_shape: FilterShape) -> Statement:
    """How many promotions a filter finds."""
    query = select(func.count()).select_from(promotions)
    return statement(query.where(*_conditions(filter_shape)))


@lru_cache(maxsize=256)
def by_ids_statement(columns: tuple[bool, ...]) -> Statement:
    """Promotions by row number: the record's columns."""
    return statement(select(*_record(columns)).where(any_of(_promotion.id, "ids")))


USED = statement(
    select(
        _redemption.promotion_id,
        func.sum(case((holds(Taken.USAGE), 1), else_=0)),
        func.sum(case((holds(Taken.BUDGET), _redemption.amount_minor), else_=0)),
    )
    .where(any_of(_redemption.promotion_id, "ids"))
    .group_by(_redemption.promotion_id)
)
REDEMPTIONS = statement(
    select(
        _redemption.promotion_id,
        func.sum(case((_is_open & _redemption.committed_at.is_(None), 1), else_=0)),
        func.sum(case((_is_open & _redemption.committed_at.is_not(None), 1), else_=0)),
        func.sum(case((_is_open, 0), else_=1)),
    )
    .where(any_of(_redemption.promotion_id, "ids"))
    .group_by(_redemption.promotion_id)
)
CODE_COUNTS = statement(
    select(_code.promotion_id, func.count())
    .where(any_of(_code.promotion_id, "ids"))
    .group_by(_code.promotion_id)
)
GIFT_STOCKS = statement(
    select(_gift.promotion_id, _gift.variant_id, _gift.quantity, _gift.used)
    .where(any_of(_gift.promotion_id, "ids"))
    .order_by(_gift.promotion_id, _gift.variant_id)
)
QUOTAS = statement(
    select(_quota.promotion_id, _quota.variant_id, _quota.quantity, _quota.used)
    .where(any_of(_quota.promotion_id, "ids"))
    .order_by(_quota.promotion_id, _quota.variant_id)
)
CODE_USES = statement(
    select(_redemption.promotion_id, _redemption.code, func.count())
    .where(
        any_of(_redemption.promotion_id, "ids"),
        any_of(_redemption.code, "codes"),
        holds(Taken.CODE),
    )
    .group_by(_redemption.promotion_id, _redemption.code)
)

_CODE_COLUMNS = (_code.id, _code.promotion_id, _code.code, _code.usage_limit, _code.created_at)


@lru_cache(maxsize=4)
def code_page_statement(window: tuple[bool, bool]) -> Statement:
    """One page of a promotion's codes, in the order they were made."""
    query = select(*_CODE_COLUMNS).where(_code.promotion_id == bindparam("promotion_id"))
    return statement(windowed(query, window, value=_code.created_at, row=_code.id))


CODES_BY_ID = statement(select(*_CODE_COLUMNS).where(any_of(_code.id, "ids")).order_by(_code.id))
CODE_COUNT = statement(select(func.count()).where(_code.promotion_id == bindparam("promotion_id")))


def _record(columns: tuple[bool, ...]) -> list[ColumnElement[Any]]:
    chosen = [
        promotions.c[name] if asked else null().label(name)
        for name, asked in zip(COLUMNS, columns, strict=True)
    ]
    return [_promotion.id, _promotion.created_at, *chosen]


def _conditions(shape: FilterShape) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if shape.statuses:
        found.append(any_of(status_column(), "statuses"))
    if shape.kinds:
        found.append(any_of(_promotion.kind, "kinds"))
    return found
