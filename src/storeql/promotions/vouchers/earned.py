"""Vouchers that an order earned its buyer: into the wallet once it is completed, and out again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

import msgspec
import structlog
from sqlalchemy import bindparam, delete, insert, literal, select, update

from storeql.db import Connection, any_of, statement
from storeql.pricing import EarnedVouchers
from storeql.promotions.tables import promotions, redemptions, voucher_codes
from storeql.promotions.vouchers.claim import DAY_MS
from storeql.promotions.vouchers.codes import new_code

log = structlog.get_logger("storeql.vouchers")

NOTHING = "[]"

_code = voucher_codes.c
_GIVE = statement(
    update(redemptions)
    .where(
        redemptions.c.order_id == bindparam("b_order_id"),
        redemptions.c.released_at.is_(None),
        redemptions.c.vouchers_given_at.is_(None),
        redemptions.c.vouchers != literal(NOTHING),
    )
    .values(vouchers_given_at=bindparam("now"))
    .returning(redemptions.c.id, redemptions.c.customer_id, redemptions.c.vouchers)
)
_KNOWN = statement(select(promotions.c.id).where(any_of(promotions.c.id, "ids")))
_ADD = statement(
    insert(voucher_codes),
    "promotion_id",
    "code",
    "usage_limit",
    "created_at",
    "ends_at",
    "customer_id",
    "claimed_at",
    "claim_first",
    "redemption_id",
)
_TAKE_BACK = statement(
    delete(voucher_codes).where(any_of(_code.redemption_id, "redemptions"), _code.usage_count == 0)
)
_earned = msgspec.json.Decoder(tuple[EarnedVouchers, ...])


def give_earned(connection: Connection, order_id: int, *, now: int) -> int:
    """How many vouchers went into the buyer's wallet, of an order that is completed just now.

    Done twice, the second gives none. A voucher whose promotion is gone is left out and logged.
    """
    redeemed = connection.rows(_GIVE, b_order_id=order_id, now=now)
    found = [
        (redemption_id, customer_id, earned)
        for redemption_id, customer_id, text in sorted(redeemed, key=lambda row: row[0])
        if customer_id is not None
        for earned in _earned.decode(text)
    ]
    if not found:
        return 0
    wanted = {earned.voucher_promotion_id for _, _, earned in found}
    ids = sorted(int(key) for key in wanted if key.isascii() and key.isdecimal())
    known = {str(row_id) for (row_id,) in connection.rows(_KNOWN, ids=ids)}
    if missing := wanted - known:
        log.warning("voucher_promotion_gone", promotions=sorted(missing))
    codes = [
        code
        for redemption_id, customer_id, earned in found
        if earned.voucher_promotion_id in known
        for code in _codes(earned, redemption_id, customer_id, now)
    ]
    connection.run_many(_ADD, codes)
    return len(codes)


def take_earned_back(connection: Connection, redemption_ids: Sequence[int]) -> int:
    """How many of the vouchers that these redemptions earned went; one that was used stays."""
    return connection.run(_TAKE_BACK, redemptions=redemption_ids)


def _codes(
    earned: EarnedVouchers, redemption_id: int, customer_id: int, now: int
) -> list[dict[str, Any]]:
    days = earned.valid_days
    return [
        {
            "promotion_id": int(earned.voucher_promotion_id),
            "code": new_code(draw=secrets.randbelow),
            "usage_limit": 1,
            "created_at": now,
            "ends_at": None if days is None else now + days * DAY_MS,
            "customer_id": customer_id,
            "claimed_at": now,
            "claim_first": True,
            "redemption_id": redemption_id,
        }
        for _ in range(earned.quantity)
    ]
