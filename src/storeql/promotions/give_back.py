"""Gives back what an order took of its promotions when the order is undone, exactly once."""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, or_, update

from storeql.db import Connection, statement
from storeql.promotions.tables import (
    customer_usages,
    gift_stocks,
    promotions,
    redemptions,
    voucher_codes,
)
from storeql.promotions.takes import GivenGift

_promotion, _code, _gift, _usage = promotions.c, voucher_codes.c, gift_stocks.c, customer_usages.c

_RELEASE = statement(
    update(redemptions)
    .where(
        redemptions.c.order_id == bindparam("b_order_id"),
        redemptions.c.released_at.is_(None),
    )
    .values(released_at=bindparam("now"))
    .returning(
        redemptions.c.promotion_id,
        redemptions.c.customer_id,
        redemptions.c.code,
        redemptions.c.amount_minor,
        redemptions.c.gifts,
    )
)
# The counters are only kept while there is a limit, see `redeem`.
_PROMOTION_BACK = statement(
    update(promotions)
    .where(
        _promotion.id == bindparam("b_id"),
        or_(_promotion.usage_limit.is_not(None), _promotion.budget_minor.is_not(None)),
    )
    .values(
        usage_count=_promotion.usage_count - 1,
        budget_used_minor=_promotion.budget_used_minor - bindparam("amount"),
    )
)
_CODE_BACK = statement(
    update(voucher_codes)
    .where(_code.code == bindparam("b_code"), _code.usage_limit.is_not(None))
    .values(usage_count=_code.usage_count - 1)
)
_GIFT_BACK = statement(
    update(gift_stocks)
    .where(
        _gift.promotion_id == bindparam("b_promotion_id"),
        _gift.variant_id == bindparam("b_variant_id"),
        _gift.used >= bindparam("pieces"),
    )
    .values(used=_gift.used - bindparam("pieces"))
)
_CUSTOMER_BACK = statement(
    update(customer_usages)
    .where(
        _usage.promotion_id == bindparam("b_promotion_id"),
        _usage.customer_id == bindparam("b_customer_id"),
        _usage.usage_count > 0,
    )
    .values(usage_count=_usage.usage_count - 1)
)

_gifts = msgspec.json.Decoder(tuple[GivenGift, ...])


def give_back(connection: Connection, *, order_id: int, now: int) -> bool:
    """Releases all that the order redeemed; False when there was nothing left to release."""
    released = sorted(
        connection.rows(_RELEASE, b_order_id=order_id, now=now), key=lambda row: row[0]
    )
    for promotion_id, _, _, amount, _ in released:
        connection.run(_PROMOTION_BACK, b_id=promotion_id, amount=amount)
    for code in sorted(row[2] for row in released if row[2]):
        connection.run(_CODE_BACK, b_code=code)
    for promotion_id, _, _, _, gifts in released:
        for gift in _gifts.decode(gifts):
            connection.run(
                _GIFT_BACK,
                b_promotion_id=promotion_id,
                b_variant_id=gift.variant_id,
                pieces=gift.quantity,
            )
    for promotion_id, customer_id, *_ in released:
        if customer_id is not None:
            connection.run(_CUSTOMER_BACK, b_promotion_id=promotion_id, b_customer_id=customer_id)
    return bool(released)
