"""Orders as clients see them: frozen as they were placed, with their payments and their log."""

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.db.paging import page_of_list
from storeql.orders import records
from storeql.pricing.price_choice import REGULAR
from storeql.schema.carts.price import AppliedDiscount
from storeql.schema.carts.price_source import SOURCE, PriceSource
from storeql.schema.carts.trace import PromotionExplanation
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, attribute, field, pure
from storeql.schema.ids import Node, opaque_id
from storeql.schema.money import Money, money
from storeql.schema.orders.fulfilments import Fulfilment, OrderHold
from storeql.schema.orders.payments import OrderPayment
from storeql.schema.orders.refunds import Refund
from storeql.schema.orders.words import FulfilmentStatus, OrderPaymentStatus, OrderState
from storeql.schema.people.address import Address
from storeql.schema.people.customers import Customer
from storeql.schema.scalars import CurrencyCode, DateTime, Json
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
ORDERS, CUSTOMERS = Permission.MANAGE_ORDERS, Permission.MANAGE_CUSTOMERS


@strawberry.type(description="What was bought of one variant, as it was then.")
@answers(records.OrderLine)
class OrderLine:
    """An order line; amounts are for the whole line."""

    sku: str = attribute("The stock keeping unit.")
    product_name: str = attribute("The product's name then.")
    variant_name: str = attribute("What told the variant apart.")
    quantity: int = attribute("How many pieces.")
    discounts: Sequence[AppliedDiscount] = attribute("What came off, in the order of lanes.")
    refunded_quantity: int = attribute("Pieces that refunds are about, those under way too.")

    @pure("The line's opaque id.")
    def id(self: records.OrderLine) -> strawberry.ID:
        return opaque_id("OrderLine", self.id)

    @pure("The product's id; it may be gone by now.")
    def product_id(self: records.OrderLine) -> strawberry.ID:
        return opaque_id("Product", self.product_id)

    @pure("The variant's id; it may be gone by now.")
    def variant_id(self: records.OrderLine) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)

    @pure("Whether a promotion added it.")
    def is_gift(self: records.OrderLine) -> bool:
        return bool(self.is_gift)

    @pure("What made the list price of one piece then.")
    def price_source(self: records.OrderLine) -> PriceSource:
        found = REGULAR if self.price_source is None else SOURCE.decode(self.price_source)
        return cast("PriceSource", found)

    @pure("The list price of one piece.")
    def unit_price(self: records.OrderLine) -> Money:
        return money(self.unit_list_minor, self.currency)

    @pure("All pieces at list price.")
    def list_price(self: records.OrderLine) -> Money:
        return money(self.list_minor, self.currency)

    @pure("What came off.")
    def discount_total(self: records.OrderLine) -> Money:
        return money(self.discount_minor, self.currency)

    @pure("What was charged: the list price without all discounts.")
    def net_price(self: records.OrderLine) -> Money:
        return money(self.net_minor, self.currency)

    @pure("The tax in it.")
    def tax(self: records.OrderLine) -> Money:
        return money(self.tax_minor, self.currency)

    @pure("What refunds give back for it, those under way too.")
    def refunded_total(self: records.OrderLine) -> Money:
        return money(self.refunded_minor, self.currency)


@strawberry.type(description="An entry of an order's log.")
@answers(records.OrderEvent)
class OrderEvent:
    """Something that happened to an order."""

    kind: str = attribute("What happened, such as PLACED, PAYMENT_CAPTURED, CANCELLED, EXPIRED.")
    at: DateTime = attribute("When.")
    actor: str | None = attribute("Who did it, such as staff:3.", ORDERS)

    @pure("The opaque id.")
    def id(self: records.OrderEvent) -> strawberry.ID:
        return opaque_id("OrderEvent", self.id)

    @pure("The state before; null at the placement.")
    def state_before(self: records.OrderEvent) -> OrderState | None:
        return OrderState(self.before) if self.before else None

    @pure("The state after, the same when it stayed.")
    def state_after(self: records.OrderEvent) -> OrderState | None:
        return OrderState(self.after) if self.after else None

    @pure("What else is known, such as the reason.", ORDERS)
    def data(self: records.OrderEvent) -> Json | None:
        return Json(self.data)


@strawberry.type(description="What somebody bought; its amounts never change.")
@answers(records.Order)
class Order(Node):
    """An order."""

    number: str = attribute("The number people name it by.")
    email: str = attribute("Where the confirmation went.")
    phone: str = attribute("How the carrier reaches the recipient.")
    name: str = attribute("The recipient's name.")
    currency: CurrencyCode = attribute("The currency of all its amounts.")
    address: Address = attribute("Where the parcel goes.")
    delivery_method: str = attribute("The slug of the delivery method.")
    delivery_name: str = attribute("The name of the delivery method then.")
    payment_method: str = attribute("The payment method chosen in the cart.")
    lines: Sequence[OrderLine] = attribute("What was bought, gifts last.")
    shipping_discounts: Sequence[AppliedDiscount] = attribute("What came off the delivery.")
    payments: Sequence[OrderPayment] = attribute("The attempts to pay it, the first one first.")
    events: Sequence[OrderEvent] = attribute("What happened to it, the oldest entry first.")
    trace: Sequence[PromotionExplanation] = attribute(
        "What became of each candidate promotion when it was placed."
    )
    customer: Customer | None = attribute("The customer it belongs to.", ORDERS, CUSTOMERS)
    placed_at: DateTime = attribute("When it was placed.")
    updated_at: DateTime = attribute("When it last changed.")
    version: int = attribute("Raised by every change.")
    stacking_version: int | None = attribute(
        "The version of the stacking settings that its price was made with.",
        ORDERS,
        Permission.MANAGE_PROMOTIONS,
    )

    fulfilments: Sequence[Fulfilment] = attribute(
        "What each warehouse sends of it; empty before it is paid."
    )
    holds: Sequence[OrderHold] | None = attribute(
        "Why it waits or waited, the oldest first.", ORDERS
    )
    is_late: bool | None = attribute(
        "Whether something of it is still in the house after `shipBy`.", ORDERS
    )
    delivered_at: DateTime | None = attribute("When its last package came.")
    completed_at: DateTime | None = attribute("When it was completed.")

    @pure("How much of it has left the house.")
    def fulfilment_status(self: records.Order) -> FulfilmentStatus:
        return FulfilmentStatus(self.fulfilment_status)

    @pure("When it has to leave the house; null for orders older than this promise.")
    def ship_by(self: records.Order) -> DateTime | None:
        return self.ship_by_at  # type: ignore[return-value]

    @pure("The id of the channel it was bought in.")
    def channel_id(self: records.Order) -> strawberry.ID:
        return opaque_id("Channel", self.channel_id)

    @pure("Where it is in its life.")
    def state(self: records.Order) -> OrderState:
        return OrderState(self.state)

    @pure("The lines at list price.")
    def list_total(self: records.Order) -> Money:
        return money(self.list_minor, self.currency)

    @pure("What came off the lines.")
    def discount_total(self: records.Order) -> Money:
        return money(self.discount_minor, self.currency)

    @pure("What gifts saved against their list prices.")
    def gift_total(self: records.Order) -> Money:
        return money(self.gift_minor, self.currency)

    @pure("What lines and gifts cost.")
    def subtotal(self: records.Order) -> Money:
        return money(self.subtotal_minor, self.currency)

    @pure("The delivery at list price.")
    def shipping_list_total(self: records.Order) -> Money:
        return money(self.shipping_list_minor, self.currency)

    @pure("What the delivery cost after discounts.")
    def shipping_total(self: records.Order) -> Money:
        return money(self.shipping_minor, self.currency)

    @pure("The tax.")
    def tax_total(self: records.Order) -> Money:
        return money(self.tax_minor, self.currency)

    @pure("What is to pay.")
    def total(self: records.Order) -> Money:
        return money(self.total_minor, self.currency)

    @pure("How far it is paid.")
    def payment_status(self: records.Order) -> OrderPaymentStatus:
        return OrderPaymentStatus(self.payment_status)

    @pure("What is promised or held for it and not taken yet.")
    def authorized_total(self: records.Order) -> Money:
        return money(self.authorized_minor, self.currency)

    @pure("What was taken for it.")
    def captured_total(self: records.Order) -> Money:
        return money(self.captured_minor, self.currency)

    @pure("What is on its way back to the buyer.")
    def returning_total(self: records.Order) -> Money:
        return money(self.returning_minor, self.currency)

    @pure("What is back with the buyer.")
    def refunded_total(self: records.Order) -> Money:
        return money(self.refunded_minor, self.currency)

    @pure("What can still be given back.")
    def refundable_total(self: records.Order) -> Money:
        left = self.captured_minor - self.returning_minor - self.refunded_minor
        return money(left, self.currency)

    @pure("What is neither promised nor paid of its total.")
    def outstanding_total(self: records.Order) -> Money:
        known = self.authorized_minor + self.captured_minor
        return money(max(0, self.total_minor - known), self.currency)

    @field("Money that went back or is on its way, the oldest refund first.")
    def refunds(
        self: records.Order,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Refund]:
        page = page_request(first, after, last, before)
        return page_of_list(self.refunds, page, selection_of(info), sort="refunds")  # type: ignore[return-value]
