"""User errors about the catalogue that carry data."""

import strawberry

from storeql.catalog import problems
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.money import Money, money
from storeql.schema.problems import UserError
from storeql.schema.scalars import DateTime


@strawberry.type(
    name="AttributeRequired", description="A product of this type must have this attribute."
)
@answers(problems.AttributeRequired)
class AttributeRequiredError(UserError):
    """A missing attribute value."""

    attribute: str = attribute("The attribute's slug.")


@strawberry.type(name="InUse", description="Something cannot go while others need it.")
@answers(problems.InUse)
class InUseError(UserError):
    """What is still needed."""

    count: int = attribute("How many need it.")
    what: str = attribute(
        "What they are: products, categories, orders, carts, promotions, stock movements, webhook"
        " subscriptions."
    )


@strawberry.type(
    name="StockReserved", description="Pieces are promised to orders and have to stay."
)
@answers(problems.StockReserved)
class StockReservedError(UserError):
    """Stock that is not free."""

    on_hand: int = attribute("Pieces on hand now.")
    reserved: int = attribute("Pieces of them that orders wait for.")


@strawberry.type(name="StockChanged", description="Stock moved since it was read.")
@answers(problems.StockChanged)
class StockChangedError(UserError):
    """A level that is not what was expected."""

    on_hand: int = attribute("Pieces on hand now.")


@strawberry.type(name="BelowFloor", description="A price below what the shop lets a unit cost.")
@answers(problems.BelowFloor)
class BelowFloorError(UserError):
    """A price that is too low."""

    price_list_name: str = attribute("The price list that would make the price; empty for none.")

    @pure("The price that was to be set, or that the list would make.")
    def price(self: problems.BelowFloor) -> Money:
        return money(self.price_minor, self.currency)

    @pure("The floor that it is below.")
    def floor(self: problems.BelowFloor) -> Money:
        return money(self.floor_minor, self.currency)

    @pure("The rule of the margin guard; null where the floor is the variant's cost alone.")
    def price_floor_id(self: problems.BelowFloor) -> strawberry.ID | None:
        return None if self.floor_id is None else opaque_id("PriceFloor", self.floor_id)


@strawberry.type(
    name="ScheduleOverlaps", description="Another price is scheduled for a part of the time."
)
@answers(problems.ScheduleOverlaps)
class ScheduleOverlapsError(UserError):
    """A schedule in the way."""

    starts_at: DateTime = attribute("When that one begins.")
    ends_at: DateTime | None = attribute("Until when it holds; null for good.")

    @pure("The schedule that is in the way.")
    def price_schedule_id(self: problems.ScheduleOverlaps) -> strawberry.ID:
        return opaque_id("PriceSchedule", self.schedule_id)


CATALOG_PROBLEMS: list[type] = [
    ScheduleOverlapsError,
    BelowFloorError,
    AttributeRequiredError,
    InUseError,
    StockReservedError,
    StockChangedError,
]
