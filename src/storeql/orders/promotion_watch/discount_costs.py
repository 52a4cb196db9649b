"""What discounts cost and who pays: granted to orders of a period, and given back since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    null,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from storeql.db import Connection, Statement, statement
from storeql.errors import BadInput
from storeql.orders.states import OrderState
from storeql.orders.tables import discount_allocations, orders
from storeql.promotions.tables import campaigns, redemptions

DAY = 86_400_000
MOST_DAYS = 400
MOST_ROWS = 1000

_order, _discount, _taken = orders.c, discount_allocations.c, redemptions.c


class json_entries(FunctionElement[Any]):
    """The entries of a JSON array kept as text, one row each in the column `value`."""

    inherit_cache = True
    name = "json_entries"


@compiles(json_entries, "sqlite")
def _entries_sqlite(element: json_entries, compiler: Any, **kw: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **kw)})"


@compiles(json_entries, "postgresql")
def _entries_postgresql(element: json_entries, compiler: Any, **kw: Any) -> str:
    return f"jsonb_array_elements(CAST({compiler.process(element.clauses, **kw)} AS JSONB))"


class CostDimension(Enum):
    """What costs are told apart by, besides the currency."""

    FUNDER = "FUNDER"
    PROMOTION = "PROMOTION"
    CAMPAIGN = "CAMPAIGN"


EVERY_DIMENSION = tuple(CostDimension)


class Period(Struct, frozen=True):
    """Orders placed in this half-open period (milliseconds), in a channel (None: in all)."""

    start: int
    end: int
    channel_id: int | None = None


class DiscountCost(Struct, frozen=True, kw_only=True):
    """One row: what is not told apart is None. A promotion without a campaign has none either.

    `granted_minor` is of all orders, `given_back_minor` of those that were cancelled since.
    """

    currency: str
    funder: str | None = None
    promotion_id: int | None = None
    promotion_name: str | None = None
    campaign_id: int | None = None
    campaign_name: str | None = None
    order_count: int = 0
    granted_minor: int = 0
    given_back_minor: int = 0


class DiscountCosts(Struct, frozen=True, kw_only=True):
    """The rows, dearest first, and their sums by currency; the sums are of all rows there are."""

    rows: Sequence[DiscountCost]
    totals: Sequence[DiscountCost]
    row_count: int


def discount_costs(
    connection: Connection,
    period: Period,
    *,
    by: Sequence[CostDimension] = EVERY_DIMENSION,
    first: int = MOST_ROWS,
) -> DiscountCosts:
    """What discounts cost, in one statement; raises BadInput for a period or number out of bounds.

    The parts that each funder pays are those stored with the order: they sum to its discounts to
    the cent. Gifts count at their price.
    """
    if not 0 < period.end - period.start <= MOST_DAYS * DAY:
        raise BadInput(f"A period ends after its start, at most {MOST_DAYS} days later.")
    if not 1 <= first <= MOST_ROWS:
        raise BadInput(f"Ask for 1 to {MOST_ROWS} rows.")
    given: dict[str, Any] = {"start": period.start, "end": period.end}
    if period.channel_id is not None:
        given["channel_id"] = period.channel_id
    asked = tuple(one in by for one in EVERY_DIMENSION)
    found = connection.rows(_costs(asked, period.channel_id is not None), **given)
    rows = sorted((_cost(row) for row in found), key=_dearest)
    return DiscountCosts(rows=rows[:first], totals=_totals(rows), row_count=len(rows))


@lru_cache(maxsize=16)
def _costs(asked: tuple[bool, ...], in_channel: bool) -> Statement:
    by_funder, by_promotion, by_campaign = asked
    # In the text, not bound: what is grouped and what is selected must be the same to the engine.
    share = json_entries(_discount.fundings).table_valued("value", name="share")
    value = literal_column("share.value", String)
    funder = value.op("->>")(literal_column("'funder'"))
    amount = cast(value.op("->>")(literal_column("'amount_minor'")), BigInteger)
    keys: list[ColumnElement[Any]] = [_order.currency]
    keys += [funder] if by_funder else []
    keys += [_discount.promotion_id] if by_promotion else []
    keys += [_taken.campaign_id] if by_campaign else []
    query = (
        select(
            _order.currency,
            funder if by_funder else null(),
            _discount.promotion_id if by_promotion else null(),
            func.max(_discount.promotion_name) if by_promotion else null(),
            _taken.campaign_id if by_campaign else null(),
            func.max(campaigns.c.name) if by_campaign else null(),
            func.count(_order.id.distinct()),
            func.sum(amount),
            func.sum(case((_order.state == OrderState.CANCELLED.value, amount), else_=0)),
        )
        .select_from(
            orders.join(discount_allocations, _discount.order_id == _order.id)
            .outerjoin(
                redemptions,
                (_taken.order_id == _order.id) & (_taken.promotion_id == _discount.promotion_id),
            )
            .outerjoin(campaigns, campaigns.c.id == _taken.campaign_id)
            .join(share, literal_column("1") == literal_column("1"))
        )
        .where(_order.placed_at >= bindparam("start"), _order.placed_at < bindparam("end"))
        .group_by(*keys)
    )
    return statement(
        query.where(_order.channel_id == bindparam("channel_id")) if in_channel else query
    )


def _cost(row: tuple[Any, ...]) -> DiscountCost:
    currency, funder, promotion_id, promotion, campaign_id, campaign, count, granted, back = row
    return DiscountCost(
        currency=currency,
        funder=funder,
        promotion_id=promotion_id,
        promotion_name=promotion,
        campaign_id=campaign_id,
        campaign_name=campaign,
        order_count=count,
        granted_minor=int(granted),
        given_back_minor=int(back),
    )


def _dearest(cost: DiscountCost) -> tuple[Any, ...]:
    names = (cost.funder or "", cost.promotion_id or 0, cost.campaign_id or 0)
    return (cost.currency, -cost.granted_minor, *names)


def _totals(rows: Iterable[DiscountCost]) -> list[DiscountCost]:
    sums: dict[str, list[int]] = {}
    for row in rows:
        total = sums.setdefault(row.currency, [0, 0])
        total[0] += row.granted_minor
        total[1] += row.given_back_minor
    return [
        DiscountCost(currency=currency, granted_minor=granted, given_back_minor=back)
        for currency, (granted, back) in sums.items()
    ]
