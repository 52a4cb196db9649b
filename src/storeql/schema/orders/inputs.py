"""What mutations and lists of orders take."""

import strawberry

from storeql.schema.orders.words import (
    FulfilmentStatus,
    HoldReason,
    OrderPaymentStatus,
    OrderSort,
    OrderState,
)
from storeql.schema.scalars import CurrencyCode, DateTime, Decimal

KEY = (
    "Your name for this change, at most 128 characters: sent again after a lost answer, it is"
    " done once."
)
CART_TOKEN = "For guests: the token of the cart the order came from."


@strawberry.input(description="An amount of money.")
class MoneyInput:
    """An amount and its currency."""

    amount: Decimal = strawberry.field(description='The amount as decimal text, such as "19.90".')
    currency: CurrencyCode = strawberry.field(description="The currency of the amount.")


@strawberry.input(description="A cart to order at the total that was shown.")
class OrderPlaceInput:
    """An order to place."""

    cart_token: str = strawberry.field(description="The cart's token.")
    confirmed_total: MoneyInput = strawberry.field(
        description="The cart's `price.total` as the buyer saw it; another price is refused."
    )
    confirmed_gifts: int | None = strawberry.field(
        default=None,
        description=(
            "The cart's `price.giftCount` as the buyer saw it; another number is refused."
            " Left out, the order is placed even if a gift has run out."
        ),
    )
    payment_token: str = strawberry.field(
        default="", description="What the payment method's front end gave the buyer; not kept."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="Another attempt to pay an order.")
class OrderPayInput:
    """An order to pay."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    payment_method: str = strawberry.field(description="A key of `paymentMethods`.")
    payment_token: str = strawberry.field(
        default="", description="What the payment method's front end gave the buyer; not kept."
    )
    cart_token: str = strawberry.field(default="", description=CART_TOKEN)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="An order whose open payment is to be asked about.")
class OrderPaymentCheckInput:
    """A payment to check."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    cart_token: str = strawberry.field(default="", description=CART_TOKEN)


@strawberry.input(description="An order to cancel.")
class OrderCancelInput:
    """A cancellation."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    reason: str = strawberry.field(default="", description="Why, at most 500 characters.")
    cart_token: str = strawberry.field(default="", description=CART_TOKEN)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="An order whose cash or transfer has come.")
class OrderMarkPaidInput:
    """A payment seen by staff."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    note: str = strawberry.field(default="", description="Where the money was seen.")


@strawberry.input(description="An order to put on hold.")
class OrderHoldInput:
    """A hold."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    kind: HoldReason = strawberry.field(default=HoldReason.OTHER, description="What it waits for.")
    reason: str = strawberry.field(default="", description="Why in words, at most 500 characters.")


@strawberry.input(description="An order to let go on.")
class OrderReleaseInput:
    """Holds to end."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    hold_ids: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="Which of its open holds to end; all when left out."
    )
    reason: str = strawberry.field(default="", description="Why in words, at most 500 characters.")


@strawberry.input(description="An order that its buyer has and keeps.")
class OrderCompleteInput:
    """An order to complete."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    cart_token: str = strawberry.field(default="", description=CART_TOKEN)


@strawberry.input(description="A delay that is approved.")
class OrderShipByExtendInput:
    """More time for an order to leave."""

    order_id: strawberry.ID = strawberry.field(description="The order.")
    ship_by: DateTime = strawberry.field(
        description="When it has to leave now: later than before, within a year."
    )
    reason: str = strawberry.field(description="Why, at most 500 characters.")
    expected_version: int = strawberry.field(description="The order's version that was read.")


@strawberry.input(description="Conditions that all have to hold.")
class OrderFilterInput:
    """What to narrow a list of orders by."""

    states: list[OrderState] | None = strawberry.field(
        default=None, description="States, as alternatives."
    )
    payment_statuses: list[OrderPaymentStatus] | None = strawberry.field(
        default=None, description="How far they are paid, as alternatives."
    )
    channel_id: strawberry.ID | None = strawberry.field(default=None, description="A channel.")
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="A customer.")
    payment_method: str | None = strawberry.field(
        default=None, description="The payment method chosen in the cart."
    )
    placed_from: DateTime | None = strawberry.field(
        default=None, description="Placed at this instant or later."
    )
    placed_until: DateTime | None = strawberry.field(
        default=None, description="Placed before this instant."
    )
    total_from: MoneyInput | None = strawberry.field(
        default=None, description="The lowest total; orders of other currencies are left out."
    )
    total_to: MoneyInput | None = strawberry.field(
        default=None, description="The highest total; orders of other currencies are left out."
    )
    fulfilment_statuses: list[FulfilmentStatus] | None = strawberry.field(
        default=None, description="How much has left the house, as alternatives."
    )
    late: bool | None = strawberry.field(
        default=None,
        description="True: only those with something in the house after their `shipBy`.",
    )
    search: str | None = strawberry.field(
        default=None,
        description="Words that all occur in the number, e-mail, phone, name or SKUs.",
    )


@strawberry.input(description="The order of a list of orders.")
class OrderSortInput:
    """How to sort orders."""

    by: OrderSort = strawberry.field(description="What to sort by.")
    descending: bool = strawberry.field(default=True, description="From high to low.")
