"""Scheduled prices as staff see them, and what they send about them."""

import strawberry

from storeql.catalog.prices.schedules import records
from storeql.catalog.prices.schedules.records import ScheduleState
from storeql.schema.catalog.product_inputs import ANY_VERSION
from storeql.schema.catalog.types import ProductVariant
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import Node, opaque_id
from storeql.schema.money import Money, money, money_or_none
from storeql.schema.optional import defaulting, needed, optional
from storeql.schema.prices.forcing import BELOW_FLOOR_REASON
from storeql.schema.scalars import DateTime, Decimal

REASON = "Why, for the price history; at most 500 characters."
STARTS = "Holds from then on; at once when left out, or where that is past."
ENDS = "Holds until just before then; for good when left out."

strawberry.enum(
    ScheduleState,
    name="PriceScheduleState",
    description="UPCOMING: has not begun. RUNNING: holds now. ENDED: is over.",
)


@strawberry.type(
    description="A price that stands in, in its window, for a channel's price or a price list's."
)
@answers(records.PriceSchedule)
class PriceSchedule(Node):
    """A scheduled price."""

    state: ScheduleState = attribute("Where it is in its life.")
    starts_at: DateTime = attribute("Holds from then on.")
    ends_at: DateTime | None = attribute("Holds until just before then; null for good.")
    from_quantity: int = attribute("The pieces that the list's price begins at; 1 otherwise.")
    created_by: str = attribute("Who scheduled it.")
    created_at: DateTime = attribute("When it was scheduled.")
    reason: str = attribute("Why, as they said.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")
    variant: ProductVariant | None = attribute("The variant in the default channel.")

    @pure("The variant's id.")
    def variant_id(self: records.PriceSchedule) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)

    @pure("The channel whose price it stands in for; null for a price list's.")
    def channel_id(self: records.PriceSchedule) -> strawberry.ID | None:
        return None if self.channel_id is None else opaque_id("Channel", self.channel_id)

    @pure("The price list whose price it stands in for; null for a channel's.")
    def price_list_id(self: records.PriceSchedule) -> strawberry.ID | None:
        return None if self.price_list_id is None else opaque_id("PriceList", self.price_list_id)

    @pure("The price list's entry that it stands in for.")
    def price_list_entry_id(self: records.PriceSchedule) -> strawberry.ID | None:
        return None if self.entry_id is None else opaque_id("PriceListEntry", self.entry_id)

    @pure("The price of one piece.")
    def price(self: records.PriceSchedule) -> Money:
        return money(self.price_minor, self.currency)

    @pure("The price to compare with; the usual one where it is null.")
    def compare_at_price(self: records.PriceSchedule) -> Money | None:
        return money_or_none(self.compare_at_minor, self.currency)

    @pure("The floor that it goes below, for its reason.")
    def floor(self: records.PriceSchedule) -> Money | None:
        return money_or_none(self.floor_minor, self.currency)


@strawberry.input(description="A variant in a channel.")
class ChannelPriceTargetInput:
    """A channel's price."""

    variant_id: strawberry.ID = needed("The variant's id.")
    channel_id: strawberry.ID = needed("The channel's id.")


@strawberry.input(description="What a scheduled price stands in for: one of these.", one_of=True)
class PriceScheduleTargetInput:
    """A schedule's target."""

    channel_price: ChannelPriceTargetInput | None = strawberry.field(
        default=strawberry.UNSET, description="The price of a variant in a channel."
    )
    price_list_entry_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="A price of a list."
    )


@strawberry.input(description="A price to schedule.")
class PriceScheduleInput:
    """A new schedule."""

    target: PriceScheduleTargetInput = needed("What it stands in for.")
    price: Decimal = needed("The price of one piece.")
    compare_at_price: Decimal | None = defaulting(
        None, "The price to compare with (划线价), above the price; the usual one when left out."
    )
    starts_at: DateTime | None = defaulting(None, STARTS)
    ends_at: DateTime | None = defaulting(None, ENDS)


@strawberry.input(description="Prices to schedule, all or none.")
class PriceSchedulesCreateInput:
    """Schedules to add."""

    schedules: list[PriceScheduleInput] = needed(
        "1 to 100 prices; those of one target never overlap."
    )
    reason: str = defaulting("", REASON)
    below_floor_reason: str = defaulting("", BELOW_FLOOR_REASON)


@strawberry.input(description="What to change; fields left out stay as they are.")
class PriceScheduleUpdateInput:
    """A schedule's change."""

    id: strawberry.ID = needed("The schedule's id; one that is over stays as it was.")
    expected_version: int | None = defaulting(None, ANY_VERSION)
    price: Decimal | None = optional("The price of one piece.")
    compare_at_price: Decimal | None = optional("The price to compare with; null for the usual.")
    starts_at: DateTime | None = optional("Holds from then on; only before it has begun.")
    ends_at: DateTime | None = optional("Holds until just before then; null for good.")
    reason: str = defaulting("", REASON)
    below_floor_reason: str = defaulting("", BELOW_FLOOR_REASON)


@strawberry.input(description="Scheduled prices to end, all or none.")
class PriceSchedulesEndInput:
    """Schedules to end."""

    ids: list[strawberry.ID] = needed("At most 100 that are not over.")
    reason: str = defaulting("", REASON)


@strawberry.input(description="Which scheduled prices to show; all of these have to hold.")
class PriceScheduleFilterInput:
    """A filter of schedules."""

    variant_ids: list[strawberry.ID] | None = defaulting(None, "Of these variants, at most 100.")
    product_id: strawberry.ID | None = defaulting(None, "Of the variants of this product.")
    channel_id: strawberry.ID | None = defaulting(None, "Of this channel's prices.")
    price_list_id: strawberry.ID | None = defaulting(None, "Of this price list's prices.")
    states: list[ScheduleState] | None = defaulting(None, "In one of these states now.")
