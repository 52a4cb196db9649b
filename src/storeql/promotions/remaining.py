"""What is left of the limits of a basket's candidates, read in one statement however many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import and_, bindparam, func, literal, null, select, union_all

from storeql.db import Connection, any_of, statement
from storeql.pricing import Remaining
from storeql.promotions.tables import customer_usages, gift_stocks, promotions

NOBODY = 0

_promotion, _usage, _gift = promotions.c, customer_usages.c, gift_stocks.c

_LEFT = statement(
    union_all(
        select(
            literal(False),
            _promotion.id,
            _promotion.usage_limit - _promotion.usage_count,
            _promotion.customer_limit - func.coalesce(_usage.usage_count, 0),
            _promotion.budget_minor - _promotion.budget_used_minor,
        )
        .select_from(
            promotions.outerjoin(
                customer_usages,
                and_(
                    _usage.promotion_id == _promotion.id,
                    _usage.customer_id == bindparam("customer_id"),
                ),
            )
        )
        .where(any_of(_promotion.id, "limited_ids")),
        select(
            literal(True),
            _gift.promotion_id,
            _gift.variant_id,
            _gift.quantity - _gift.used,
            null(),
        ).where(any_of(_gift.promotion_id, "giving_ids")),
    )
)


def remaining_for(
    connection: Connection,
    limited_ids: Sequence[int],
    giving_ids: Sequence[int],
    *,
    customer_id: int | None,
) -> Mapping[str, Remaining]:
    """What is left by promotion id (as text), for those that have limits or give gifts away.

    A limit per customer is for customers who are signed in: a guest has no uses left of it.
    """
    if not limited_ids and not giving_ids:
        return {}
    left: dict[str, Remaining] = {}
    stock: dict[str, dict[str, int]] = {}
    rows = connection.rows(
        _LEFT,
        customer_id=customer_id or NOBODY,
        limited_ids=limited_ids,
        giving_ids=giving_ids,
    )
    for is_gift, promotion_id, first, second, third in rows:
        if is_gift:
            stock.setdefault(str(promotion_id), {})[str(first)] = second
        else:
            by_customer = 0 if second is not None and customer_id is None else second
            left[str(promotion_id)] = Remaining(
                uses=first, customer_uses=by_customer, budget_minor=third
            )
    return {key: _with_gifts(left.get(key), stock.get(key)) for key in {**left, **stock}}


def _with_gifts(left: Remaining | None, stock: Mapping[str, int] | None) -> Remaining:
    left = left or Remaining()
    return Remaining(
        uses=left.uses,
        customer_uses=left.customer_uses,
        budget_minor=left.budget_minor,
        gift_stock=stock or {},
    )
