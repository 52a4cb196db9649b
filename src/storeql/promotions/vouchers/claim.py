"""Puts a voucher into a customer's wallet: a new one of an offer, or one whose code they have.

Rows are touched in one order: the offer or the code, then the customer's count.
"""

from __future__ import annotations

import secrets

from msgspec import Struct
from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storeql.db import Connection, statement
from storeql.errors import Problem, Rejected, refuse
from storeql.events import tell
from storeql.promotions.event_kinds import VOUCHER_CLAIMED, ClaimFacts
from storeql.promotions.problems import (
    VoucherClaimLimitReached,
    VoucherExpired,
    VoucherLimitReached,
    VoucherNotYetValid,
    VouchersAllClaimed,
)
from storeql.promotions.records import Status
from storeql.promotions.set_up.states import status_column
from storeql.promotions.tables import (
    promotions,
    voucher_batches,
    voucher_claims,
    voucher_codes,
    voucher_offers,
)
from storeql.promotions.vouchers.codes import Draw, new_code, normal_code
from storeql.promotions.vouchers.guessing import UNKNOWN

DAY_MS = 24 * 60 * 60 * 1000
OF_THE_OFFER = 0

_offer, _code, _batch, _claim = (
    voucher_offers.c,
    voucher_codes.c,
    voucher_batches.c,
    voucher_claims.c,
)
_OFFER = statement(
    select(
        status_column(),
        _offer.claim_limit,
        _offer.customer_limit,
        _offer.valid_days,
        _offer.starts_at,
        _offer.ends_at,
    )
    .join(promotions, promotions.c.id == _offer.promotion_id)
    .where(_offer.promotion_id == bindparam("id"))
)
# Even an offer without a limit is counted: the row also says that it is still there.
_TAKE_ONE = statement(
    update(voucher_offers)
    .where(
        _offer.promotion_id == bindparam("b_id"),
        or_(_offer.claim_limit.is_(None), _offer.claim_count < _offer.claim_limit),
    )
    .values(claim_count=_offer.claim_count + 1)
)
_COUNT = statement(
    upsert(voucher_claims)
    .values(
        promotion_id=bindparam("promotion_id"),
        batch_id=bindparam("batch_id"),
        customer_id=bindparam("customer_id"),
        claim_count=1,
    )
    .on_conflict_do_update(
        index_elements=["promotion_id", "batch_id", "customer_id"],
        set_={"claim_count": _claim.claim_count + 1},
        where=_claim.claim_count < bindparam("most"),
    )
)
_ADD = statement(
    insert(voucher_codes).returning(_code.id),
    "promotion_id",
    "code",
    "usage_limit",
    "created_at",
    "ends_at",
    "customer_id",
    "claimed_at",
    "claim_first",
)
_FIND = statement(
    select(
        _code.id,
        _code.promotion_id,
        _code.batch_id,
        _code.customer_id,
        _code.ends_at,
        _code.usage_limit,
        _code.usage_count,
        _batch.valid_days,
        _batch.customer_limit,
    )
    .outerjoin(voucher_batches, _batch.id == _code.batch_id)
    .where(_code.code == bindparam("code"))
)
_TAKE_CODE = statement(
    update(voucher_codes)
    .where(
        _code.id == bindparam("b_id"),
        _code.customer_id.is_(None),
        or_(_code.usage_limit.is_(None), _code.usage_count < _code.usage_limit),
    )
    .values(
        customer_id=bindparam("new_customer_id"),
        claimed_at=bindparam("now"),
        ends_at=bindparam("new_ends_at", type_=_code.ends_at.type),
    )
)


class ClaimWish(Struct, frozen=True, kw_only=True):
    """A new voucher of a promotion's offer, or else the one with this code."""

    promotion_id: int | None = None
    code: str = ""


class _Found(Struct, frozen=True):
    """A code with what its batch says of claiming."""

    id: int
    promotion_id: int
    batch_id: int | None
    customer_id: int | None
    ends_at: int | None
    usage_limit: int | None
    usage_count: int
    valid_days: int | None
    customer_limit: int | None


def claim_offer(
    connection: Connection,
    promotion_id: int,
    *,
    customer_id: int,
    now: int,
    draw: Draw = secrets.randbelow,
) -> int:
    """The row number of a new voucher of the promotion's offer, the customer's alone.

    Raises Rejected: there is no such offer, it is not time, VouchersAllClaimed,
    VoucherClaimLimitReached.
    """
    row = connection.one(_OFFER, id=promotion_id, now=now)
    if row is None:
        raise refuse("NOT_FOUND", "There is nothing to claim of this promotion.", "voucher")
    status, limit, each, valid_days, starts_at, ends_at = row
    _refuse_closed(status, starts_at, ends_at, now)
    if not connection.run(_TAKE_ONE, b_id=promotion_id):
        message = "All of these vouchers have been claimed."
        raise Rejected(
            [VouchersAllClaimed(message=message, promotion_id=promotion_id, limit=limit or 0)]
        )
    _count(connection, promotion_id, OF_THE_OFFER, customer_id, most=each)
    voucher_id: int = connection.scalar(
        _ADD,
        promotion_id=promotion_id,
        code=new_code(draw=draw),
        usage_limit=1,
        created_at=now,
        ends_at=None if valid_days is None else now + valid_days * DAY_MS,
        customer_id=customer_id,
        claimed_at=now,
        claim_first=True,
    )
    _tell(connection, promotion_id, customer_id, now)
    return voucher_id


def claim_code(connection: Connection, typed: str, *, customer_id: int, now: int) -> int:
    """The row number of the voucher with this code, now the customer's alone.

    Claimed again by the same customer it is theirs already. Raises Rejected: unknown or somebody
    else's (the same to see), a code for everybody, over, used, VoucherClaimLimitReached.
    """
    code = normal_code(typed)
    row = connection.one(_FIND, code=code) if _may_be_code(code) else None
    found = None if row is None else _Found(*row)
    if found is None or found.customer_id not in (None, customer_id):
        raise _unknown()
    if found.customer_id == customer_id:
        return found.id
    _refuse_unclaimable(found, code, now)
    ends_at = _end_of(found, now)
    if not connection.run(
        _TAKE_CODE, b_id=found.id, new_customer_id=customer_id, now=now, new_ends_at=ends_at
    ):
        raise _unknown()  # somebody was faster
    if found.batch_id is not None and found.customer_limit is not None:
        most = found.customer_limit
        _count(connection, found.promotion_id, found.batch_id, customer_id, most=most)
    _tell(connection, found.promotion_id, customer_id, now)
    return found.id


def _refuse_closed(status: str, starts_at: int | None, ends_at: int | None, now: int) -> None:
    if status != Status.ACTIVE.value:
        raise refuse("NOT_FOUND", "There is nothing to claim of this promotion.", "voucher")
    problem: Problem | None = None
    if starts_at is not None and now < starts_at:
        message = "These vouchers cannot be claimed yet."
        problem = VoucherNotYetValid(message=message, voucher_code="", starts_at=starts_at)
    if ends_at is not None and now >= ends_at:
        message = "These vouchers can no longer be claimed."
        problem = VoucherExpired(message=message, voucher_code="", ended_at=ends_at)
    if problem is not None:
        raise Rejected([problem])


def _refuse_unclaimable(found: _Found, code: str, now: int) -> None:
    if found.batch_id is None:
        message = "This code is for everybody: enter it in the cart."
        raise refuse("VOUCHER_NOT_CLAIMABLE", message, "voucher", "code")
    if found.ends_at is not None and found.ends_at <= now:
        message = "This code has expired."
        raise Rejected([VoucherExpired(message=message, voucher_code=code, ended_at=found.ends_at)])
    if found.usage_limit is not None and found.usage_count >= found.usage_limit:
        message = "This code has been used as often as it may be."
        raise Rejected(
            [
                VoucherLimitReached(
                    message=message,
                    promotion_id=found.promotion_id,
                    voucher_code=code,
                    limit=found.usage_limit,
                )
            ]
        )


def _end_of(found: _Found, now: int) -> int | None:
    """The code's own end, or some days from now, whichever comes first."""
    if found.valid_days is None:
        return found.ends_at
    lifetime = now + found.valid_days * DAY_MS
    return lifetime if found.ends_at is None else min(found.ends_at, lifetime)


def _count(
    connection: Connection, promotion_id: int, batch_id: int, customer_id: int, *, most: int
) -> None:
    counted = connection.run(
        _COUNT, promotion_id=promotion_id, batch_id=batch_id, customer_id=customer_id, most=most
    )
    if not counted:
        message = f"You have claimed {most} already, which is all that one customer may."
        raise Rejected(
            [VoucherClaimLimitReached(message=message, promotion_id=promotion_id, limit=most)]
        )


def _tell(connection: Connection, promotion_id: int, customer_id: int, now: int) -> None:
    facts = ClaimFacts(customer_id=customer_id)
    tell(connection, VOUCHER_CLAIMED, promotion_id, now=now, facts=facts)


def _may_be_code(code: str) -> bool:
    return 0 < len(code) <= 64 and "\0" not in code


def _unknown() -> Rejected:
    return refuse(UNKNOWN, "There is no such code.", "voucher", "code")
