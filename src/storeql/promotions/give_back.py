"""Gives back what an order took of its promotions when the order is undone, exactly once."""

from __future__ import annotations

import msgspec
from sqlalchemy import bindparam, or_, select, update

from storeql.db import Connection, any_of, statement
from storeql.promotions.quotas import give_quotas_back
from storeql.promotions.tables import (
    customer_usages,
    gift_stocks,
    promotions,
    redemptions,
    voucher_codes,
)
from storeql.promotions.takes import VariantUnits

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
        redemptions.c.pieces,
    )
)
# The counters are only kept while there is a limit, see `redeem`. The rows are held as by an order
# that redeems: staff who set a limit either count without this one or are waited for. Nothing is
# read of other tables here: while it waits, this statement would go on seeing their old rows.
_LIMITED = statement(
    select(
        _promotion.id,
        or_(_promotion.usage_limit.is_not(None), _promotion.budget_minor.is_not(None)),
    )
    .where(any_of(_promotion.id, "ids"))
    .order_by(_promotion.id)
    .with_for_update(read=True, key_share=True)
)
_PROMOTION_BACK = statement(
    update(promotions)
    .where(_promotion.id == bindparam("b_id"))
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

_gifts = msgspec.json.Decoder(tuple[VariantUnits, ...])


def give_back(connection: Connection, *, order_id: int, now: int) -> bool:
    """Releases all that the order redeemed; False when there was nothing left to release."""
    released = sorted(
        connection.rows(_RELEASE, b_order_id=order_id, now=now), key=lambda row: row[0]
    )
    if not released:
        return False
    limits = connection.rows(_LIMITED, ids=[row[0] for row in released])
    counted = {key for key, is_counted in limits if is_counted}
    for promotion_id, _, _, amount, *_ in released:
        if promotion_id in counted:
            connection.run(_PROMOTION_BACK, b_id=promotion_id, amount=amount)
    give_quotas_back(connection, {row[0]: row[5] for row in released})
    for code in sorted(row[2] for row in released if row[2]):
        connection.run(_CODE_BACK, b_code=code)
    for promotion_id, _, _, _, gifts, _ in released:
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
    return True
