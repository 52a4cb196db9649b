"""What staff send about the limits of a promotion that hold by variant."""

import strawberry

from storeql.promotions.inputs import GiftStockInput, QuotaInput
from storeql.schema.ids import row_of


@strawberry.input(description="How many units of a gift a promotion may give away in all.")
class PromotionGiftStockInput:
    """A gift's stock."""

    variant_id: strawberry.ID = strawberry.field(description="A gift of the rule.")
    quantity: int = strawberry.field(description="Units over the promotion's whole life.")


@strawberry.input(description="How many units of a variant may be sold at the promotion's price.")
class PromotionQuotaInput:
    """A variant's quota."""

    variant_id: strawberry.ID = strawberry.field(description="The variant.")
    quantity: int = strawberry.field(description="Units over the promotion's whole life.")


def gift_stocks_of(typed: list[PromotionGiftStockInput]) -> tuple[GiftStockInput, ...]:
    """The gift stocks of an input."""
    return tuple(
        GiftStockInput(row_of("ProductVariant", stock.variant_id), stock.quantity)
        for stock in typed
    )


def quotas_of(typed: list[PromotionQuotaInput]) -> tuple[QuotaInput, ...]:
    """The quotas of an input."""
    return tuple(
        QuotaInput(row_of("ProductVariant", quota.variant_id), quota.quantity) for quota in typed
    )
