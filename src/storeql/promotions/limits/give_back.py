"""Gives back what an order took of its promotions when the order is undone, exactly once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import and_, bindparam, literal, or_, select, update

from storeql.db import Connection, any_of, statement
from storeql.promotions.campaigns.take import give_campaigns_back
from storeql.promotions.limits.holding import keep, policy_of
from storeql.promotions.limits.policy import Taken
from storeql.promotions.limits.quotas import give_quotas_back
from storeql.promotions.limits.takes import VariantUnits
from storeql.promotions.tables import (
    customer_usages,
    gift_stocks,
    promotions,
    redemptions,
    voucher_codes,
)
from storeql.promotions.vouchers.earned import NOTHING, take_earned_back

_promotion, _code, _gift, _usage = promotions.c, voucher_codes.c, gift_stocks.c, customer_usages.c

_RELEASE = statement(
    update(redemptions)
    .where(
        redemptions.c.order_id == bindparam("b_order_id"),
        redemptions.c.released_at.is_(None),
    )
    .values(released_at=bindparam("now"))
    .returning(
        redemptions.c.id,
        redemptions.c.promotion_id,
        redemptions.c.customer_id,
        redemptions.c.campaign_id,
        redemptions.c.code,
        redemptions.c.amount_minor,
        redemptions.c.gifts,
        redemptions.c.pieces,
        redemptions.c.committed_at,
        and_(
            redemptions.c.vouchers_given_at.is_not(None), redemptions.c.vouchers != literal(NOTHING)
        ),
    )
)
# The counters are only kept while there is a limit, see `redeem`. The rows are held as by an order
# that redeems: staff who set a limit either count without this one or are waited for. Nothing is
# read of other tables here: while it waits, this statement would go on seeing their old rows.
_LIMITED = statement(
    select(
        _promotion.id,
        or_(_promotion.usage_limit.is_not(None), _promotion.budget_minor.is_not(None)),
        _promotion.terms,
    )
    .where(any_of(_promotion.id, "ids"))
    .order_by(_promotion.id)
    .with_for_update(read=True, key_share=True)
)
_PROMOTION_BACK = statement(
    update(promotions)
    .where(_promotion.id == bindparam("b_id"))
    .values(
        usage_count=_promotion.usage_count - bindparam("uses"),
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


class _Released(Struct, frozen=True):
    id: int
    promotion_id: int
    customer_id: int | None
    campaign_id: int | None
    code: str
    amount_minor: int
    gifts: str
    pieces: str
    committed_at: int | None
    has_vouchers: bool


class _Undone(Struct, frozen=True):
    """A released redemption, what of it goes back, and whether its promotion has counters."""

    released: _Released
    back: frozenset[Taken]
    is_counted: bool


def give_back(connection: Connection, *, order_id: int, now: int) -> bool:
    """Releases all that the order redeemed; False when there was nothing left to release.

    What goes back is for each promotion's policy to say: of an order that was not paid (its
    redemption was only held) and of one that was.
    """
    rows = connection.rows(_RELEASE, b_order_id=order_id, now=now)
    if not rows:
        return False
    released = [_Released(*row) for row in rows]
    if any(one.has_vouchers for one in released):
        take_earned_back(connection, [one.id for one in released])
    undone = _undone(connection, released)
    keep(connection, [(one.released.id, one.back) for one in undone])
    _give_counters_back(connection, undone)
    give_campaigns_back(
        connection,
        [
            (one.released.campaign_id, one.released.amount_minor)
            for one in _with(undone, Taken.BUDGET)
        ],
    )
    quotas = _with(undone, Taken.QUOTA)
    give_quotas_back(connection, {one.released.promotion_id: one.released.pieces for one in quotas})
    for code in sorted(one.released.code for one in _with(undone, Taken.CODE)):
        if code:
            connection.run(_CODE_BACK, b_code=code)
    _give_gifts_back(connection, undone)
    _give_customers_back(connection, _with(undone, Taken.USAGE))
    return True


def _undone(connection: Connection, released: Sequence[_Released]) -> list[_Undone]:
    """Ascending promotion."""
    rows = connection.rows(_LIMITED, ids=[one.promotion_id for one in released])
    held = {key: (bool(is_counted), policy_of(terms)) for key, is_counted, terms in rows}
    undone = []
    for one in sorted(released, key=lambda one: one.promotion_id):
        is_counted, policy = held[one.promotion_id]
        back = policy.on_cancel if one.committed_at is None else policy.on_refund
        undone.append(_Undone(one, frozenset(back), is_counted))
    return undone


def _with(undone: Sequence[_Undone], taken: Taken) -> list[_Undone]:
    return [one for one in undone if taken in one.back]


def _give_counters_back(connection: Connection, undone: Sequence[_Undone]) -> None:
    for one in undone:
        uses = int(Taken.USAGE in one.back)
        amount = one.released.amount_minor if Taken.BUDGET in one.back else 0
        if one.is_counted and (uses or amount):
            connection.run(
                _PROMOTION_BACK, b_id=one.released.promotion_id, uses=uses, amount=amount
            )


def _give_gifts_back(connection: Connection, undone: Sequence[_Undone]) -> None:
    for one in undone:
        for gift in _gifts.decode(one.released.gifts):
            connection.run(
                _GIFT_BACK,
                b_promotion_id=one.released.promotion_id,
                b_variant_id=gift.variant_id,
                pieces=gift.quantity,
            )


def _give_customers_back(connection: Connection, undone: Sequence[_Undone]) -> None:
    for one in undone:
        promotion_id, customer_id = one.released.promotion_id, one.released.customer_id
        if customer_id is not None:
            connection.run(_CUSTOMER_BACK, b_promotion_id=promotion_id, b_customer_id=customer_id)
