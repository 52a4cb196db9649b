"""Reads of promotions and their codes, planned from what is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from storeql.db import Connection, Selection
from storeql.db.paging import (
    Page,
    PageRequest,
    cut,
    make_cursor,
    node_selection,
    page_of,
    window_of,
)
from storeql.promotions import listing
from storeql.promotions.active import terms_decoder
from storeql.promotions.listing import FilterShape
from storeql.promotions.records import (
    GiftStock,
    RedemptionCounts,
    Status,
    StoredPromotion,
    Terms,
    VariantQuota,
    VoucherCode,
)
from storeql.promotions.set_up.states import status_at
from storeql.promotions.set_up.stored import read_stored_rule
from storeql.promotions.types import PromotionTypes

CREATED_AT = "CREATED_AT"


class PromotionFilter(Struct, frozen=True, kw_only=True):
    """Conditions that all have to hold; None asks for nothing."""

    statuses: tuple[Status, ...] | None = None
    kinds: tuple[str, ...] | None = None


class View(Struct, frozen=True):
    """What a read of promotions is made with: the kinds there are, and the instant."""

    types: PromotionTypes
    now: int


def promotions_page(
    connection: Connection,
    selection: Selection,
    *,
    view: View,
    page: PageRequest,
    filter: PromotionFilter,
) -> Page[StoredPromotion]:
    """Promotions, newest first."""
    window = window_of(page, CREATED_AT)
    asked = node_selection(selection)
    shape = FilterShape(filter.statuses is not None, filter.kinds is not None)
    params = {
        "statuses": [status.value for status in filter.statuses or ()],
        "kinds": list(filter.kinds or ()),
    }
    given: dict[str, Any] = {name: params[name] for name in params if getattr(shape, name)}
    if shape.statuses:
        given["now"] = view.now
    found = listing.page_statement(shape, listing.wanted_columns(asked), window.shape)
    rows, more = cut(connection.rows(found, **given, **window.params), window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(listing.count_statement(shape), **given)
    nodes = _records(connection, rows, asked, view)
    return page_of(nodes, window, more, selection, _cursor(nodes), total)


def promotions_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection, *, view: View
) -> dict[int, StoredPromotion]:
    """Promotions by row number, without those that are not there."""
    found = listing.by_ids_statement(listing.wanted_columns(selection))
    rows = connection.rows(found, ids=ids)
    return {record.id: record for record in _records(connection, rows, selection, view)}


def promotion(
    connection: Connection, promotion_id: int, selection: Selection, *, view: View
) -> StoredPromotion | None:
    """One promotion, None when it is not there."""
    found = promotions_by_id(connection, [promotion_id], selection, view=view)
    return found.get(promotion_id)


def codes_page(
    connection: Connection, selection: Selection, *, promotion_id: int, page: PageRequest
) -> Page[VoucherCode]:
    """The codes of a promotion in the order they were made."""
    window = window_of(page, CREATED_AT)
    found = listing.code_page_statement(window.shape)
    rows = connection.rows(found, promotion_id=promotion_id, **window.params)
    rows, more = cut(rows, window)
    total = None
    if selection.wants("total_count"):
        total = connection.scalar(listing.CODE_COUNT, promotion_id=promotion_id)
    nodes = _codes(connection, rows, node_selection(selection))
    return page_of(nodes, window, more, selection, _cursor(nodes), total)


def codes_by_id(
    connection: Connection, ids: Sequence[int], selection: Selection
) -> dict[int, VoucherCode]:
    """Codes by row number, in the order they were made."""
    rows = connection.rows(listing.CODES_BY_ID, ids=ids)
    return {code.id: code for code in _codes(connection, rows, selection)}


def _cursor(nodes: Sequence[StoredPromotion] | Sequence[VoucherCode]) -> Any:
    return lambda place: make_cursor(CREATED_AT, nodes[place].created_at, nodes[place].id)


def _records(
    connection: Connection, rows: Sequence[tuple[Any, ...]], selection: Selection, view: View
) -> list[StoredPromotion]:
    ids = [row[0] for row in rows]
    used: dict[int, tuple[int, int]] = {}
    codes: dict[int, int] = {}
    stocks: dict[int, list[GiftStock]] = {}
    if ids and selection.wants("usage_count", "granted"):
        for promotion_id, count, amount in connection.rows(listing.USED, ids=ids):
            used[promotion_id] = (count, int(amount))
    if ids and selection.wants("code_count"):
        codes = dict(connection.rows(listing.CODE_COUNTS, ids=ids))
    if ids and selection.wants("gift_stocks"):
        for promotion_id, variant_id, quantity, gone in connection.rows(
            listing.GIFT_STOCKS, ids=ids
        ):
            stock = GiftStock(variant_id=variant_id, quantity=quantity, used=gone)
            stocks.setdefault(promotion_id, []).append(stock)
    quotas = _quotas(connection, ids) if ids and selection.wants("quotas") else {}
    states = _redemptions(connection, ids) if ids and selection.wants("redemptions") else {}
    return [
        _record(
            row,
            view,
            used=used.get(row[0], (0, 0)),
            code_count=codes.get(row[0], 0),
            gift_stocks=tuple(stocks.get(row[0], ())),
            quotas=tuple(quotas.get(row[0], ())),
            redemptions=states.get(row[0], RedemptionCounts()),
        )
        for row in rows
    ]


def _redemptions(connection: Connection, ids: Sequence[int]) -> dict[int, RedemptionCounts]:
    return {
        key: RedemptionCounts(held=held, committed=committed, released=released)
        for key, held, committed, released in connection.rows(listing.REDEMPTIONS, ids=ids)
    }


def _quotas(connection: Connection, ids: Sequence[int]) -> dict[int, list[VariantQuota]]:
    quotas: dict[int, list[VariantQuota]] = {}
    for promotion_id, variant_id, quantity, used in connection.rows(listing.QUOTAS, ids=ids):
        quota = VariantQuota(variant_id=variant_id, quantity=quantity, used=used)
        quotas.setdefault(promotion_id, []).append(quota)
    return quotas


def _record(
    row: tuple[Any, ...],
    view: View,
    *,
    used: tuple[int, int],
    code_count: int,
    gift_stocks: tuple[GiftStock, ...],
    quotas: tuple[VariantQuota, ...],
    redemptions: RedemptionCounts,
) -> StoredPromotion:
    row_id, created_at, *columns = row
    named = dict(zip(listing.COLUMNS, columns, strict=True))
    switch = Status(named["status"] or Status.DRAFT.value)
    status = status_at(switch, named["starts_at"], named["ends_at"], view.now)
    kind = view.types.get(named["kind"] or "")
    return StoredPromotion(
        id=row_id,
        name=named["name"] or "",
        description=named["description"] or "",
        kind=named["kind"] or "",
        lane=kind.lane if kind else None,
        rule=read_stored_rule(view.types, named["kind"], named["rule"]) if named["rule"] else None,
        rule_json=named["rule"] or "",
        terms=terms_decoder.decode(named["terms"]) if named["terms"] else Terms(),
        currency=named["currency"] or None,
        status=status,
        is_running=status is Status.ACTIVE,
        priority=named["priority"] or 0,
        starts_at=named["starts_at"],
        ends_at=named["ends_at"],
        usage_limit=named["usage_limit"],
        usage_count=used[0],
        customer_limit=named["customer_limit"],
        budget_minor=named["budget_minor"],
        campaign_id=named["campaign_id"],
        granted_minor=used[1],
        code_count=code_count,
        created_at=created_at,
        updated_at=named["updated_at"] or 0,
        version=named["version"] or 0,
        gift_stocks=gift_stocks,
        quotas=quotas,
        redemptions=redemptions,
    )


def _codes(
    connection: Connection, rows: Sequence[tuple[Any, ...]], selection: Selection
) -> list[VoucherCode]:
    uses: dict[tuple[int, str], int] = {}
    if rows and selection.wants("usage_count"):
        promotion_ids = sorted({row[1] for row in rows})
        found = connection.rows(
            listing.CODE_USES, ids=promotion_ids, codes=[row[2] for row in rows]
        )
        uses = {(promotion_id, code): count for promotion_id, code, count in found}
    return [
        VoucherCode(
            id=row_id,
            promotion_id=promotion_id,
            code=code,
            usage_limit=usage_limit,
            usage_count=uses.get((promotion_id, code), 0),
            created_at=created_at,
        )
        for row_id, promotion_id, code, usage_limit, created_at in rows
    ]
