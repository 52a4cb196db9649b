"""What discounts cost in the schema, told apart by who pays, promotion and campaign."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.orders.promotion_watch import discount_costs as domain
from storeql.orders.promotion_watch.discount_costs import (
    EVERY_DIMENSION,
    MOST_ROWS,
    CostDimension,
    Period,
)
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import opaque_id
from storeql.schema.money import Money, money
from storeql.schema.mutation import context_of
from storeql.schema.optional import row_or_none
from storeql.schema.scalars import CurrencyCode, DateTime

Info_: TypeAlias = Info[Any, Any]
PROMOTIONS, ORDERS = Permission.MANAGE_PROMOTIONS, Permission.MANAGE_ORDERS

strawberry.enum(
    CostDimension,
    name="DiscountCostDimension",
    description="FUNDER: who pays. PROMOTION: what granted it. CAMPAIGN: what that belonged to.",
)


@strawberry.type(description="Discounts granted to orders of a period, and given back since.")
@answers(domain.DiscountCost)
class DiscountCost:
    """A row of the figures; what is not told apart is null."""

    currency: CurrencyCode = attribute("The currency of its amounts.")
    funder: str | None = attribute("Who pays, such as shop, platform or a supplier.")
    promotion_name: str | None = attribute("The promotion's name in the orders.")
    campaign_name: str | None = attribute("The campaign's name.")
    order_count: int = attribute("Orders it was granted to, cancelled ones too; 0 in a total.")

    @pure("The promotion.")
    def promotion_id(self: domain.DiscountCost) -> strawberry.ID | None:
        return None if self.promotion_id is None else opaque_id("Promotion", self.promotion_id)

    @pure("The campaign that the promotion belonged to then.")
    def campaign_id(self: domain.DiscountCost) -> strawberry.ID | None:
        return None if self.campaign_id is None else opaque_id("Campaign", self.campaign_id)

    @pure("Granted to all orders placed in the period; gifts count at their price.")
    def granted(self: domain.DiscountCost) -> Money:
        return money(self.granted_minor, self.currency)

    @pure("Of that, to orders that were cancelled since.")
    def given_back(self: domain.DiscountCost) -> Money:
        return money(self.given_back_minor, self.currency)

    @pure("What it costs: granted less given back.")
    def net(self: domain.DiscountCost) -> Money:
        return money(self.granted_minor - self.given_back_minor, self.currency)


@strawberry.type(description="What discounts cost in a period.")
@answers(domain.DiscountCosts)
class DiscountCosts:
    """The figures of a period."""

    rows: Sequence[DiscountCost] = attribute("Dearest first within a currency.")
    totals: Sequence[DiscountCost] = attribute("The sums of all rows by currency.")
    row_count: int = attribute("How many rows there are, also past `first`.")


@strawberry.type
class DiscountCostQuery:
    """Root fields about what discounts cost."""

    @field(
        "What discounts cost and who pays, for orders placed in a period of at most 400 days. "
        "The parts are those kept with each order and sum to its discounts to the cent.",
        PROMOTIONS,
        ORDERS,
    )
    def discount_costs(
        self,
        info: Info_,
        from_: Annotated[
            DateTime, strawberry.argument(name="from", description="Orders placed from here on.")
        ],
        to: Annotated[DateTime, argument("And before here.")],
        channel_id: Annotated[
            strawberry.ID | None, argument("In this channel; in all when left out.")
        ] = None,
        by: Annotated[
            list[CostDimension] | None, argument("What to tell apart; all when left out.")
        ] = None,
        first: Annotated[int, argument("How many rows, at most 1000.")] = MOST_ROWS,
    ) -> DiscountCosts | None:
        period = Period(from_, to, row_or_none("Channel", channel_id))
        return domain.discount_costs(  # type: ignore[return-value]
            context_of(info).connection,
            period,
            by=EVERY_DIMENSION if by is None else by,
            first=first,
        )
