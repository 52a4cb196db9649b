"""What cart reads return: flat frozen structs with row numbers and minor units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from storeql.carts.price_records import CartPrice
from storeql.catalog.records import Variant
from storeql.customers.address import Address
from storeql.pricing import Buyer
from storeql.pricing.price_choice import PriceSource

OPEN = "OPEN"
ORDERED = "ORDERED"
MERGED = "MERGED"


class Cart(Struct, frozen=True, kw_only=True):
    """A cart; `token` is its only address, `channel` a slug.

    `gift_choices` maps a promotion's id to the variants picked as its gifts, `add_on_choices` to
    the pieces of each variant picked as its add-ons. Relations that were
    not asked for are empty; `order` is filled by who reads orders. A delivery method that is no
    longer offered is None. `buyer` holds the facts of the customer it belongs to.
    `delivery_rates` is what carriers ask, in minor units by the method's slug; it is the price of
    the chosen method too. Nothing can be bought in a channel that is not `channel_is_active`.
    """

    id: int
    token: str
    status: str
    channel_id: int
    channel: str
    currency: str
    customer_id: int | None
    buyer: Buyer
    email: str
    address: Address | None
    delivery_method: DeliveryMethod | None
    payment_method: str | None
    codes: tuple[str, ...]
    gift_choices: Mapping[str, tuple[str, ...]]
    add_on_choices: Mapping[str, Mapping[str, int]]
    created_at: int
    updated_at: int
    delivery_rates: Mapping[str, int] = {}
    channel_is_active: bool = True
    lines: Sequence[CartLine] = ()
    price: CartPrice | None = None
    order: object = None


class CartLine(Struct, frozen=True, kw_only=True):
    """`quantity` pieces of one variant, at the price its channel asks this buyer for so many now.

    `is_available` is False for a variant that can no longer be bought there: it stays in the cart
    and is not priced. `price_minor` and `cost_minor` are for one piece, None without a price;
    `price_source` is what made the price, None for the channel's own. `category_ids` holds the
    ancestors too.
    """

    id: int
    variant_id: int
    quantity: int
    product_id: int
    sku: str
    variant_name: str
    product_name: str
    product_slug: str
    price_minor: int | None
    cost_minor: int | None
    is_available: bool
    currency: str
    category_ids: tuple[str, ...]
    collection_ids: tuple[str, ...]
    tag_ids: tuple[str, ...]
    price_source: PriceSource | None = None
    variant: Variant | None = None


class DeliveryMethod(Struct, frozen=True, kw_only=True):
    """A way of delivery that a channel offers; the price is for the whole shipment."""

    id: int
    channel_id: int
    slug: str
    name: str
    description: str
    price_minor: int
    currency: str
    version: int
    is_active: bool = True


class LineInput(Struct, frozen=True, kw_only=True):
    """Pieces of a variant to put into a cart."""

    variant_id: int
    quantity: int = 1


class QuantityInput(Struct, frozen=True, kw_only=True):
    """What a line's quantity becomes; 0 takes the line out."""

    line_id: int
    quantity: int


class GiftChoice(Struct, frozen=True, kw_only=True):
    """The variants picked as the gifts of one promotion."""

    promotion_id: int
    variant_ids: Sequence[int]


class AddOnChoice(Struct, frozen=True, kw_only=True):
    """Pieces of a variant picked as an add-on of one promotion."""

    promotion_id: int
    variant_id: int
    quantity: int = 1
