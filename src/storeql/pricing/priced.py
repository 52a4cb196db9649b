"""What a pricing answers: every amount with the discounts that made it, and the trace.

A cart is made of hundreds of these. None can be part of a cycle, so the collector is told not to
follow them (`gc=False`).
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from storeql.pricing.lane import Lane
from storeql.pricing.proposal import Found


class Outcome(Enum):
    """What became of a candidate promotion.

    APPLIED: granted. CLAMPED: granted less than proposed (a floor, or gift stock). MISSED: a
    condition is not met. LOST: another answer saves more. EXCLUDED: its exclusion group went to
    another promotion. EXHAUSTED: a limit, quota, budget or gift stock is used up. FAILED: its type
    raised or answered nonsense, and it was left out.
    """

    APPLIED = "APPLIED"
    CLAMPED = "CLAMPED"
    MISSED = "MISSED"
    LOST = "LOST"
    EXCLUDED = "EXCLUDED"
    EXHAUSTED = "EXHAUSTED"
    FAILED = "FAILED"


class Funding(Struct, frozen=True, gc=False):
    """The part of an amount that one funder pays, in minor units."""

    funder: str
    amount_minor: int


class Allocation(Struct, frozen=True, gc=False, kw_only=True):
    """What one promotion takes off one line, one gift line or the shipping.

    `amount_minor` is positive; `funding` sums to it. `quantity` is the units that became cheaper:
    what counts against a quota. It is 0 for shipping.
    """

    promotion_id: str
    version: int
    lane: Lane
    amount_minor: int
    funding: tuple[Funding, ...]
    quantity: int = 0


class UnitAmount(Struct, frozen=True, gc=False):
    """`quantity` units of a line that cost `unit_minor` each after the ITEM lane."""

    quantity: int
    unit_minor: int


class PricedLine(Struct, frozen=True, gc=False, kw_only=True):
    """One line of the basket, in the basket's order; amounts are for the whole line.

    `list_minor` − all allocations = `net_minor`. `tax_minor` is contained in `net_minor` when the
    basket's prices include tax, and comes on top of it otherwise. `units` tells the unit prices
    that the ITEM lane left, dearest first; quantities sum to `quantity`.
    """

    line_id: str
    variant_id: str
    quantity: int
    list_minor: int
    allocations: tuple[Allocation, ...]
    net_minor: int
    tax_minor: int
    units: tuple[UnitAmount, ...]


class GiftLine(Struct, frozen=True, gc=False, kw_only=True):
    """Units that a promotion added, free or at a special price; amounts are for all units.

    `list_minor` − the allocation = `net_minor`. `cost_minor` is charged to the promotion.
    """

    promotion_id: str
    variant_id: str
    quantity: int
    list_minor: int
    allocation: Allocation
    net_minor: int
    tax_minor: int
    cost_minor: int | None = None


class PricedShipping(Struct, frozen=True, gc=False, kw_only=True):
    """The delivery price; `list_minor` − all allocations = `net_minor`."""

    method: str
    list_minor: int
    allocations: tuple[Allocation, ...]
    net_minor: int
    tax_minor: int


class Totals(Struct, frozen=True, gc=False, kw_only=True):
    """Sums over the cart, in minor units.

    `list_minor` is the basket's lines at list price; `discount_minor` what came off them;
    `subtotal_minor` is what is left, with gift and add-on lines. `shipping_minor` is after
    discounts. `tax_minor` covers lines, gift lines and shipping. `total_minor` is what the buyer
    pays: subtotal + shipping, + tax if the basket's prices do not include it. `gift_minor` is what
    gift and add-on lines save against their list prices; it is not part of `discount_minor`.
    """

    list_minor: int
    discount_minor: int
    subtotal_minor: int
    shipping_list_minor: int
    shipping_discount_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    gift_minor: int


class EarnedVouchers(Struct, frozen=True, gc=False, kw_only=True):
    """Vouchers of `voucher_promotion_id` that the order earns its buyer by a promotion."""

    promotion_id: str
    voucher_promotion_id: str
    quantity: int
    valid_days: int | None = None


class TraceEntry(Struct, frozen=True, gc=False, kw_only=True):
    """What became of one candidate and why.

    `amount_minor` is what was granted, gifts at their price. `condition`, `expected`, `found` and
    `shortfall` belong to MISSED, EXHAUSTED and CLAMPED (there in minor units: proposed, granted
    and forfeited). LOST and EXCLUDED name the promotions of the best answer that stood in the way
    in `lost_to`. `lost_by_minor` is that answer minus the best one found with this promotion
    granted; `lost_by_at_least_minor` is proven, and equal to it where the search was exact. Both
    are None in a lane that goes in order. `short_variant_ids` are variants whose quota has fewer
    units left than the cart holds: the promotion had no more than these, or none. `vouchers` is
    how many the order earns for the next one. `error` says what a FAILED type did.
    """

    promotion_id: str
    version: int
    name: str
    lane: Lane
    kind: str
    plugin: str
    plugin_version: str
    outcome: Outcome
    amount_minor: int = 0
    condition: str | None = None
    expected: Found = None
    found: Found = None
    shortfall: int | None = None
    lost_to: tuple[str, ...] = ()
    lost_by_minor: int | None = None
    lost_by_at_least_minor: int | None = None
    short_variant_ids: tuple[str, ...] = ()
    vouchers: int = 0
    error: str | None = None


class LaneSummary(Struct, frozen=True, gc=False, kw_only=True):
    """How a lane was solved: what it saved, and at most how much more was possible.

    `gap_minor` is 0 for a proven best answer and None for a lane that goes in order. `nodes` is
    the size of the search.
    """

    lane: Lane
    saving_minor: int
    gap_minor: int | None
    nodes: int


class PricedCart(Struct, frozen=True, gc=False, kw_only=True):
    """A basket with its price. Lines come in the basket's order; the parts sum to the totals.

    `trace` has one entry per candidate, by lane and then by (priority, id). `unmatched_codes` are
    entered codes that belong to none of the promotions. `earned` is what the order brings its
    buyer once it is paid.
    """

    currency: str
    exponent: int
    lines: tuple[PricedLine, ...]
    gift_lines: tuple[GiftLine, ...]
    shipping: PricedShipping | None
    totals: Totals
    trace: tuple[TraceEntry, ...]
    lanes: tuple[LaneSummary, ...]
    unmatched_codes: tuple[str, ...] = ()
    earned: tuple[EarnedVouchers, ...] = ()
