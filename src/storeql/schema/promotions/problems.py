"""User errors about promotions that carry data."""

import strawberry

from storeql.promotions import problems
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.problems import UserError
from storeql.schema.scalars import DateTime


@strawberry.type(
    name="VoucherLimitReached", description="A code, or a customer's share of it, is used up."
)
@answers(problems.VoucherLimitReached)
class VoucherLimitReachedError(UserError):
    """A code that holds for no more orders."""

    limit: int = attribute("For how many orders it was.")
    voucher_code: str = attribute("The code; empty when the promotion needs none.")

    @pure("The promotion it belongs to.")
    def promotion_id(self: problems.VoucherLimitReached) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)


@strawberry.type(
    name="PromotionExhausted", description="A promotion's uses or its budget are used up."
)
@answers(problems.PromotionExhausted)
class PromotionExhaustedError(UserError):
    """A promotion that holds for no more orders."""

    promotion_name: str = attribute("The promotion's name.")

    @pure("The promotion.")
    def promotion_id(self: problems.PromotionExhausted) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)


@strawberry.type(name="CampaignExhausted", description="A campaign's budget is used up.")
@answers(problems.CampaignExhausted)
class CampaignExhaustedError(UserError):
    """A campaign whose budget holds for no more orders."""

    campaign_name: str = attribute("The campaign's name.")

    @pure("The campaign.")
    def campaign_id(self: problems.CampaignExhausted) -> strawberry.ID:
        return opaque_id("Campaign", self.campaign_id)


@strawberry.type(
    name="QuotaExhausted", description="Fewer units are left at a promotion's price than wanted."
)
@answers(problems.QuotaExhausted)
class QuotaExhaustedError(UserError):
    """A variant that is sold out at a promotion's price."""

    promotion_name: str = attribute("The promotion's name.")
    wanted: int = attribute("Units that the price needs.")
    available: int = attribute("Units that are left.")

    @pure("The promotion.")
    def promotion_id(self: problems.QuotaExhausted) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)

    @pure("The variant.")
    def variant_id(self: problems.QuotaExhausted) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)


@strawberry.type(name="GiftOutOfStock", description="Fewer units of a gift are left than wanted.")
@answers(problems.GiftOutOfStock)
class GiftOutOfStockError(UserError):
    """A gift that is gone."""

    wanted: int = attribute("Units the price gives.")
    available: int = attribute("Units that are left.")

    @pure("The promotion that gives it.")
    def promotion_id(self: problems.GiftOutOfStock) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)

    @pure("The gift.")
    def variant_id(self: problems.GiftOutOfStock) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)


@strawberry.type(name="VoucherExpired", description="A code whose time is over.")
@answers(problems.VoucherExpired)
class VoucherExpiredError(UserError):
    """A code that came too late."""

    voucher_code: str = attribute("The code.")
    ended_at: DateTime = attribute("The instant it no longer held at.")


@strawberry.type(name="VoucherNotYetValid", description="A code whose time has not come.")
@answers(problems.VoucherNotYetValid)
class VoucherNotYetValidError(UserError):
    """A code that came too early."""

    voucher_code: str = attribute("The code.")
    starts_at: DateTime = attribute("From when it holds.")


@strawberry.type(name="VoucherNotClaimed", description="A code to be claimed before its use.")
@answers(problems.VoucherNotClaimed)
class VoucherNotClaimedError(UserError):
    """A code that is in nobody's wallet yet."""

    voucher_code: str = attribute("The code, for `voucherClaim`.")


@strawberry.type(name="VouchersAllClaimed", description="All vouchers of an offer are claimed.")
@answers(problems.VouchersAllClaimed)
class VouchersAllClaimedError(UserError):
    """An offer that has run out."""

    limit: int = attribute("How many there were.")

    @pure("The promotion whose vouchers they were.")
    def promotion_id(self: problems.VouchersAllClaimed) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)


@strawberry.type(
    name="VoucherClaimLimitReached", description="You claimed as many as one customer may."
)
@answers(problems.VoucherClaimLimitReached)
class VoucherClaimLimitReachedError(UserError):
    """A customer's share that is used up."""

    limit: int = attribute("How many one customer may claim.")

    @pure("The promotion whose vouchers they are.")
    def promotion_id(self: problems.VoucherClaimLimitReached) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)


PROMOTION_PROBLEMS: list[type] = [
    VoucherNotClaimedError,
    VouchersAllClaimedError,
    VoucherClaimLimitReachedError,
    VoucherExpiredError,
    VoucherNotYetValidError,
    VoucherLimitReachedError,
    PromotionExhaustedError,
    CampaignExhaustedError,
    QuotaExhaustedError,
    GiftOutOfStockError,
]
