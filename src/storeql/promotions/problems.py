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


class CampaignExhausted(Problem, frozen=True, kw_only=True):
    """The budget of a campaign does not hold this order any more."""

    campaign_id: int
    campaign_name: str
    code: str = "CAMPAIGN_EXHAUSTED"


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


class VoucherExpired(Problem, frozen=True, kw_only=True):
    """A code whose time is over; `ended_at` is the instant it no longer held at."""

    voucher_code: str
    ended_at: int
    code: str = "VOUCHER_EXPIRED"


class VoucherNotYetValid(Problem, frozen=True, kw_only=True):
    """A code whose time has not come; `starts_at` is when it does."""

    voucher_code: str
    starts_at: int
    code: str = "VOUCHER_NOT_YET_VALID"


class VoucherNotClaimed(Problem, frozen=True, kw_only=True):
    """A code that has to be claimed into a wallet before it is of use."""

    voucher_code: str
    code: str = "VOUCHER_NOT_CLAIMED"


class VouchersAllClaimed(Problem, frozen=True, kw_only=True):
    """An offer of which everything has been claimed; `limit` is how many there were."""

    promotion_id: int
    limit: int
    code: str = "VOUCHERS_ALL_CLAIMED"


class VoucherClaimLimitReached(Problem, frozen=True, kw_only=True):
    """This customer claimed as many as one customer may: `limit`."""

    promotion_id: int
    limit: int
    code: str = "VOUCHER_CLAIM_LIMIT_REACHED"
