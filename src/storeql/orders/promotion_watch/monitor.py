"""How a promotion is doing while it runs: figures, what is left, how fast it goes, and alerts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, bindparam, case, func, literal, select

from storeql.db import Connection, statement
from storeql.orders.promotion_watch.alerts import (
    DAY,
    HOUR,
    Entry,
    Figures,
    Monitor,
    OutcomeCount,
    alerts_of,
)
from storeql.orders.promotion_watch.readiness import EVERYTHING
from storeql.orders.tables import orders
from storeql.pricing import Outcome
from storeql.promotions import resolvers
from storeql.promotions.resolvers import View
from storeql.promotions.tables import campaigns, redemptions

RECENT_ORDERS = 50

_redemption, _order = redemptions.c, orders.c
_is_held = _redemption.released_at.is_(None)
_is_recent = _redemption.redeemed_at >= bindparam("since")


def _sum(condition: ColumnElement[bool], value: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, value), else_=0)), 0)


_FIGURES = statement(
    select(
        _order.currency,
        _sum(_is_held, literal(1)),
        _sum(~_is_held, literal(1)),
        _sum(_is_held, _order.total_minor),
        _sum(_is_held, _redemption.amount_minor),
        _sum(_is_held & _is_recent, literal(1)),
        _sum(_is_held & _is_recent, _redemption.amount_minor),
    )
    .select_from(redemptions.join(orders, _order.id == _redemption.order_id))
    .where(_redemption.promotion_id == bindparam("promotion_id"))
    .group_by(_order.currency)
    .order_by(_order.currency)
)
_RECENT = statement(
    select(_order.pricing)
    .where(_order.placed_at >= bindparam("since"))
    .order_by(_order.placed_at.desc(), _order.id.desc())
    .limit(RECENT_ORDERS)
)


_CAMPAIGN = statement(
    select(
        campaigns.c.budget_minor, campaigns.c.budget_minor - campaigns.c.budget_used_minor
    ).where(campaigns.c.id == bindparam("id"))
)


class _Traced(Struct, frozen=True):
    """As much of a stored price as is looked at."""

    trace: tuple[Entry, ...]


_traces = msgspec.json.Decoder(_Traced)


def monitor(connection: Connection, promotion_id: int, *, view: View) -> Monitor | None:
    """The promotion at this instant, in a fixed number of statements; None when it is not there."""
    promotion = resolvers.promotion(connection, promotion_id, EVERYTHING, view=view)
    if promotion is None:
        return None
    now = view.now
    since = max(now - DAY, promotion.starts_at or 0, promotion.created_at)
    rows = connection.rows(_FIGURES, promotion_id=promotion_id, since=since)
    figures = [
        Figures(**dict(zip(Figures.__struct_fields__, (row[0], *map(int, row[1:])), strict=True)))
        for row in rows
    ]
    entries = _recent_entries(connection, promotion_id, since)
    campaign = None
    if promotion.campaign_id is not None:
        campaign = connection.one(_CAMPAIGN, id=promotion.campaign_id)
    budget, left = campaign or (None, None)
    found = Monitor(
        promotion=promotion,
        at=now,
        hours_hundredths=max(1, (now - since) * 100 // HOUR),
        figures=figures,
        recent_orders=len(entries),
        outcomes=_counted(entries),
        alerts=(),
        campaign_budget_minor=budget,
        campaign_left_minor=left,
    )
    return msgspec.structs.replace(found, alerts=tuple(alerts_of(found, entries)))


def _recent_entries(connection: Connection, promotion_id: int, since: int) -> list[Entry | None]:
    """What became of it in each of the recent orders; None where it was no candidate."""
    found = []
    for (pricing,) in connection.rows(_RECENT, since=since):
        trace = _traces.decode(pricing).trace
        mine = [entry for entry in trace if entry.promotion_id == str(promotion_id)]
        found.append(mine[0] if mine else None)
    return found


def _counted(entries: Sequence[Entry | None]) -> tuple[OutcomeCount, ...]:
    counts = Counter(entry.outcome for entry in entries if entry is not None)
    return tuple(OutcomeCount(outcome, counts[outcome]) for outcome in Outcome if counts[outcome])
