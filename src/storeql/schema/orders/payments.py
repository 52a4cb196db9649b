"""Attempts to pay an order, and the movements of their money, as clients see them."""

from collections.abc import Sequence

import strawberry

from storeql.access import Permission
from storeql.orders import records
from storeql.orders.payments.records import MoneyMovement as Movement
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.money import Money, money
from storeql.schema.orders.words import MovementKind, MovementState, PaymentState
from storeql.schema.scalars import DateTime

ORDERS = Permission.MANAGE_ORDERS
HAS_NO_ROW = MovementKind.AUTHORIZE.value


@strawberry.type(description="One step of a payment's money, and what its gateway said of it.")
@answers(Movement)
class MoneyMovement:
    """A movement of money."""

    key: str = attribute("What the gateway is asked under: asked twice, it acts once.")
    message: str = attribute("What the gateway, or whoever did it by hand, says of it.")
    gateway_reference: str = attribute("The gateway's own name for it.")
    is_by_hand: bool = attribute(
        "No gateway does it: somebody gives the money back and says so with `moneyMovementResolve`."
    )
    asks: int = attribute("How often the gateway was asked again, having given no answer.")
    due_at: DateTime | None = attribute("When it is asked again; null when it is not.")
    created_at: DateTime = attribute("When it was decided.")
    updated_at: DateTime = attribute("When it last changed.")

    @pure("The opaque id.")
    def id(self: Movement) -> strawberry.ID:
        name = "PaymentAuthorization" if self.kind == HAS_NO_ROW else "MoneyMovement"
        return opaque_id(name, self.id)

    @pure("What it does.")
    def kind(self: Movement) -> MovementKind:
        return MovementKind(self.kind)

    @pure("Whether it was answered.")
    def state(self: Movement) -> MovementState:
        return MovementState(self.state)

    @pure("How much it is about.")
    def amount(self: Movement) -> Money:
        return money(self.amount_minor, self.currency)

    @pure("The refund that it belongs to; null for anything else.")
    def refund_id(self: Movement) -> strawberry.ID | None:
        return None if self.refund_id is None else opaque_id("Refund", self.refund_id)


@strawberry.type(description="One attempt to pay an order.")
@answers(records.OrderPayment)
class OrderPayment:
    """A payment."""

    reference: str = attribute("The shop's name for the attempt at the gateway.")
    message: str = attribute("What the gateway says of it.")
    gateway_reference: str | None = attribute("The gateway's own name for it.", ORDERS)
    movements: Sequence[MoneyMovement] | None = attribute(
        "Every step of its money: the authorization first, then what was taken, let go of and"
        " given back.",
        ORDERS,
    )
    created_at: DateTime = attribute("When it was begun.")
    updated_at: DateTime = attribute("When it last changed.")

    @pure("The opaque id.")
    def id(self: records.OrderPayment) -> strawberry.ID:
        return opaque_id("OrderPayment", self.id)

    @pure("The payment method's key.")
    def method(self: records.OrderPayment) -> str:
        return self.gateway

    @pure("Where it is.")
    def status(self: records.OrderPayment) -> PaymentState:
        return PaymentState(self.status)

    @pure("How much it is about.")
    def amount(self: records.OrderPayment) -> Money:
        return money(self.amount_minor, self.currency)

    @pure("What is promised or held and not taken yet.")
    def authorized_amount(self: records.OrderPayment) -> Money:
        return money(self.authorized_minor, self.currency)

    @pure("What of that can be taken with `paymentCapture`: nothing else is under way with it.")
    def capturable_amount(self: records.OrderPayment) -> Money:
        return money(self.authorized_minor - self.claiming_minor, self.currency)

    @pure("What was taken.")
    def captured_amount(self: records.OrderPayment) -> Money:
        return money(self.captured_minor, self.currency)

    @pure("What is back with the buyer.")
    def refunded_amount(self: records.OrderPayment) -> Money:
        return money(self.refunded_minor, self.currency)

    @pure("What can still be given back: neither back nor on its way.")
    def refundable_amount(self: records.OrderPayment) -> Money:
        left = self.captured_minor - self.returning_minor - self.refunded_minor
        return money(left, self.currency)
