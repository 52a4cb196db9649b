"""What staff send about the limits of a promotion: by variant, and what of them is given back."""

import strawberry

import storeql.schema.promotions.words  # noqa: F401 - makes enums of Taken and CommitAt
from storeql.promotions.limits.policy import EVERYTHING, CommitAt, GiveBack, Taken
from storeql.promotions.set_up.inputs import GiftStockInput, QuotaInput
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


@strawberry.input(description="What an order that is undone gives back; gifts always go back.")
class PromotionGiveBackInput:
    """A promotion's policy; everything goes back where nothing is said."""

    on_cancel: list[Taken] = strawberry.field(
        default_factory=lambda: list(EVERYTHING), description="Of an order that was not paid."
    )
    on_refund: list[Taken] = strawberry.field(
        default_factory=lambda: list(EVERYTHING), description="Of an order that was paid."
    )
    commit_at: CommitAt = strawberry.field(
        default=CommitAt.PLACED,
        description="When an order that is paid later (on delivery) counts as paid.",
    )


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


def give_back_of(typed: PromotionGiveBackInput) -> GiveBack:
    """The policy of an input, each part once and in its order."""
    return GiveBack(
        on_cancel=tuple(one for one in EVERYTHING if one in typed.on_cancel),
        on_refund=tuple(one for one in EVERYTHING if one in typed.on_refund),
        commit_at=typed.commit_at,
    )
