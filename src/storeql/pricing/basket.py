"""What a price is computed from: one frozen value that an order can store and replay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from storeql.pricing.lane import Lane
from storeql.pricing.price_choice import PriceSource


class Line(Struct, frozen=True, kw_only=True):
    """`quantity` units of one variant at one list price.

    `list_minor`, `cost_minor` and `floor_minor` are per unit; a floor above the list price takes
    nothing away from the shopper, it only leaves no room for a discount. `price_source` is what
    made the list price, None for the channel's own. `category_ids` holds the ancestors too.
    `tax_basis_points` is 1300 for 13 %.
    """

    id: str
    product_id: str
    variant_id: str
    quantity: int
    list_minor: int
    sku: str = ""
    cost_minor: int | None = None
    floor_minor: int = 0
    category_ids: tuple[str, ...] = ()
    collection_ids: tuple[str, ...] = ()
    tag_ids: tuple[str, ...] = ()
    tax_basis_points: int = 0
    price_source: PriceSource | None = None

    def __post_init__(self) -> None:
        if self.quantity < 1 or self.list_minor < 0 or self.floor_minor < 0:
            raise ValueError(f"line {self.id}: quantity below 1, or a price or floor below 0")


class Buyer(Struct, frozen=True, kw_only=True):
    """The buyer's facts that promotions may ask for; a guest has no `id`."""

    id: str | None = None
    group_ids: tuple[str, ...] = ()
    tier: str | None = None
    first_order: bool = False


class Delivery(Struct, frozen=True, kw_only=True):
    """The chosen delivery; `price_minor` is for the whole shipment, before discounts."""

    method: str
    price_minor: int
    country: str | None = None
    region: str | None = None
    tax_basis_points: int = 0

    def __post_init__(self) -> None:
        if self.price_minor < 0:
            raise ValueError(f"delivery {self.method}: a price below 0")


class EnteredCode(Struct, frozen=True, kw_only=True):
    """A code as entered and the promotion it was found to belong to, if any.

    `uses` is what is left of this single code (None: no limit); a code of a batch or of a wallet
    has its own count beside the promotion's, and its own half-open window of aware instants. One
    that `is_unclaimed` is of no use before a customer claims it.
    """

    code: str
    promotion_id: str | None = None
    uses: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    is_unclaimed: bool = False


class GiftItem(Struct, frozen=True, kw_only=True):
    """A variant that a promotion may add to the cart, free or at a special price.

    `price_minor` is its list price per unit: what the gift counts as a saving. `price_source` is
    what made it, None for the channel's own.
    """

    variant_id: str
    product_id: str
    name: str
    price_minor: int
    sku: str = ""
    cost_minor: int | None = None
    tax_basis_points: int = 0
    price_source: PriceSource | None = None


class Remaining(Struct, frozen=True, kw_only=True):
    """What is left of one promotion's limits; None, or a variant that is not named: no limit.

    `uses` and `customer_uses` count orders, `quota` units sold at the promotion's price by variant
    id, `gift_stock` units by the gift's variant id, `budget_minor` money granted. `campaign_minor`
    is the money left of the campaign `campaign_id`, for all its promotions together.
    """

    uses: int | None = None
    customer_uses: int | None = None
    budget_minor: int | None = None
    campaign_id: str | None = None
    campaign_minor: int | None = None
    quota: Mapping[str, int] = {}
    gift_stock: Mapping[str, int] = {}


class Basket(Struct, frozen=True, kw_only=True):
    """Everything a price depends on beside the promotions themselves.

    Amounts are minor units of `currency`, which has `exponent` decimals (CNY 2, JPY 0, KWD 3).
    `at` is an aware instant told in the shop's own zone, so that its wall clock is the shop's;
    `time_zone` is that zone's IANA name. `gift_choices` maps a promotion id to the variants picked
    as gifts, `add_on_choices` to the quantity per variant bought at a special price. `gifts` holds
    every variant that a candidate may add, by variant id; `remaining` what is left, by promotion
    id. A kind that is asked in a basket with picks finds those of its own promotion alone, and what
    is left of it. `facts` is JSON added by plugins before pricing. `in_order_lanes` are the lanes
    that the shop solves by priority instead of by the best answer, as version `stacking_version` of
    its settings has it.
    """

    lines: tuple[Line, ...]
    channel: str
    currency: str
    at: datetime
    exponent: int = 2
    time_zone: str = "UTC"
    buyer: Buyer = Buyer()
    codes: tuple[EnteredCode, ...] = ()
    gift_choices: Mapping[str, tuple[str, ...]] = {}
    add_on_choices: Mapping[str, Mapping[str, int]] = {}
    gifts: Mapping[str, GiftItem] = {}
    delivery: Delivery | None = None
    payment_method: str | None = None
    remaining: Mapping[str, Remaining] = {}
    facts: Mapping[str, Any] = {}
    prices_include_tax: bool = True
    in_order_lanes: tuple[Lane, ...] = ()
    stacking_version: int = 1

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a basket's instant must be aware of its zone")
        if len({line.id for line in self.lines}) != len(self.lines):
            raise ValueError("two lines of a basket share an id")
