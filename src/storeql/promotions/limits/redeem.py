"""Takes what a placed order uses of its promotions: uses, budgets, quotas, codes and gifts.

Rows are touched in one order here and in `give_back`: redemptions, promotions, campaigns, quotas,
codes, gift stock, customers; those of one table in ascending order of their keys. The redemption
comes first: its foreign keys hold the rows of promotion and campaign, so that a limit set at the
same moment either counts this order or is seen by it. It is held until the order is paid (`commit`)
or undone (`give_back`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, case, exists, insert, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storeql.db import Connection, statement
from storeql.errors import Problem, Rejected
from storeql.pricing import Basket, PricedCart
from storeql.promotions.campaigns.take import use_campaigns
from storeql.promotions.limits.commit import commit
from storeql.promotions.limits.holding import policy_of
from storeql.promotions.limits.policy import CommitAt, Paid
from storeql.promotions.limits.quotas import take_quotas
from storeql.promotions.limits.takes import Take, takes_of
from storeql.promotions.limits.use_codes import use_codes
from storeql.promotions.problems import GiftOutOfStock, PromotionExhausted, VoucherLimitReached
from storeql.promotions.tables import (
    campaigns,
    customer_usages,
    gift_stocks,
    promotions,
    redemptions,
    variant_quotas,
)

_promotion, _gift, _usage = promotions.c, gift_stocks.c, customer_usages.c

_REDEEM = statement(
    insert(redemptions).values(
        {
            name: bindparam(name)
            for name in (
                "promotion_id",
                "order_id",
                "customer_id",
                "code",
                "amount_minor",
                "gifts",
                "pieces",
                "vouchers",
                "redeemed_at",
                "committed_at",
            )
        }
        | {
            "campaign_id": select(_promotion.campaign_id)
            .where(_promotion.id == bindparam("promotion_id"))
            .scalar_subquery()
        }
    )
)
_HOLD = statement(
    update(redemptions)
    .where(
        redemptions.c.order_id == bindparam("b_order_id"),
        redemptions.c.promotion_id == bindparam("b_promotion_id"),
    )
    .values(committed_at=null())
)
_LIMITS = statement(
    select(
        _promotion.id,
        _promotion.name,
        _promotion.usage_limit,
        _promotion.customer_limit,
        _promotion.budget_minor,
        case((campaigns.c.budget_minor.is_not(None), campaigns.c.id)),
        campaigns.c.name,
        _promotion.terms,
        exists().where(variant_quotas.c.promotion_id == _promotion.id),
    )
    .join(redemptions, redemptions.c.promotion_id == _promotion.id)
    .outerjoin(campaigns, campaigns.c.id == redemptions.c.campaign_id)
    .where(redemptions.c.order_id == bindparam("order_id"))
    .order_by(_promotion.id)
)
_USE_PROMOTION = statement(
    update(promotions)
    .where(
        _promotion.id == bindparam("b_id"),
        or_(_promotion.usage_limit.is_(None), _promotion.usage_count < _promotion.usage_limit),
        or_(
            _promotion.budget_minor.is_(None),
            _promotion.budget_used_minor + bindparam("amount") <= _promotion.budget_minor,
        ),
    )
    .values(
        usage_count=_promotion.usage_count + 1,
        budget_used_minor=_promotion.budget_used_minor + bindparam("amount"),
    )
)
_USE_GIFT = statement(
    update(gift_stocks)
    .where(
        _gift.promotion_id == bindparam("b_promotion_id"),
        _gift.variant_id == bindparam("b_variant_id"),
        _gift.used + bindparam("pieces") <= _gift.quantity,
    )
    .values(used=_gift.used + bindparam("pieces"))
)
_GIFTS_LEFT = statement(
    select(_gift.quantity - _gift.used).where(
        _gift.promotion_id == bindparam("promotion_id"),
        _gift.variant_id == bindparam("variant_id"),
    )
)
_USE_BY_CUSTOMER = statement(
    upsert(customer_usages)
    .values(
        promotion_id=bindparam("promotion_id"), customer_id=bindparam("customer_id"), usage_count=1
    )
    .on_conflict_do_update(
        index_elements=["promotion_id", "customer_id"],
        set_={"usage_count": _usage.usage_count + 1},
        where=_usage.usage_count < bindparam("most"),
    )
)


class _Limits(Struct, frozen=True):
    name: str
    uses: int | None
    by_customer: int | None
    budget_minor: int | None
    campaign_id: int | None
    campaign_name: str | None
    terms: str
    has_quotas: bool


def redeem(
    connection: Connection,
    *,
    order_id: int,
    customer_id: int | None,
    basket: Basket,
    priced: PricedCart,
    paid: Paid,
    now: int,
) -> None:
    """Counts the order against everything its price used; call it inside the order's transaction.

    Raises Rejected with every limit that does not hold it: VoucherLimitReached,
    PromotionExhausted, CampaignExhausted, QuotaExhausted, GiftOutOfStock. Nothing is left taken
    then, once the caller rolls back.
    """
    takes = takes_of(basket, priced)
    if not takes:
        return
    committed_at = None if paid is Paid.NO else now
    connection.run_many(
        _REDEEM,
        [
            _redemption(take, order_id, customer_id, now) | {"committed_at": committed_at}
            for take in takes
        ],
    )
    limits = _limits(connection, order_id)
    if paid is Paid.LATER:
        _hold_until_paid(connection, order_id, limits)
    with_quotas = {key: limit.name for key, limit in limits.items() if limit.has_quotas}
    problems = [
        *_use_promotions(connection, takes, limits),
        *_use_campaigns(connection, takes, limits),
        *take_quotas(connection, takes, with_quotas),
        *use_codes(connection, takes, customer_id, now),
        *_use_gifts(connection, takes),
        *_use_by_customer(connection, takes, limits, customer_id),
    ]
    if problems:
        raise Rejected(problems)
    if paid is Paid.YES and priced.earned:
        commit(connection, order_id=order_id, paid=paid, now=now)


def _redemption(
    take: Take, order_id: int, customer_id: int | None, now: int
) -> dict[str, int | str | None]:
    return {
        "promotion_id": take.promotion_id,
        "order_id": order_id,
        "customer_id": customer_id,
        "code": take.code,
        "amount_minor": take.amount_minor,
        "gifts": msgspec.json.encode(take.gifts).decode(),
        "pieces": msgspec.json.encode(take.pieces).decode(),
        "vouchers": msgspec.json.encode(take.earned).decode(),
        "redeemed_at": now,
    }


def _hold_until_paid(connection: Connection, order_id: int, limits: Mapping[int, _Limits]) -> None:
    """Takes the commitment back for promotions whose orders only count once they are paid."""
    strict = [key for key, one in limits.items() if policy_of(one.terms).commit_at is CommitAt.PAID]
    connection.run_many(_HOLD, [{"b_order_id": order_id, "b_promotion_id": key} for key in strict])


def _use_campaigns(
    connection: Connection, takes: Sequence[Take], limits: Mapping[int, _Limits]
) -> Iterator[Problem]:
    granted = [(limits[take.promotion_id].campaign_id, take.amount_minor) for take in takes]
    names = {one.campaign_id: one.campaign_name or "" for one in limits.values()}
    return use_campaigns(connection, granted, names)


def _limits(connection: Connection, order_id: int) -> Mapping[int, _Limits]:
    rows = connection.rows(_LIMITS, order_id=order_id)
    return {row_id: _Limits(*limits) for row_id, *limits in rows}


def _use_promotions(
    connection: Connection, takes: Sequence[Take], limits: Mapping[int, _Limits]
) -> Iterator[Problem]:
    for take in takes:
        limit = limits[take.promotion_id]
        if limit.uses is None and limit.budget_minor is None:
            continue
        amount = take.amount_minor
        if connection.run(_USE_PROMOTION, b_id=take.promotion_id, amount=amount) == 0:
            yield PromotionExhausted(
                message=f"The promotion {limit.name} has just been used up.",
                promotion_id=take.promotion_id,
                promotion_name=limit.name,
            )


def _use_gifts(connection: Connection, takes: Sequence[Take]) -> Iterator[Problem]:
    for take in takes:
        for gift in take.gifts:
            key, variant_id, pieces = take.promotion_id, gift.variant_id, gift.quantity
            used = connection.run(
                _USE_GIFT, b_promotion_id=key, b_variant_id=variant_id, pieces=pieces
            )
            if used:
                continue
            left = connection.scalar(_GIFTS_LEFT, promotion_id=key, variant_id=variant_id)
            if left is not None:
                yield GiftOutOfStock(
                    message=f"Only {left} of this gift are left.",
                    promotion_id=key,
                    variant_id=variant_id,
                    wanted=pieces,
                    available=left,
                )


def _use_by_customer(
    connection: Connection,
    takes: Sequence[Take],
    limits: Mapping[int, _Limits],
    customer_id: int | None,
) -> Iterator[Problem]:
    for take in takes:
        most = limits[take.promotion_id].by_customer
        if most is None:
            continue
        if customer_id is None or not connection.run(
            _USE_BY_CUSTOMER, promotion_id=take.promotion_id, customer_id=customer_id, most=most
        ):
            yield VoucherLimitReached(
                message="This customer has used the promotion as often as it may be.",
                promotion_id=take.promotion_id,
                voucher_code=take.code,
                limit=most,
            )
