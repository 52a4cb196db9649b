"""Refunds of an order as clients see them: what for, how much, and how far."""

from collections.abc import Sequence

import strawberry

from storeql.access import Permission
from storeql.orders.refunds import records
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.money import Money, money
from storeql.schema.orders.payments import MoneyMovement
from storeql.schema.orders.words import RefundCause, RefundState
from storeql.schema.scalars import DateTime

ORDERS = Permission.MANAGE_ORDERS


@strawberry.type(description="What a refund gives back for a line of the order.")
@answers(records.RefundLine)
class RefundLine:
    """A line of a refund."""

    sku: str = attribute("The stock keeping unit.")
    product_name: str = attribute("The product's name then.")
    quantity: int = attribute("How many pieces it is for; 0 when only money goes back.")

    @pure("The order's line.")
    def line_id(self: records.RefundLine) -> strawberry.ID:
        return opaque_id("OrderLine", self.order_line_id)

    @pure("The money for them.")
    def amount(self: records.RefundLine) -> Money:
        return money(self.amount_minor, self.currency)


@strawberry.type(description="Money of an order that goes back to its buyer.")
@answers(records.Refund)
class Refund:
    """A refund."""

    reason: str | None = attribute("Why, as staff noted it.", ORDERS)
    actor: str | None = attribute("Who began it, such as staff:3.", ORDERS)
    lines: Sequence[RefundLine] = attribute("The lines of the order that it is for.")
    movements: Sequence[MoneyMovement] | None = attribute(
        "How the money goes back, one movement for each payment it came from.", ORDERS
    )
    created_at: DateTime = attribute("When it was begun.")
    updated_at: DateTime = attribute("When it last changed.")

    @pure("The opaque id.")
    def id(self: records.Refund) -> strawberry.ID:
        return opaque_id("Refund", self.id)

    @pure("How far it is.")
    def state(self: records.Refund) -> RefundState:
        return RefundState(self.state)

    @pure("What it came from.")
    def cause(self: records.Refund) -> RefundCause:
        return RefundCause(self.cause)

    @pure("All that it gives back: for lines, delivery and the rest.")
    def amount(self: records.Refund) -> Money:
        return money(self.amount_minor, self.currency)

    @pure("What of it is for the delivery.")
    def shipping_amount(self: records.Refund) -> Money:
        return money(self.shipping_minor, self.currency)

    @pure("What of it is for no part of the order.")
    def adjustment_amount(self: records.Refund) -> Money:
        return money(self.adjustment_minor, self.currency)

    @pure("What of it is back.")
    def refunded_amount(self: records.Refund) -> Money:
        return money(self.refunded_minor, self.currency)

    @pure("What of it will not come unless it is tried again with `orderRefundRetry`.")
    def failed_amount(self: records.Refund) -> Money:
        return money(self.failed_minor, self.currency)
