"""Keeps a promotion's counters true when staff set a limit: recounted from what orders hold."""

from __future__ import annotations

from sqlalchemy import bindparam, case, delete, func, insert, select, update

from storeql.db import Connection, statement
from storeql.inputs import Fields
from storeql.promotions.limits.holding import holds
from storeql.promotions.limits.policy import Taken
from storeql.promotions.limits.variant_limits import variant_limits
from storeql.promotions.records import StoredPromotion
from storeql.promotions.tables import customer_usages, gift_stocks, promotions, redemptions

_redemption, _promotion = redemptions.c, promotions.c
_here = _redemption.promotion_id == bindparam("b_id")

_USED = statement(
    select(
        func.coalesce(func.sum(case((holds(Taken.USAGE), 1), else_=0)), 0),
        func.coalesce(func.sum(case((holds(Taken.BUDGET), _redemption.amount_minor), else_=0)), 0),
    ).where(_here)
)
_COUNT = statement(
    update(promotions)
    .where(_promotion.id == bindparam("b_id"))
    .values(usage_count=bindparam("uses"), budget_used_minor=bindparam("spent"))
)
_FORGET_CUSTOMERS = statement(
    delete(customer_usages).where(customer_usages.c.promotion_id == bindparam("b_id"))
)
_COUNT_CUSTOMERS = statement(
    insert(customer_usages).from_select(
        ["promotion_id", "customer_id", "usage_count"],
        select(_redemption.promotion_id, _redemption.customer_id, func.count())
        .where(_here, holds(Taken.USAGE), _redemption.customer_id.is_not(None))
        .group_by(_redemption.promotion_id, _redemption.customer_id),
    )
)
GIFT_STOCKS = variant_limits(
    gift_stocks,
    field="giftStocks",
    units=_redemption.gifts,
    counts=_redemption.released_at.is_(None),
)


def recount(
    connection: Connection, before: StoredPromotion, after: StoredPromotion, fields: Fields
) -> None:
    """Counts uses, money and customers anew for the limits that `after` has.

    Call it before the limits are written. A limit below what orders already hold is noted.
    """
    if after.usage_limit is not None or after.budget_minor is not None:
        uses, spent = connection.rows(_USED, b_id=before.id)[0]
        _check_used(after, int(uses), int(spent), fields)
        if not fields.problems:
            connection.run(_COUNT, b_id=before.id, uses=int(uses), spent=int(spent))
    if after.customer_limit is not None and before.customer_limit is None:
        connection.run(_FORGET_CUSTOMERS, b_id=before.id)
        connection.run(_COUNT_CUSTOMERS, b_id=before.id)


def _check_used(after: StoredPromotion, uses: int, spent: int, fields: Fields) -> None:
    if after.usage_limit is not None and uses > after.usage_limit:
        fields.report("LIMIT_BELOW_USED", f"Orders already used it {uses} times.", "usageLimit")
    if after.budget_minor is not None and spent > after.budget_minor:
        fields.report("LIMIT_BELOW_USED", "Orders already hold more than that.", "budget")
