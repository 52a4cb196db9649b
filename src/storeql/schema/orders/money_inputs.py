"""What mutations about payments and refunds take."""

import strawberry

from storeql.schema.orders.inputs import KEY, MoneyInput
from storeql.schema.scalars import Decimal


@strawberry.input(description="Money to take that a gateway holds.")
class PaymentCaptureInput:
    """A capture."""

    payment_id: strawberry.ID = strawberry.field(description="The payment.")
    amount: MoneyInput | None = strawberry.field(
        default=None, description="How much; all that is held when left out."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A payment whose held money is to be let go.")
class PaymentVoidInput:
    """A void."""

    payment_id: strawberry.ID = strawberry.field(description="The payment.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="What became of a movement that no gateway answers.")
class MoneyMovementResolveInput:
    """A resolution."""

    movement_id: strawberry.ID = strawberry.field(
        description="A movement by hand, or one that a gateway has not answered for an hour."
    )
    succeeded: bool = strawberry.field(description="Whether the money moved.")
    note: str = strawberry.field(
        default="", description="Where that was seen, at most 500 characters."
    )


@strawberry.input(description="What goes back for a line of the order.")
class RefundLineInput:
    """A line of a refund."""

    line_id: strawberry.ID = strawberry.field(description="The order's line.")
    quantity: int = strawberry.field(
        default=0, description="How many pieces it is for; 0 when only money goes back."
    )
    amount: Decimal = strawberry.field(
        default="0", description="The money for them, in the order's currency."
    )


@strawberry.input(description="Money of an order to give back.")
class OrderRefundCreateInput:
    """A refund."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    amount: MoneyInput = strawberry.field(
        description="All that goes back: for the lines, the delivery, and whatever else."
    )
    lines: list[RefundLineInput] = strawberry.field(
        default_factory=list, description="The lines it is for, each once."
    )
    shipping: Decimal = strawberry.field(
        default="0", description="What of it is for the delivery, in the order's currency."
    )
    reason: str = strawberry.field(default="", description="Why, at most 500 characters.")
    payment_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="The payments it comes from; all of the order's when left out, oldest first.",
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A refund to try again, as far as it failed.")
class OrderRefundRetryInput:
    """A refund to try again."""

    refund_id: strawberry.ID = strawberry.field(description="The refund.")
    by_hand: bool = strawberry.field(
        default=False, description="Ask no gateway: somebody gives the money back."
    )
    idempotency_key: str = strawberry.field(description=KEY)
