"""Uses the codes of an order: each while it has a use left, holds, and is the buyer's to use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import and_, bindparam, or_, select, update

from storeql.db import Connection, statement
from storeql.errors import Problem
from storeql.promotions.limits.remaining import NOBODY
from storeql.promotions.limits.takes import Take
from storeql.promotions.problems import VoucherLimitReached
from storeql.promotions.tables import voucher_codes
from storeql.promotions.vouchers.guessing import UNKNOWN

_code = voucher_codes.c

_USE_CODE = statement(
    update(voucher_codes)
    .where(
        _code.promotion_id == bindparam("b_promotion_id"),
        _code.code == bindparam("b_code"),
        or_(_code.usage_limit.is_(None), _code.usage_count < _code.usage_limit),
        or_(_code.starts_at.is_(None), _code.starts_at <= bindparam("now")),
        or_(_code.ends_at.is_(None), _code.ends_at > bindparam("now")),
        or_(
            _code.customer_id == bindparam("customer_id"),
            and_(_code.customer_id.is_(None), _code.claim_first.is_(False)),
        ),
    )
    .values(usage_count=_code.usage_count + 1)
)
_CODE_LIMIT = statement(
    select(_code.usage_limit, _code.customer_id).where(
        _code.promotion_id == bindparam("promotion_id"), _code.code == bindparam("code")
    )
)


def use_codes(
    connection: Connection, takes: Sequence[Take], customer_id: int | None, now: int
) -> Iterator[Problem]:
    """Counts one use of every code that has a number of them; what is in the way of the others."""
    for take in sorted(takes, key=lambda take: take.code):
        if not take.code_is_limited:
            continue
        key = take.promotion_id
        if not connection.run(
            _USE_CODE,
            b_promotion_id=key,
            b_code=take.code,
            customer_id=customer_id or NOBODY,
            now=now,
        ):
            yield _unusable(connection, take, customer_id)


def _unusable(connection: Connection, take: Take, customer_id: int | None) -> Problem:
    """Why a code that priced the order a moment ago is of no use: used up, or claimed."""
    found = connection.one(_CODE_LIMIT, promotion_id=take.promotion_id, code=take.code)
    limit, owner = found or (0, None)
    if owner not in (None, customer_id):
        return Problem(code=UNKNOWN, message=f"There is no code {take.code}.")
    return VoucherLimitReached(
        message=f"The code {take.code} has been used as often as it may be.",
        promotion_id=take.promotion_id,
        voucher_code=take.code,
        limit=limit or 0,
    )
