"""The explained price: from the list price by every discount to the total, and why not more."""

from collections.abc import Sequence

import strawberry
from msgspec import Struct

from storeql.carts import price_records as records
from storeql.carts.shopper_messages import next_step_message
from storeql.pricing import Lane
from storeql.schema.carts.price_source import PriceSource
from storeql.schema.carts.trace import LaneAnswer, LaneResult, PriceRemark, PromotionExplanation
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.money import Money, money, money_or_none
from storeql.schema.promotions.words import LocalizedText


class FundedAmount(Struct, frozen=True):
    """The record behind DiscountFunding."""

    funder: str
    amount: Money


@strawberry.type(description="The part of a discount that one party pays.")
@answers(FundedAmount)
class DiscountFunding:
    """A funder's part."""

    funder: str = attribute("Who pays: shop, platform, or a supplier.")
    amount: Money = attribute("How much of the discount.")


@strawberry.type(description="What one promotion takes off a line, a gift or the delivery.")
@answers(records.AppliedDiscount)
class AppliedDiscount:
    """A discount with its promotion."""

    promotion_name: str = attribute("The promotion's name at that time.")
    promotion_version: int = attribute("The version of the promotion that was applied.")
    lane: Lane = attribute("When in the calculation it was granted.")

    @pure("The promotion's id.")
    def promotion_id(self: records.AppliedDiscount) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)

    @pure("How much it takes off.")
    def amount(self: records.AppliedDiscount) -> Money:
        return money(self.amount_minor, self.currency)

    @pure("Who pays for it; the parts sum to the amount.")
    def fundings(self: records.AppliedDiscount) -> Sequence[DiscountFunding]:
        return [
            FundedAmount(part.funder, money(part.amount_minor, self.currency))  # type: ignore[misc]
            for part in self.fundings
        ]


class PricedUnits(Struct, frozen=True):
    """The record behind UnitPriceGroup."""

    quantity: int
    price: Money


@strawberry.type(description="Pieces of a line that cost the same each.")
@answers(PricedUnits)
class UnitPriceGroup:
    """Unit prices of a line."""

    quantity: int = attribute("How many pieces.")
    price: Money = attribute("What one of them costs after single-item offers.")


@strawberry.type(description="A cart line from its list price to what it costs.")
@answers(records.ExplainedLine)
class CartLinePrice:
    """A line's explained price; amounts are for the whole line."""

    quantity: int = attribute("How many pieces.")
    discounts: Sequence[AppliedDiscount] = attribute("What comes off, in the order of lanes.")

    @pure("What made the list price.")
    def price_source(self: records.ExplainedLine) -> PriceSource:
        return self.source  # type: ignore[return-value]

    @pure("The cart line's id.")
    def line_id(self: records.ExplainedLine) -> strawberry.ID:
        return opaque_id("CartLine", self.line_id)

    @pure("The variant's id.")
    def variant_id(self: records.ExplainedLine) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)

    @pure("All pieces at list price.")
    def list_price(self: records.ExplainedLine) -> Money:
        return money(self.list_minor, self.currency)

    @pure("What the line costs: the list price without all discounts.")
    def net_price(self: records.ExplainedLine) -> Money:
        return money(self.net_minor, self.currency)

    @pure("The tax in it.")
    def tax(self: records.ExplainedLine) -> Money:
        return money(self.tax_minor, self.currency)

    @pure("Unit prices after single-item offers, dearest first.")
    def unit_prices(self: records.ExplainedLine) -> Sequence[UnitPriceGroup]:
        return [
            PricedUnits(units.quantity, money(units.unit_minor, self.currency))  # type: ignore[misc]
            for units in self.units
        ]


@strawberry.type(description="Pieces that a promotion adds, free or at a special price.")
@answers(records.ExplainedGift)
class CartGift:
    """A gift line."""

    sku: str = attribute("The stock keeping unit.")
    name: str = attribute("The name people see.")
    quantity: int = attribute("How many pieces.")
    discount: AppliedDiscount = attribute("The promotion that gives it.")

    @pure("The variant's id.")
    def variant_id(self: records.ExplainedGift) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)

    @pure("All pieces at list price.")
    def list_price(self: records.ExplainedGift) -> Money:
        return money(self.list_minor, self.currency)

    @pure("What is paid for them.")
    def net_price(self: records.ExplainedGift) -> Money:
        return money(self.net_minor, self.currency)


@strawberry.type(description="The delivery from its list price to what it costs.")
@answers(records.ExplainedShipping)
class CartShipping:
    """The delivery's explained price."""

    method: str = attribute("The delivery method's slug.")
    name: str = attribute("The name people see.")
    discounts: Sequence[AppliedDiscount] = attribute("What comes off.")

    @pure("The delivery at list price.")
    def list_price(self: records.ExplainedShipping) -> Money:
        return money(self.list_minor, self.currency)

    @pure("What the delivery costs.")
    def net_price(self: records.ExplainedShipping) -> Money:
        return money(self.net_minor, self.currency)


@strawberry.type(
    description="A little more that promotions reward, the one that gains most for its money."
)
@answers(records.NextOffer)
class CartNextStep:
    """The best next step."""

    promotion_name: str = attribute("The promotion's name.")

    @pure("Pieces to add to a line; null where it is an amount.")
    def add_pieces(self: records.NextOffer) -> int | None:
        return self.pieces

    @pure("The promotion whose threshold or tier it reaches.")
    def promotion_id(self: records.NextOffer) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)

    @pure("The line to add pieces to; null where it is an amount.")
    def line_id(self: records.NextOffer) -> strawberry.ID | None:
        return None if self.line_id is None else opaque_id("CartLine", self.line_id)

    @pure("What has to be added, at the price that goods in its scope cost now.")
    def spend_more(self: records.NextOffer) -> Money:
        return money(self.spend_minor, self.currency)

    @pure("How much less the cart costs then than it and the added goods cost now.")
    def gain(self: records.NextOffer) -> Money:
        return money(self.gain_minor, self.currency)

    @pure("The same in a sentence for the buyer.")
    def message(self: records.NextOffer) -> LocalizedText:
        return next_step_message(self)  # type: ignore[return-value]


@strawberry.type(description="What a cart costs and how that comes about; the parts sum up.")
@answers(records.CartPrice)
class CartPrice:
    """An explained price."""

    lines: Sequence[CartLinePrice] = attribute("Each available line, in the cart's order.")
    gifts: Sequence[CartGift] = attribute("What promotions add.")
    shipping: CartShipping | None = attribute("The delivery; null until one is chosen.")
    trace: Sequence[PromotionExplanation] = attribute(
        "One entry per candidate promotion: what it did, or why it did nothing."
    )
    next_step: CartNextStep | None = attribute(
        "The best next step; null when nothing is within reach. Worked out when it is asked for."
    )
    annotations: Sequence[PriceRemark] = attribute("Things to tell the buyer.")
    refusals: Sequence[PriceRemark] = attribute("Reasons why the cart cannot be ordered.")
    gift_count: int = attribute(
        "How many gift pieces come with it: may be confirmed with `orderPlace`."
    )
    unmatched_codes: Sequence[str] = attribute("Entered codes that no running promotion takes.")

    @pure("The lines at list price.")
    def list_total(self: records.CartPrice) -> Money:
        return money(self.list_minor, self.currency)

    @pure("What comes off the lines.")
    def discount_total(self: records.CartPrice) -> Money:
        return money(self.discount_minor, self.currency)

    @pure("What gifts save against their list prices; not part of the discount.")
    def gift_total(self: records.CartPrice) -> Money:
        return money(self.gift_minor, self.currency)

    @pure("What lines and gifts cost.")
    def subtotal(self: records.CartPrice) -> Money:
        return money(self.subtotal_minor, self.currency)

    @pure("What the delivery costs after discounts.")
    def shipping_total(self: records.CartPrice) -> Money:
        return money(self.shipping_minor, self.currency)

    @pure("The tax.")
    def tax_total(self: records.CartPrice) -> Money:
        return money(self.tax_minor, self.currency)

    @pure("What the buyer pays: confirm it with `orderPlace`.")
    def total(self: records.CartPrice) -> Money:
        return money(self.total_minor, self.currency)

    @pure("How each lane was solved.")
    def lanes(self: records.CartPrice) -> Sequence[LaneResult]:
        return [
            LaneAnswer(  # type: ignore[misc]
                lane.lane,
                money(lane.saving_minor, self.currency),
                money_or_none(lane.gap_minor, self.currency),
                lane.nodes,
            )
            for lane in self.lanes
        ]
