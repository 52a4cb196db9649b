"""What a promotion type answers when it is offered units: a discount, or why there is none.

A cart is made of hundreds of these. None can be part of a cycle, so the collector is told not to
follow them (`gc=False`).
"""

from __future__ import annotations

from msgspec import Struct

Found = int | str | tuple[str, ...] | None
"""A value that a condition compares: a number in the condition's unit, a name, or names."""


class UnitPrice(Struct, frozen=True, gc=False):
    """`quantity` units of the line `line_id` at `price_minor` each."""

    line_id: str
    quantity: int
    price_minor: int


class UnitPrices(Struct, frozen=True, gc=False, tag="UNIT_PRICES"):
    """ITEM lane: a price for single units, already rounded half up per unit.

    Units that are not named keep their price. A line may come up more than once, with no more
    units in all than were offered. A price may not be above the unit's current one: leave such a
    unit out. A price under the floor is raised to it, and what is cut off is forfeited.
    """

    prices: tuple[UnitPrice, ...]


class SetPrice(Struct, frozen=True, gc=False):
    """Chosen units, (line id, quantity) each, that together cost `price_minor`."""

    units: tuple[tuple[str, int], ...]
    price_minor: int


class SetPrices(Struct, frozen=True, gc=False, tag="SET_PRICES"):
    """ITEM lane: special prices for chosen units, such as bundles and N for a fixed price.

    Sets are disjoint; none may cost more than its units do now. The engine spreads each set's
    reduction over its units in proportion to their amounts by largest remainder.
    """

    sets: tuple[SetPrice, ...]


class Discount(Struct, frozen=True, gc=False, tag="DISCOUNT"):
    """ORDER and VOUCHER lanes: `amount_minor` off all the units offered, rounded once.

    It may exceed what the units cost: the engine grants no more than their floors leave.
    """

    amount_minor: int


class ShippingDiscount(Struct, frozen=True, gc=False, tag="SHIPPING_DISCOUNT"):
    """SHIPPING lane: `amount_minor` off the delivery price, at most all of it is granted."""

    amount_minor: int


class GiftUnits(Struct, frozen=True, gc=False):
    """`quantity` units of a variant in `basket.gifts`, added at `unit_price_minor` each.

    0 is a gift; an add-on purchase has a price, never above the variant's own.
    """

    variant_id: str
    quantity: int = 1
    unit_price_minor: int = 0


class Gifts(Struct, frozen=True, gc=False, tag="GIFTS"):
    """ITEM, ORDER and VOUCHER lanes: lines to add; each counts as a saving at its price.

    The engine gives no more than the promotion's gift stock holds. An empty tuple is a valid
    answer for a gift or an add-on that the buyer has earned but not yet chosen.
    """

    units: tuple[GiftUnits, ...]


class Vouchers(Struct, frozen=True, gc=False, tag="VOUCHERS"):
    """ORDER lane: vouchers of another promotion for the buyer's next order; nothing off this one.

    They go into the wallet once the order is completed, and hold for `valid_days` from then on.
    They compete for no units: whoever meets the condition is promised them.
    """

    promotion_id: str
    quantity: int = 1
    valid_days: int | None = None


Proposal = UnitPrices | SetPrices | Discount | ShippingDiscount | Gifts | Vouchers


class Missed(Struct, frozen=True, gc=False, kw_only=True):
    """The promotion does not apply: the first condition that is not met, and by how much.

    `condition` is a stable name that tells the unit of the rest: "spend_minor", "quantity",
    "buyer_tier". `shortfall` is what is missing in that unit, where missing has an amount.
    """

    condition: str
    expected: Found = None
    found: Found = None
    shortfall: int | None = None
