"""A customer's wallet, and the offers that vouchers can be claimed of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select

from storeql.db import Connection, Selection, Statement, any_of, statement
from storeql.db.paging import Page, PageRequest, cut, make_cursor, page_of, window_of, windowed
from storeql.promotions.records import Status
from storeql.promotions.set_up.states import status_column
from storeql.promotions.tables import promotions, voucher_claims, voucher_codes, voucher_offers
from storeql.promotions.vouchers.claim import OF_THE_OFFER
from storeql.promotions.vouchers.records import VoucherOffer, VoucherState, WalletVoucher

CLAIMED_AT, CREATED_AT = "CLAIMED_AT", "CREATED_AT"
NOBODY = 0

_code, _promotion, _offer, _claim = (
    voucher_codes.c,
    promotions.c,
    voucher_offers.c,
    voucher_claims.c,
)
_now: ColumnElement[int] = bindparam("now", type_=_code.ends_at.type)


def _state() -> ColumnElement[str]:
    """USED before EXPIRED: what was used in time stays used."""
    status = status_column()
    over = or_(_code.ends_at <= _now, status == Status.ENDED.value)
    early = or_(_code.starts_at > _now, status != Status.ACTIVE.value)
    return case(
        (_code.usage_count >= _code.usage_limit, VoucherState.USED.value),
        (over, VoucherState.EXPIRED.value),
        (early, VoucherState.UPCOMING.value),
        else_=VoucherState.USABLE.value,
    )


def _least(first: ColumnElement[Any], second: ColumnElement[Any]) -> ColumnElement[Any]:
    """The earlier of two instants of which one, or both, may be NULL."""
    return case((first < second, first), else_=func.coalesce(second, first))


def _most(first: ColumnElement[Any], second: ColumnElement[Any]) -> ColumnElement[Any]:
    """The later of two instants of which one, or both, may be NULL."""
    return case((first > second, first), else_=func.coalesce(second, first))


_WALLET = (
    _code.id,
    _code.code,
    _code.promotion_id,
    _promotion.name,
    _state(),
    _most(_code.starts_at, _promotion.starts_at),
    _least(_code.ends_at, _promotion.ends_at),
    _code.claimed_at,
)
_VOUCHERS = select(*_WALLET).join(promotions, _promotion.id == _code.promotion_id)
_BY_ID = statement(
    _VOUCHERS.where(any_of(_code.id, "ids"), _code.customer_id == bindparam("customer_id"))
)


@lru_cache(maxsize=8)
def _page_statement(window: tuple[bool, bool], by_state: bool) -> Statement:
    query = _VOUCHERS.where(*_conditions(by_state))
    return statement(windowed(query, window, value=_code.claimed_at, row=_code.id, descending=True))


@lru_cache(maxsize=2)
def _count_statement(by_state: bool) -> Statement:
    query = select(func.count()).select_from(
        voucher_codes.join(promotions, _promotion.id == _code.promotion_id)
    )
    return statement(query.where(*_conditions(by_state)))


def _conditions(by_state: bool) -> list[ColumnElement[bool]]:
    mine = _code.customer_id == bindparam("customer_id")
    return [mine, _state() == bindparam("state")] if by_state else [mine]


def wallet_page(
    connection: Connection,
    selection: Selection,
    *,
    customer_id: int,
    state: VoucherState | None,
    page: PageRequest,
    now: int,
) -> Page[WalletVoucher]:
    """The customer's vouchers, claimed last first."""
    window = window_of(page, CLAIMED_AT)
    given: dict[str, Any] = {"customer_id": customer_id, "now": now}
    if state is not None:
        given["state"] = state.value
    found = _page_statement(window.shape, state is not None)
    rows, more = cut(connection.rows(found, **given, **window.params), window)
    total = None
    if selection.wants("total_count"):
        counted = {key: given[key] for key in given if key != "now" or state is not None}
        total = connection.scalar(_count_statement(state is not None), **counted)
    nodes = [_voucher(row) for row in rows]

    def cursor(place: int) -> str:
        return make_cursor(CLAIMED_AT, nodes[place].claimed_at, nodes[place].id)

    return page_of(nodes, window, more, selection, cursor, total)


def wallet_voucher(
    connection: Connection, voucher_id: int, *, customer_id: int, now: int
) -> WalletVoucher | None:
    """One voucher of the customer's; None when it is not theirs."""
    row = connection.one(_BY_ID, ids=[voucher_id], customer_id=customer_id, now=now)
    return None if row is None else _voucher(row)


def _voucher(row: Sequence[Any]) -> WalletVoucher:
    row_id, code, promotion_id, name, state, starts_at, ends_at, claimed_at = row
    return WalletVoucher(
        id=row_id,
        code=code,
        promotion_id=promotion_id,
        promotion_name=name,
        state=VoucherState(state),
        starts_at=starts_at,
        ends_at=ends_at,
        claimed_at=claimed_at,
    )


_OFFERS = (
    _offer.promotion_id,
    _promotion.name,
    _offer.claim_limit,
    _offer.claim_count,
    _offer.customer_limit,
    _offer.valid_days,
    _offer.starts_at,
    _offer.ends_at,
    _offer.created_at,
    _offer.version,
    func.coalesce(_claim.claim_count, 0),
)
_WITH_CLAIMS = (
    select(*_OFFERS)
    .join(promotions, _promotion.id == _offer.promotion_id)
    .outerjoin(
        voucher_claims,
        and_(
            _claim.promotion_id == _offer.promotion_id,
            _claim.batch_id == OF_THE_OFFER,
            _claim.customer_id == bindparam("customer_id"),
        ),
    )
)
_is_open = (
    status_column() == Status.ACTIVE.value,
    or_(_offer.starts_at.is_(None), _offer.starts_at <= _now),
    or_(_offer.ends_at.is_(None), _offer.ends_at > _now),
    or_(_offer.claim_limit.is_(None), _offer.claim_count < _offer.claim_limit),
)
_OFFER = statement(_WITH_CLAIMS.where(_offer.promotion_id == bindparam("id")))
_OPEN_COUNT = statement(
    select(func.count())
    .select_from(voucher_offers.join(promotions, _promotion.id == _offer.promotion_id))
    .where(*_is_open)
)


@lru_cache(maxsize=4)
def _offers_statement(window: tuple[bool, bool]) -> Statement:
    query = _WITH_CLAIMS.where(*_is_open)
    return statement(
        windowed(query, window, value=_offer.created_at, row=_offer.promotion_id, descending=True)
    )


def open_offers_page(
    connection: Connection,
    selection: Selection,
    *,
    customer_id: int | None,
    page: PageRequest,
    now: int,
) -> Page[VoucherOffer]:
    """What can be claimed now, newest first; the counts of claims are the customer's own."""
    window = window_of(page, CREATED_AT)
    found = _offers_statement(window.shape)
    rows = connection.rows(found, customer_id=customer_id or NOBODY, now=now, **window.params)
    rows, more = cut(rows, window)
    total = connection.scalar(_OPEN_COUNT, now=now) if selection.wants("total_count") else None
    nodes = [VoucherOffer(*row) for row in rows]

    def cursor(place: int) -> str:
        return make_cursor(CREATED_AT, nodes[place].created_at, nodes[place].promotion_id)

    return page_of(nodes, window, more, selection, cursor, total)


def offer_of(
    connection: Connection, promotion_id: int, *, customer_id: int | None
) -> VoucherOffer | None:
    """What is offered of a promotion, open or not; None when nothing is."""
    row = connection.one(_OFFER, id=promotion_id, customer_id=customer_id or NOBODY)
    return None if row is None else VoucherOffer(*row)
