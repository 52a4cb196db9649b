"""Reads of voucher batches, with what orders made of their codes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, func, select

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
from storeql.jobs.resolvers import jobs_by_id
from storeql.orders.tables import orders
from storeql.promotions.tables import redemptions, voucher_batches, voucher_codes
from storeql.promotions.vouchers.records import BatchFigures, VoucherBatch

CREATED_AT = "CREATED_AT"

_batch, _code, _redemption = voucher_batches.c, voucher_codes.c, redemptions.c
_COLUMNS = (
    _batch.id,
    _batch.job_id,
    _batch.promotion_id,
    _batch.prefix,
    _batch.length,
    _batch.codes,
    _batch.usage_limit,
    _batch.starts_at,
    _batch.ends_at,
    _batch.customer_limit,
    _batch.valid_days,
    _batch.created_by,
    _batch.created_at,
)
_BY_ID = statement(select(*_COLUMNS).where(any_of(_batch.id, "ids")))
_issued = (
    select(
        _code.batch_id,
        func.count().label("issued"),
        func.count(_code.claimed_at).label("claimed"),
    )
    .where(any_of(_code.batch_id, "ids"))
    .group_by(_code.batch_id)
    .subquery()
)
_used = (
    select(
        _code.batch_id,
        orders.c.currency,
        func.count().label("used"),
        func.sum(orders.c.total_minor).label("revenue_minor"),
        func.sum(_redemption.amount_minor).label("granted_minor"),
    )
    .join(
        redemptions,
        and_(_redemption.code == _code.code, _redemption.promotion_id == _code.promotion_id),
    )
    .join(orders, orders.c.id == _redemption.order_id)
    .where(any_of(_code.batch_id, "ids"), _redemption.released_at.is_(None))
    .group_by(_code.batch_id, orders.c.currency)
    .subquery()
)
_FIGURES = statement(
    select(
        _issued.c.batch_id,
        _issued.c.issued,
        _issued.c.claimed,
        _used.c.currency,
        _used.c.used,
        _used.c.revenue_minor,
        _used.c.granted_minor,
    ).select_from(_issued.outerjoin(_used, _used.c.batch_id == _issued.c.batch_id))
)


@lru_cache(maxsize=8)
def _page_statement(window: tuple[bool, bool], of_promotion: bool) -> Statement:
    query = select(*_COLUMNS)
    if of_promotion:
        query = query.where(_batch.promotion_id == bindparam("promotion_id"))
    return statement(
        windowed(query, window, value=_batch.created_at, row=_batch.id, descending=True)
    )


@lru_cache(maxsize=2)
def _count_statement(of_promotion: bool) -> Statement:
    query = select(func.count()).select_from(voucher_batches)
    if of_promotion:
        query = query.where(_batch.promotion_id == bindparam("promotion_id"))
    return statement(query)


def batches_page(
    connection: Connection,
    selection: Selection,
    *,
    page: PageRequest,
    promotion_id: int | None,
    granted: frozenset[str],
) -> Page[VoucherBatch]:
    """Batches, newest first, of one promotion or of all."""
    window, of_promotion = window_of(page, CREATED_AT), promotion_id is not None
    given = {"promotion_id": promotion_id} if of_promotion else {}
    found = connection.rows(_page_statement(window.shape, of_promotion), **given, **window.params)
    rows, more = cut(found, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(_count_statement(of_promotion), **given)
    nodes = _records(connection, rows, node_selection(selection), granted)
    return page_of(nodes, window, more, selection, _cursor(nodes), total)


def batches_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, granted: frozenset[str]
) -> dict[int, VoucherBatch]:
    """Batches by row number, without those that are not there."""
    rows = connection.rows(_BY_ID, ids=ids)
    return {batch.id: batch for batch in _records(connection, rows, selection, granted)}


def batch_figures(connection: Connection, ids: Sequence[int]) -> dict[int, BatchFigures]:
    """Issued, claimed, used, revenue by batch in one statement, for batches that have codes."""
    found: dict[int, BatchFigures] = {}
    for row in connection.rows(_FIGURES, ids=ids):
        batch_id, issued, claimed, currency, used, revenue, granted = row
        known = found.get(batch_id, BatchFigures(issued=issued, claimed=claimed))
        if currency is not None:
            known = msgspec.structs.replace(
                known,
                used=known.used + used,
                revenue_minor={**known.revenue_minor, currency: int(revenue)},
                granted_minor={**known.granted_minor, currency: int(granted)},
            )
        found[batch_id] = known
    return found


def _records(
    connection: Connection,
    rows: Sequence[tuple[Any, ...]],
    selection: Selection,
    granted: frozenset[str],
) -> list[VoucherBatch]:
    ids = [row[0] for row in rows]
    jobs, figures = {}, {}
    if selection.wants("job"):
        jobs = jobs_by_id(connection, [row[1] for row in rows if row[1]], granted=granted)
    if ids and selection.wants("statistics"):
        figures = batch_figures(connection, ids)
    return [_record(row, jobs.get(row[1]), figures.get(row[0], BatchFigures())) for row in rows]


def _record(row: tuple[Any, ...], job: Any, figures: BatchFigures) -> VoucherBatch:
    row_id, _, promotion_id, prefix, length, codes, usage_limit, *rest = row
    starts_at, ends_at, customer_limit, valid_days, created_by, created_at = rest
    return VoucherBatch(
        id=row_id,
        promotion_id=promotion_id,
        prefix=prefix,
        length=length,
        codes=codes,
        usage_limit=usage_limit,
        starts_at=starts_at,
        ends_at=ends_at,
        customer_limit=customer_limit,
        valid_days=valid_days,
        created_by=created_by,
        created_at=created_at,
        job=job,
        figures=figures,
    )


def _cursor(nodes: Sequence[VoucherBatch]) -> Any:
    return lambda place: make_cursor(CREATED_AT, nodes[place].created_at, nodes[place].id)
