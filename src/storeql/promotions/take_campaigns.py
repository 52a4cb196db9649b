"""Takes an order's discounts from the budgets of their campaigns, and gives them back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import BindParameter, bindparam, select, update

from storeql.db import Connection, any_of, statement
from storeql.errors import Problem
from storeql.promotions.problems import CampaignExhausted
from storeql.promotions.tables import campaigns, redemptions
from storeql.promotions.takes import Take

_campaign = campaigns.c
_amount: BindParameter[int] = bindparam("amount")

# Its foreign key holds the campaign: a budget set at the same moment counts this order, or is seen.
_NAME = statement(
    update(redemptions)
    .where(
        redemptions.c.order_id == bindparam("b_order_id"),
        redemptions.c.promotion_id == bindparam("b_promotion_id"),
    )
    .values(campaign_id=bindparam("campaign"))
)
_WITH_BUDGET = statement(
    select(_campaign.id, _campaign.name)
    .where(any_of(_campaign.id, "ids"), _campaign.budget_minor.is_not(None))
    .order_by(_campaign.id)
)
_USE = statement(
    update(campaigns)
    .where(
        _campaign.id == bindparam("b_id"),
        _campaign.budget_used_minor + _amount <= _campaign.budget_minor,
    )
    .values(budget_used_minor=_campaign.budget_used_minor + _amount)
)
_HOLD = statement(
    select(_campaign.id, _campaign.budget_minor)
    .where(any_of(_campaign.id, "ids"))
    .order_by(_campaign.id)
    .with_for_update(read=True, key_share=True)
)
_BACK = statement(
    update(campaigns)
    .where(_campaign.id == bindparam("b_id"))
    .values(budget_used_minor=_campaign.budget_used_minor - _amount)
)


def name_campaigns(
    connection: Connection, takes: Sequence[Take], campaigns_of: Mapping[int, int], *, order_id: int
) -> None:
    """Keeps with each redemption the campaign (by promotion) its promotion belongs to now."""
    connection.run_many(
        _NAME,
        [
            {
                "b_order_id": order_id,
                "b_promotion_id": take.promotion_id,
                "campaign": campaigns_of[take.promotion_id],
            }
            for take in takes
            if take.promotion_id in campaigns_of
        ],
    )


def use_campaigns(
    connection: Connection, takes: Sequence[Take], campaigns_of: Mapping[int, int]
) -> Iterator[Problem]:
    """Takes the money; yields a CampaignExhausted for each budget that does not hold it."""
    wanted: Counter[int] = Counter()
    for take in takes:
        if take.promotion_id in campaigns_of:
            wanted[campaigns_of[take.promotion_id]] += take.amount_minor
    if not wanted:
        return
    for key, name in connection.rows(_WITH_BUDGET, ids=sorted(wanted)):
        if connection.run(_USE, b_id=key, amount=wanted[key]) == 0:
            yield CampaignExhausted(
                message=f"The budget of the campaign {name} does not hold this order any more.",
                campaign_id=key,
                campaign_name=name,
            )


def give_campaigns_back(connection: Connection, granted: Iterable[tuple[int | None, int]]) -> None:
    """Gives money back to campaigns: pairs of a campaign, None for none, and an amount."""
    back: Counter[int] = Counter()
    for campaign_id, amount in granted:
        if campaign_id is not None:
            back[campaign_id] += amount
    if not back:
        return
    for key, budget in connection.rows(_HOLD, ids=sorted(back)):
        if budget is not None:
            connection.run(_BACK, b_id=key, amount=back[key])
