"""User errors about promotions that carry data."""

import strawberry

from storeql.promotions import problems
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.problems import UserError


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


PROMOTION_PROBLEMS: list[type] = [
    VoucherLimitReachedError,
    PromotionExhaustedError,
    QuotaExhaustedError,
    GiftOutOfStockError,
]
