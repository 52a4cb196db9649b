"""A price as people read it: every amount with its currency and each discount with its name."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.pricing import Found, Funding, Lane, LaneSummary, Outcome, UnitAmount
from storeql.pricing.price_choice import REGULAR, PriceSource


class AppliedDiscount(Struct, frozen=True, kw_only=True):
    """What one promotion took off one line, one gift or the delivery; `fundings` sum to it."""

    promotion_id: int
    promotion_version: int
    promotion_name: str
    lane: Lane
    amount_minor: int
    currency: str
    fundings: Sequence[Funding]


class ExplainedLine(Struct, frozen=True, kw_only=True):
    """A line from its list price to what it costs; amounts are for the whole line.

    `units` are the unit prices after single-item offers, dearest first. `source` is what made the
    list price.
    """

    line_id: int
    variant_id: int
    quantity: int
    currency: str
    list_minor: int
    net_minor: int
    tax_minor: int
    discounts: Sequence[AppliedDiscount]
    units: Sequence[UnitAmount]
    source: PriceSource = REGULAR


class ExplainedGift(Struct, frozen=True, kw_only=True):
    """Pieces that a promotion adds, free or at a special price; amounts are for all of them."""

    variant_id: int
    sku: str
    name: str
    quantity: int
    currency: str
    list_minor: int
    net_minor: int
    discount: AppliedDiscount


class ExplainedShipping(Struct, frozen=True, kw_only=True):
    """The delivery from its list price to what it costs."""

    method: str
    name: str
    currency: str
    list_minor: int
    net_minor: int
    discounts: Sequence[AppliedDiscount]


class PromotionName(Struct, frozen=True):
    """A promotion by number and name."""

    promotion_id: int
    name: str


class Explanation(Struct, frozen=True, kw_only=True):
    """What became of one candidate promotion and why: see `storeql.pricing.TraceEntry`."""

    promotion_id: int
    promotion_version: int
    promotion_name: str
    lane: Lane
    kind: str
    plugin: str
    outcome: Outcome
    currency: str
    amount_minor: int
    condition: str | None
    expected: Found
    found: Found
    shortfall: int | None
    lost_to: Sequence[PromotionName]
    lost_by_minor: int | None
    short_variant_ids: Sequence[int]
    vouchers: int


class PriceRemark(Struct, frozen=True, kw_only=True):
    """What a plugin says of the price; `line_id` when it is about one line."""

    code: str
    en: str
    zh: str
    plugin: str
    line_id: int | None


class NextOffer(Struct, frozen=True, kw_only=True):
    """The best next step of a cart: see `storeql.pricing.next_step`.

    `spend_minor` is what has to be added at today's prices; as `pieces` of a line where there is
    one. `gain_minor` is what that saves more.
    """

    promotion_id: int
    promotion_name: str
    currency: str
    spend_minor: int
    gain_minor: int
    pieces: int | None
    line_id: int | None


class CartPrice(Struct, frozen=True, kw_only=True):
    """The explained price of a cart; the parts sum to the totals (see `pricing.Totals`).

    A cart with `refusals` cannot be ordered. `unmatched_codes` are entered codes that no running
    promotion takes. `next_step` is worked out when it is asked for.
    """

    currency: str
    lines: Sequence[ExplainedLine]
    gifts: Sequence[ExplainedGift]
    shipping: ExplainedShipping | None
    list_minor: int
    discount_minor: int
    gift_minor: int
    gift_count: int
    subtotal_minor: int
    shipping_minor: int
    tax_minor: int
    total_minor: int
    trace: Sequence[Explanation]
    lanes: Sequence[LaneSummary]
    annotations: Sequence[PriceRemark]
    refusals: Sequence[PriceRemark]
    unmatched_codes: Sequence[str]
    next_step: NextOffer | None = None
