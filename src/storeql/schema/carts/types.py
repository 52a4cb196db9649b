"""Carts as clients see them, with the ways to deliver and to pay that they choose from."""

from collections.abc import Sequence
from enum import Enum
from typing import TYPE_CHECKING, Annotated, cast

import strawberry
from msgspec import Struct

from storeql.carts import records
from storeql.hooks import PaymentGateway
from storeql.schema.carts.price import CartPrice
from storeql.schema.catalog.types import ProductVariant
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.money import Money, money, money_or_none
from storeql.schema.people.address import Address
from storeql.schema.promotions.words import LocalizedText
from storeql.schema.scalars import CurrencyCode, DateTime

if TYPE_CHECKING:
    from storeql.schema.orders.types import Order


@strawberry.enum(description="OPEN: can be changed. ORDERED: became an order. MERGED: emptied.")
class CartStatus(Enum):
    """Where a cart is in its life."""

    OPEN = records.OPEN
    ORDERED = records.ORDERED
    MERGED = records.MERGED


@strawberry.type(description="A way of delivery that a channel offers.")
@answers(records.DeliveryMethod)
class DeliveryMethod:
    """A delivery method."""

    slug: str = attribute("The method's name in conditions and orders.")
    name: str = attribute("The name people see.")
    description: str = attribute("What to expect of it.")
    is_active: bool = attribute("Whether carts can choose it.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")

    @pure("The opaque id, for `cartDeliveryMethodUpdate`.")
    def id(self: records.DeliveryMethod) -> strawberry.ID:
        return opaque_id("DeliveryMethod", self.id)

    @pure("The price of the whole shipment, before discounts.")
    def price(self: records.DeliveryMethod) -> Money:
        return money(self.price_minor, self.currency)


@strawberry.type(description="A way to pay.")
@answers(PaymentGateway)
class PaymentMethod:
    """A payment method."""

    key: str = attribute("What a cart names it by.")
    title: LocalizedText = attribute("The name people see.")

    @pure("What to know before choosing it.")
    def description(self: PaymentGateway) -> LocalizedText:
        return cast("LocalizedText", self.what)

    @pure("Whether a payment is answered outside the shop: on delivery, or by transfer.")
    def is_offline(self: PaymentGateway) -> bool:
        return self.offline


@strawberry.type(description="Pieces of one variant in a cart.")
@answers(records.CartLine)
class CartLine:
    """A cart line."""

    quantity: int = attribute("How many pieces.")
    sku: str = attribute("The stock keeping unit.")
    product_name: str = attribute("The product's name.")
    product_slug: str = attribute("The product's name in addresses.")
    variant_name: str = attribute("What tells the variant apart within the product.")
    is_available: bool = attribute(
        "False when it can no longer be bought here: it stays in the cart and is not priced."
    )
    variant: ProductVariant | None = attribute("The variant as the cart's channel shows it.")

    @pure("The line's opaque id.")
    def id(self: records.CartLine) -> strawberry.ID:
        return opaque_id("CartLine", self.id)

    @pure("The variant's id.")
    def variant_id(self: records.CartLine) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)

    @pure("What one piece costs at list price; null when it has none here.")
    def unit_price(self: records.CartLine) -> Money | None:
        return money_or_none(self.price_minor, self.currency)


class ChosenGifts(Struct, frozen=True):
    """The record behind GiftChoice."""

    promotion_id: strawberry.ID
    variant_ids: Sequence[strawberry.ID]


@strawberry.type(description="The gifts picked of one promotion.")
@answers(ChosenGifts)
class GiftChoice:
    """A gift choice."""

    promotion_id: strawberry.ID = attribute("The promotion.")
    variant_ids: Sequence[strawberry.ID] = attribute("The variants picked.")


class Rate(Struct, frozen=True):
    """The record behind DeliveryRate."""

    method: str
    price: Money


@strawberry.type(description="What a carrier asks to deliver a cart.")
@answers(Rate)
class DeliveryRate:
    """A delivery rate."""

    method: str = attribute("The slug of the delivery method.")
    price: Money = attribute("The price of the whole shipment, before discounts.")


class ChosenAddOn(Struct, frozen=True):
    """The record behind AddOnChoice."""

    promotion_id: strawberry.ID
    variant_id: strawberry.ID
    quantity: int


@strawberry.type(description="Pieces of an add-on picked of one promotion.")
@answers(ChosenAddOn)
class AddOnChoice:
    """An add-on choice."""

    promotion_id: strawberry.ID = attribute("The promotion.")
    variant_id: strawberry.ID = attribute("The variant picked.")
    quantity: int = attribute("How many pieces.")


@strawberry.type(description="What somebody is about to buy; its token is its only address.")
@answers(records.Cart)
class Cart:
    """A cart."""

    token: str = attribute("The cart's secret address: whoever has it can change the cart.")
    channel: str = attribute("The slug of the channel it buys in.")
    currency: CurrencyCode = attribute("The channel's currency.")
    email: str = attribute("Where the confirmation goes; empty until given.")
    address: Address | None = attribute("Where the parcel goes.")
    delivery_method: DeliveryMethod | None = attribute("How it is delivered.")
    payment_method: str | None = attribute("How it is paid: the key of a payment method.")
    codes: Sequence[str] = attribute("The voucher codes entered.")
    lines: Sequence[CartLine] = attribute("What is in it, in the order it was added.")
    price: CartPrice | None = attribute("What it costs now and why; computed when asked.")
    order: Annotated["Order", strawberry.lazy("storeql.schema.orders.types")] | None = attribute(
        "The order it became."
    )
    created_at: DateTime = attribute("When it was begun.")
    updated_at: DateTime = attribute("When it was last changed.")

    @pure("Where the cart is in its life.")
    def status(self: records.Cart) -> CartStatus:
        return CartStatus(self.status)

    @pure("Whether it belongs to a signed-in customer.")
    def has_customer(self: records.Cart) -> bool:
        return self.customer_id is not None

    @pure("What carriers ask, where a plugin asks them; the other methods cost what is listed.")
    def delivery_rates(self: records.Cart) -> Sequence[DeliveryRate]:
        rates = sorted(self.delivery_rates.items())
        return [Rate(method, money(minor, self.currency)) for method, minor in rates]  # type: ignore[misc]

    @pure("The gifts picked, by promotion.")
    def gift_choices(self: records.Cart) -> Sequence[GiftChoice]:
        return [
            ChosenGifts(  # type: ignore[misc]
                opaque_id("Promotion", int(promotion_id)),
                [opaque_id("ProductVariant", int(key)) for key in variant_ids],
            )
            for promotion_id, variant_ids in self.gift_choices.items()
        ]

    @pure("The add-ons picked; whether they are on offer, and at what price, `price.gifts` says.")
    def add_on_choices(self: records.Cart) -> Sequence[AddOnChoice]:
        return [
            ChosenAddOn(  # type: ignore[misc]
                opaque_id("Promotion", int(promotion_id)),
                opaque_id("ProductVariant", int(variant_id)),
                quantity,
            )
            for promotion_id, picks in self.add_on_choices.items()
            for variant_id, quantity in picks.items()
        ]
