"""Price lists as staff see them."""

from collections.abc import Sequence

import strawberry

from storeql.catalog.prices.lists import records
from storeql.decimals import PERCENT_DECIMALS, shown
from storeql.schema.catalog.types import Channel, ProductVariant
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import Node, opaque_id
from storeql.schema.money import Money, money_or_none
from storeql.schema.scalars import CurrencyCode, DateTime, Decimal


@strawberry.type(
    description="Prices for channels and customer groups. Of the lists that are for a buyer the one"
    " with the highest priority holds that has a price for so many pieces."
)
@answers(records.PriceList)
class PriceList(Node):
    """A price list."""

    slug: str = attribute("The list's name in addresses.")
    name: str = attribute("The name people see.")
    currency: CurrencyCode = attribute("The currency of its prices and of all its channels.")
    priority: int = attribute("The list with the highest one holds; of equal ones the newest.")
    starts_at: DateTime | None = attribute("In force from then on; null for always.")
    ends_at: DateTime | None = attribute("In force until just before then; null for good.")
    channels: Sequence[Channel] = attribute("Where it holds.")
    entry_count: int = attribute("How many prices it has.")
    created_at: DateTime = attribute("When it was made.")
    updated_at: DateTime = attribute("When it, or a price of it, last changed.")
    updated_by: str = attribute("Who changed it last.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")

    @pure("Whether it is switched on.")
    def is_active(self: records.PriceList) -> bool:
        return bool(self.is_active)

    @pure("Whether it is for everybody; otherwise for members of its customer groups.")
    def is_for_everybody(self: records.PriceList) -> bool:
        return bool(self.is_for_everybody)

    @pure("Whether its prices may be above the channel's; otherwise the channel's holds then.")
    def may_exceed_channel_price(self: records.PriceList) -> bool:
        return bool(self.may_exceed)

    @pure("The customer groups that it is for.")
    def customer_group_ids(self: records.PriceList) -> Sequence[strawberry.ID]:
        return [opaque_id("CustomerGroup", row) for row in self.group_ids]


@strawberry.type(description="A price of a list, from so many pieces on.")
@answers(records.PriceListEntry)
class PriceListEntry(Node):
    """An entry of a price list."""

    from_quantity: int = attribute("How many pieces of the variant a cart line must hold.")
    updated_at: DateTime = attribute("When it was set.")
    variant: ProductVariant | None = attribute("The variant in the default channel.")

    @pure("The price list's id.")
    def price_list_id(self: records.PriceListEntry) -> strawberry.ID:
        return opaque_id("PriceList", self.price_list_id)

    @pure("The variant's id.")
    def variant_id(self: records.PriceListEntry) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)

    @pure("The price of each piece; null for a percentage.")
    def price(self: records.PriceListEntry) -> Money | None:
        return money_or_none(self.price_minor, self.currency)

    @pure("How much comes off the channel's price, of 100; null for a price.")
    def percent_off(self: records.PriceListEntry) -> Decimal | None:
        if self.price_minor is not None:
            return None
        return Decimal(shown(self.percent_off_basis_points, PERCENT_DECIMALS))
