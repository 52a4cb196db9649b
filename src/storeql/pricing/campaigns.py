"""Campaigns: promotions that share one money budget, which a single cart may exceed together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from storeql.pricing.basket import Basket, Remaining
from storeql.pricing.priced import TraceEntry
from storeql.pricing.promotion import Promotion
from storeql.pricing.proposal import Missed

CONDITION = "campaign_budget_minor"


def over_campaigns(
    ordered: Sequence[Promotion], trace: Mapping[str, TraceEntry], basket: Basket
) -> dict[str, Missed]:
    """The promotions that have to go so that every campaign's budget holds; empty when all do.

    `ordered` is by (priority, id): the last that were granted something go first, as few as will
    do.
    """
    spent: dict[str, list[tuple[str, int]]] = {}
    for promotion in ordered:
        left, entry = basket.remaining.get(promotion.id), trace.get(promotion.id)
        if left and left.campaign_id and left.campaign_minor is not None and entry:
            spent.setdefault(left.campaign_id, []).append((promotion.id, entry.amount_minor))
    over: dict[str, Missed] = {}
    for granted in spent.values():
        over |= _over(granted, basket.remaining)
    return over


def _over(granted: list[tuple[str, int]], remaining: Mapping[str, Remaining]) -> dict[str, Missed]:
    over: dict[str, Missed] = {}
    total = sum(amount for _, amount in granted)
    for key, amount in reversed(granted):
        left = remaining[key].campaign_minor or 0
        if total <= left:
            break
        if amount:
            over[key] = Missed(
                condition=CONDITION, expected=total, found=left, shortfall=total - left
            )
            total -= amount
    return over
