"""Keeps a promotion's counters true when staff set a limit: recounted from what orders hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
from sqlalchemy import (
    BigInteger,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from storeql.db import Connection, statement
from storeql.inputs import Fields
from storeql.promotions.limits.holding import holds
from storeql.promotions.limits.policy import Taken
from storeql.promotions.limits.takes import VariantUnits
from storeql.promotions.records import StoredPromotion
from storeql.promotions.set_up.inputs import GiftStockInput
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
_GIVEN = statement(
    select(_redemption.gifts).where(
        _here, _redemption.released_at.is_(None), _redemption.gifts != literal("[]")
    )
)
_FORGET_STOCKS = statement(
    delete(gift_stocks).where(gift_stocks.c.promotion_id == bindparam("b_id"))
)
_ADD_STOCK = statement(insert(gift_stocks), "promotion_id", "variant_id", "quantity", "used")

_COPY_STOCKS = statement(
    insert(gift_stocks).from_select(
        ["promotion_id", "variant_id", "quantity"],
        select(
            cast(bindparam("copy_id"), BigInteger), gift_stocks.c.variant_id, gift_stocks.c.quantity
        ).where(gift_stocks.c.promotion_id == bindparam("original_id")),
    )
)

_gifts = msgspec.json.Decoder(tuple[VariantUnits, ...])


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


def set_gift_stocks(
    connection: Connection, promotion_id: int, stocks: Sequence[GiftStockInput], fields: Fields
) -> None:
    """Replaces the gift stocks; what orders were already given counts against the new ones."""
    given: Counter[int] = Counter()
    for (gifts,) in connection.rows(_GIVEN, b_id=promotion_id):
        for gift in _gifts.decode(gifts):
            given[gift.variant_id] += gift.quantity
    for place, stock in enumerate(stocks):
        if stock.quantity < given[stock.variant_id]:
            message = f"Orders already hold {given[stock.variant_id]} of it."
            fields.report("LIMIT_BELOW_USED", message, "giftStocks", str(place), "quantity")
    if fields.problems:
        return
    connection.run(_FORGET_STOCKS, b_id=promotion_id)
    connection.run_many(
        _ADD_STOCK,
        [
            {
                "promotion_id": promotion_id,
                "variant_id": stock.variant_id,
                "quantity": stock.quantity,
                "used": given[stock.variant_id],
            }
            for stock in sorted(stocks, key=lambda stock: stock.variant_id)
        ],
    )


def copy_gift_stocks(connection: Connection, original_id: int, copy_id: int) -> None:
    """Gives a copy the gift stocks of its original, none of them used."""
    connection.run(_COPY_STOCKS, original_id=original_id, copy_id=copy_id)


def _check_used(after: StoredPromotion, uses: int, spent: int, fields: Fields) -> None:
    if after.usage_limit is not None and uses > after.usage_limit:
        fields.report("LIMIT_BELOW_USED", f"Orders already used it {uses} times.", "usageLimit")
    if after.budget_minor is not None and spent > after.budget_minor:
        fields.report("LIMIT_BELOW_USED", "Orders already hold more than that.", "budget")
