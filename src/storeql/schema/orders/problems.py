"""User errors about orders that carry data: what changed, what is short, what stands in the way."""

import strawberry

from storeql.catalog.problems import InsufficientStock
from storeql.orders import problems
from storeql.orders.payments.problems import CaptureTooLarge
from storeql.orders.refunds.problems import RefundLineTooLarge, RefundTooLarge
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.money import Money, money
from storeql.schema.orders.words import OrderState
from storeql.schema.problems import UserError


@strawberry.type(
    name="PriceChanged", description="The cart costs another total than the one confirmed."
)
@answers(problems.PriceChanged)
class PriceChangedError(UserError):
    """A price that moved since it was shown."""

    @pure("The total that was confirmed.")
    def shown(self: problems.PriceChanged) -> Money:
        return money(self.shown_minor, self.currency)

    @pure("The total now.")
    def now(self: problems.PriceChanged) -> Money:
        return money(self.now_minor, self.currency)


@strawberry.type(
    name="GiftsChanged", description="The order would come with another number of gifts."
)
@answers(problems.GiftsChanged)
class GiftsChangedError(UserError):
    """Gifts that came or went since they were shown."""

    shown: int = attribute("The gift pieces that were confirmed.")
    now: int = attribute("The gift pieces now.")


@strawberry.type(name="InsufficientStock", description="More was wanted of a variant than is free.")
@answers(InsufficientStock)
class InsufficientStockError(UserError):
    """Stock that does not suffice."""

    sku: str = attribute("The stock keeping unit.")
    wanted: int = attribute("Pieces wanted.")
    available: int = attribute("Pieces that could be had now.")

    @pure("The variant.")
    def variant_id(self: InsufficientStock) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)


@strawberry.type(name="LineRefused", description="A line of the cart cannot be ordered any more.")
@answers(problems.LineRefused)
class LineRefusedError(UserError):
    """A cart line that is no longer for sale."""

    sku: str = attribute("The stock keeping unit.")

    @pure("The cart line.")
    def line_id(self: problems.LineRefused) -> strawberry.ID:
        return opaque_id("CartLine", self.line_id)

    @pure("The variant.")
    def variant_id(self: problems.LineRefused) -> strawberry.ID:
        return opaque_id("ProductVariant", self.variant_id)


@strawberry.type(name="OrderStateConflict", description="The order's state does not allow this.")
@answers(problems.OrderStateConflict)
class OrderStateConflictError(UserError):
    """A change that comes too late, or too early."""

    @pure("Where the order is now.")
    def state(self: problems.OrderStateConflict) -> OrderState:
        return OrderState(self.state)


@strawberry.type(name="PaymentPending", description="An earlier payment has not been answered yet.")
@answers(problems.PaymentPending)
class PaymentPendingError(UserError):
    """A payment that is still open."""

    method: str = attribute("The payment method that is being waited for.")


@strawberry.type(name="CaptureTooLarge", description="So much is not held of the payment.")
@answers(CaptureTooLarge)
class CaptureTooLargeError(UserError):
    """More than a gateway holds."""

    @pure("What can be taken.")
    def left(self: CaptureTooLarge) -> Money:
        return money(self.left_minor, self.currency)


@strawberry.type(
    name="RefundTooLarge", description="More than is left of the order, or of its delivery."
)
@answers(RefundTooLarge)
class RefundTooLargeError(UserError):
    """More than can go back."""

    @pure("What can still be given back.")
    def left(self: RefundTooLarge) -> Money:
        return money(self.left_minor, self.currency)


@strawberry.type(name="RefundLineTooLarge", description="More than is left of a line.")
@answers(RefundLineTooLarge)
class RefundLineTooLargeError(UserError):
    """More than can go back for a line."""

    left_quantity: int = attribute("Pieces that no refund is about yet.")

    @pure("The order's line.")
    def line_id(self: RefundLineTooLarge) -> strawberry.ID:
        return opaque_id("OrderLine", self.order_line_id)

    @pure("The money that can still be given back for it.")
    def left(self: RefundLineTooLarge) -> Money:
        return money(self.left_minor, self.currency)


ORDER_PROBLEMS: list[type] = [
    CaptureTooLargeError,
    RefundTooLargeError,
    RefundLineTooLargeError,
    PriceChangedError,
    GiftsChangedError,
    InsufficientStockError,
    LineRefusedError,
    OrderStateConflictError,
    PaymentPendingError,
]
