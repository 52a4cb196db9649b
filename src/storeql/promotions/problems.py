"""What can stand between a shopper and a promotion at placement, with its data."""

from __future__ import annotations

from storeql.errors import Problem


class VoucherLimitReached(Problem, frozen=True, kw_only=True):
    """A code, or this customer's share of a promotion, is used up; `limit` is how often in all."""

    promotion_id: int
    voucher_code: str
    limit: int
    code: str = "VOUCHER_LIMIT_REACHED"


class PromotionExhausted(Problem, frozen=True, kw_only=True):
    """A promotion's uses or its budget do not hold this order any more."""

    promotion_id: int
    promotion_name: str
    code: str = "PROMOTION_EXHAUSTED"


class QuotaExhausted(Problem, frozen=True, kw_only=True):
    """Fewer units of a variant are left at a promotion's price than the order needs."""

    promotion_id: int
    promotion_name: str
    variant_id: int
    wanted: int
    available: int
    code: str = "QUOTA_EXHAUSTED"


class GiftOutOfStock(Problem, frozen=True, kw_only=True):
    """Fewer units of a gift are left than the price gives; `available` is how many."""

    promotion_id: int
    variant_id: int
    wanted: int
    available: int
    code: str = "GIFT_OUT_OF_STOCK"
