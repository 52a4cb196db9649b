"""Prices a basket again with a promotion that was not there, or in the place of another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from storeql.pricing import Basket, GiftItem, PricedCart, Promotion, PromotionType, Remaining, price
from storeql.promotions.active import compiled
from storeql.promotions.records import StoredPromotion
from storeql.promotions.rules.form import gift_variants
from storeql.promotions.stacking.settings import Stacking


class Trial(Struct, frozen=True, kw_only=True):
    """A promotion that is tried: it runs at any time, without a code unless it replaces one.

    `replaces` is the id of the promotion whose place it takes, codes included. `limits` is what it
    may grant from its launch on.
    """

    promotion: Promotion
    replaces: str | None
    limits: Remaining
    gift_variant_ids: tuple[str, ...]


class Used(Struct, kw_only=True):
    """What a trial has used of its limits so far."""

    uses: int = 0
    budget_minor: int = 0
    quota: dict[str, int] = {}
    gifts: dict[str, int] = {}


def trial_of(
    stored: StoredPromotion, kind: PromotionType[Any], stacking: Stacking, *, replaces: int | None
) -> Trial:
    """The promotion as it is tried; its rule must be readable."""
    assert stored.rule is not None
    promotion = compiled(stored, kind, stored.rule, stacking).promotion
    replace = msgspec.structs.replace
    window = replace(promotion.conditions.window, starts_at=None, ends_at=None)
    return Trial(
        promotion=replace(
            promotion,
            conditions=replace(promotion.conditions, window=window),
            needs_code=promotion.needs_code and replaces is not None,
        ),
        replaces=None if replaces is None else str(replaces),
        limits=Remaining(
            uses=stored.usage_limit,
            customer_uses=stored.customer_limit,
            budget_minor=stored.budget_minor,
            quota={str(one.variant_id): one.quantity for one in stored.quotas},
            gift_stock={str(one.variant_id): one.quantity for one in stored.gift_stocks},
        ),
        gift_variant_ids=gift_variants(stored.rule),
    )


def concerns(trial: Trial, basket: Basket, then: Sequence[Promotion]) -> bool:
    """False when the trial can change nothing in the basket."""
    if any(one.id in (trial.replaces, trial.promotion.id) for one in then):
        return True
    currency = trial.promotion.currency
    if currency is not None and currency != basket.currency:
        return False
    return any(trial.promotion.scope.holds(line) for line in basket.lines)


def replayed(
    trial: Trial,
    basket: Basket,
    then: Sequence[Promotion],
    *,
    gifts: Mapping[str, GiftItem],
    left: Remaining,
) -> PricedCart:
    """The price of the basket under the promotions of then, and the trial."""
    promotion = trial.promotion
    others = [one for one in then if one.id not in (trial.replaces, promotion.id)]
    return price(
        msgspec.structs.replace(
            basket,
            codes=_codes(trial, basket),
            gifts={**gifts, **basket.gifts},
            remaining={**basket.remaining, promotion.id: left},
        ),
        (*others, promotion),
    )


def left_of(trial: Trial, used: Used, *, customer_uses: int | None) -> Remaining:
    """What is left of the trial's limits; `customer_uses` is None for a guest."""
    limits = trial.limits
    by_customer = limits.customer_uses
    if by_customer is not None:
        by_customer = 0 if customer_uses is None else by_customer - customer_uses
    return Remaining(
        uses=None if limits.uses is None else limits.uses - used.uses,
        customer_uses=by_customer,
        budget_minor=None
        if limits.budget_minor is None
        else limits.budget_minor - used.budget_minor,
        quota={key: most - used.quota.get(key, 0) for key, most in limits.quota.items()},
        gift_stock={key: most - used.gifts.get(key, 0) for key, most in limits.gift_stock.items()},
    )


def use(trial: Trial, used: Used, after: PricedCart, granted_minor: int) -> None:
    """Counts what the trial granted in one order against its limits."""
    key = trial.promotion.id
    used.uses += 1
    used.budget_minor += granted_minor
    for line in after.lines:
        for allocation in line.allocations:
            if allocation.promotion_id == key:
                sold = used.quota.get(line.variant_id, 0)
                used.quota[line.variant_id] = sold + allocation.quantity
    for gift in after.gift_lines:
        if gift.promotion_id == key:
            used.gifts[gift.variant_id] = used.gifts.get(gift.variant_id, 0) + gift.quantity


def grants(priced: PricedCart, promotion_id: str) -> bool:
    """Whether the promotion grants anything, now or for the next order."""
    found = (entry for entry in priced.trace if entry.promotion_id == promotion_id)
    return any(entry.amount_minor or entry.vouchers for entry in found)


def granted_by(priced: PricedCart, promotion_id: str) -> int:
    """What the promotion granted, gifts at their price."""
    found = (entry.amount_minor for entry in priced.trace if entry.promotion_id == promotion_id)
    return next(found, 0)


def _codes(trial: Trial, basket: Basket) -> Any:
    if trial.replaces is None:
        return basket.codes
    return tuple(
        msgspec.structs.replace(code, promotion_id=trial.promotion.id)
        if code.promotion_id == trial.replaces
        else code
        for code in basket.codes
    )
