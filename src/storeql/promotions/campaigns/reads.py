"""Campaigns as staff see them: what belongs together, its budget, and what was used of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct
from sqlalchemy import case, func, select

from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    window_of,
    windowed,
)
from storeql.promotions.limits.holding import holds
from storeql.promotions.limits.policy import Taken
from storeql.promotions.tables import campaigns, promotions, redemptions

CREATED_AT = "CREATED_AT"

_campaign, _redemption, _promotion = campaigns.c, redemptions.c, promotions.c
_COLUMNS = (
    _campaign.id,
    _campaign.name,
    _campaign.description,
    _campaign.currency,
    _campaign.starts_at,
    _campaign.ends_at,
    _campaign.budget_minor,
    _campaign.created_at,
    _campaign.updated_at,
    _campaign.version,
)
_COUNT = statement(select(func.count()).select_from(campaigns))
_BY_IDS = statement(select(*_COLUMNS).where(any_of(_campaign.id, "ids")))
_GRANTED = statement(
    select(
        _redemption.campaign_id,
        func.sum(case((holds(Taken.BUDGET), _redemption.amount_minor), else_=0)),
    )
    .where(any_of(_redemption.campaign_id, "ids"))
    .group_by(_redemption.campaign_id)
)
_PROMOTIONS = statement(
    select(_promotion.campaign_id, func.count())
    .where(any_of(_promotion.campaign_id, "ids"))
    .group_by(_promotion.campaign_id)
)


class Campaign(Struct, frozen=True, kw_only=True):
    """Promotions that belong together; `granted_minor` is what orders hold of its budget now."""

    id: int
    name: str
    description: str
    currency: str
    starts_at: int | None
    ends_at: int | None
    budget_minor: int | None
    created_at: int
    updated_at: int
    version: int
    granted_minor: int = 0
    promotion_count: int = 0


def campaigns_page(
    connection: Connection, selection: Selection, *, page: PageRequest
) -> Page[Campaign]:
    """Campaigns, newest first."""
    window = window_of(page, CREATED_AT)
    rows, more = cut(connection.rows(_page(window.shape), **window.params), window)
    total = connection.scalar(_COUNT) if selection.wants("total_count") else None
    nodes = _records(connection, rows, node_selection(selection))
    return page_of(nodes, window, more, selection, _cursor(nodes), total)


def campaigns_by_id(
    connection: Connection, ids: Iterable[int], selection: Selection
) -> dict[int, Campaign]:
    """Campaigns by row number, without those that are not there."""
    rows = connection.rows(_BY_IDS, ids=sorted(ids))
    return {one.id: one for one in _records(connection, rows, selection)}


@lru_cache(maxsize=4)
def _page(window: tuple[bool, bool]) -> Statement:
    query = select(*_COLUMNS)
    return statement(
        windowed(query, window, value=_campaign.created_at, row=_campaign.id, descending=True)
    )


def _cursor(nodes: Sequence[Campaign]) -> Any:
    return lambda place: make_cursor(CREATED_AT, nodes[place].created_at, nodes[place].id)


def _records(
    connection: Connection, rows: Sequence[tuple[Any, ...]], selection: Selection
) -> list[Campaign]:
    ids = [row[0] for row in rows]
    granted: dict[int, int] = {}
    counts: dict[int, int] = {}
    if ids and selection.wants("granted", "remaining"):
        granted = dict(connection.rows(_GRANTED, ids=ids))
    if ids and selection.wants("promotion_count"):
        counts = dict(connection.rows(_PROMOTIONS, ids=ids))
    return [
        Campaign(
            id=row[0],
            name=row[1],
            description=row[2],
            currency=row[3],
            starts_at=row[4],
            ends_at=row[5],
            budget_minor=row[6],
            created_at=row[7],
            updated_at=row[8],
            version=row[9],
            granted_minor=int(granted.get(row[0], 0)),
            promotion_count=counts.get(row[0], 0),
        )
        for row in rows
    ]
