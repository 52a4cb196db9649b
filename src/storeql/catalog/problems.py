"""What can be wrong with an input to the catalogue, beyond a plain code and message."""

from __future__ import annotations

from storeql.errors import Problem


class InsufficientStock(Problem, frozen=True, kw_only=True):
    """More was wanted of a variant than is free; `available` is what could be had now."""

    variant_id: int
    sku: str
    wanted: int
    available: int
    code: str = "INSUFFICIENT_STOCK"


class InUse(Problem, frozen=True, kw_only=True):
    """Something cannot go while `count` others (`what`: "products", "orders") need it."""

    count: int
    what: str
    code: str = "IN_USE"


class AttributeRequired(Problem, frozen=True, kw_only=True):
    """A product of this type must have a value for the attribute with this slug."""

    attribute: str
    code: str = "ATTRIBUTE_REQUIRED"


class StockReserved(Problem, frozen=True, kw_only=True):
    """Less would be on hand than `reserved` pieces promised to orders."""

    on_hand: int
    reserved: int
    code: str = "STOCK_RESERVED"


class ScheduleOverlaps(Problem, frozen=True, kw_only=True):
    """Another price is scheduled there from `starts_at` until `ends_at` (None: for good)."""

    schedule_id: int
    starts_at: int
    ends_at: int | None
    code: str = "SCHEDULE_OVERLAPS"


class BelowFloor(Problem, frozen=True, kw_only=True):
    """A price below what the shop lets a unit cost; minor units of `currency`.

    `floor_id` is the rule that says so, None where it is the variant's cost alone. With
    `price_list_name` it is that list which would make the price.
    """

    price_minor: int
    floor_minor: int
    currency: str
    floor_id: int | None = None
    price_list_name: str = ""
    code: str = "BELOW_FLOOR"


class StockChanged(Problem, frozen=True, kw_only=True):
    """The level is not what it was when it was counted; `on_hand` is what it is now."""

    on_hand: int
    code: str = "STOCK_CHANGED"
