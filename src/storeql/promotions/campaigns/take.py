"""Takes an order's discounts from the budgets of their campaigns, and gives them back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import BindParameter, bindparam, select, update

from storeql.db import Connection, any_of, statement
from storeql.errors import Problem
from storeql.promotions.problems import CampaignExhausted
from storeql.promotions.tables import campaigns

Granted = tuple[int | None, int]
"""A campaign's row number (None for none) and an amount."""

_campaign = campaigns.c
_amount: BindParameter[int] = bindparam("amount")

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


def use_campaigns(
    connection: Connection, granted: Iterable[Granted], names: Mapping[int | None, str]
) -> Iterator[Problem]:
    """Takes money from the budgets of campaigns that have one, in ascending id; `names` are theirs.

    Yields a CampaignExhausted for each budget that does not hold it.
    """
    wanted = _sums(granted)
    for key in sorted(wanted):
        if connection.run(_USE, b_id=key, amount=wanted[key]) == 0:
            name = names[key]
            yield CampaignExhausted(
                message=f"The budget of the campaign {name} does not hold this order any more.",
                campaign_id=key,
                campaign_name=name,
            )


def give_campaigns_back(connection: Connection, granted: Iterable[Granted]) -> None:
    """Gives money back to the campaigns that have a budget now."""
    back = _sums(granted)
    if not back:
        return
    for key, budget in connection.rows(_HOLD, ids=sorted(back)):
        if budget is not None:
            connection.run(_BACK, b_id=key, amount=back[key])


def _sums(granted: Iterable[Granted]) -> Counter[int]:
    sums: Counter[int] = Counter()
    for campaign_id, amount in granted:
        if campaign_id is not None:
            sums[campaign_id] += amount
    return sums
