"""Enums of orders: importing it makes GraphQL enums of the domain's own, which fields then name."""

import strawberry

from storeql.orders.balance import OrderPaymentStatus
from storeql.orders.fulfilment.settings import ShortPick
from storeql.orders.fulfilment.states import (
    FulfilmentState,
    FulfilmentStatus,
    HoldReason,
    PackageState,
)
from storeql.orders.listing import OrderSort
from storeql.orders.payments.states import MovementKind, MovementState, PaymentState
from storeql.orders.refunds.states import RefundCause, RefundState
from storeql.orders.states import OrderState
from storeql.orders.tracking.states import TrackingKind

strawberry.enum(
    OrderState,
    name="OrderState",
    description="Where an order is in its life, from payment to completion.",
)
strawberry.enum(
    PaymentState,
    name="PaymentStatus",
    description=(
        "PENDING: not answered yet. AUTHORIZED: promised or held. CAPTURED: paid. DECLINED: it"
        " will not be. VOID_DUE, REFUND_DUE: to be let go or given back. VOIDED, REFUNDED: done."
    ),
)
strawberry.enum(
    FulfilmentState,
    name="FulfilmentState",
    description=(
        "Where what one warehouse sends of an order is. OPEN: nobody has begun. CANCELLED: it will"
        " not be sent."
    ),
)
strawberry.enum(
    TrackingKind,
    name="TrackingKind",
    description=(
        "What happened to a package. EXCEPTION: something keeps it, such as customs."
        " RETURNED: it came back."
    ),
)
strawberry.enum(
    PackageState,
    name="PackageState",
    description="Where a package is. OPEN: it is being filled. CLOSED: it is ready to leave.",
)
strawberry.enum(
    FulfilmentStatus,
    name="FulfilmentStatus",
    description="How much of an order has left the house.",
)
strawberry.enum(HoldReason, name="HoldReason", description="Why an order waits.")
strawberry.enum(
    ShortPick,
    name="ShortPick",
    description=(
        "What becomes of pieces that are not on their shelf. OTHER_WAREHOUSE: others send them if"
        " they have them. HOLD: the order waits for staff."
    ),
)
strawberry.enum(
    OrderPaymentStatus,
    name="OrderPaymentStatus",
    description=(
        "UNPAID: nothing is promised or taken. AUTHORIZED: promised or held. PARTIALLY_PAID, PAID:"
        " a part, or all, was taken. PARTIALLY_REFUNDED, REFUNDED: a part, or all, of that is back."
    ),
)
strawberry.enum(
    MovementKind,
    name="MoneyMovementKind",
    description=(
        "AUTHORIZE: asked for and held. CAPTURE: taken. VOID: let go of. REFUND: given back."
    ),
)
strawberry.enum(
    MovementState,
    name="MoneyMovementState",
    description="PENDING: not answered yet. SUCCEEDED, FAILED: for good.",
)
strawberry.enum(
    RefundState,
    name="RefundState",
    description=(
        "PENDING: some of the money is on its way. SUCCEEDED: all is back. PARTIALLY_FAILED,"
        " FAILED: some, or all, will not come unless it is tried again."
    ),
)
strawberry.enum(
    RefundCause,
    name="RefundCause",
    description=(
        "STAFF: somebody decided it. CANCELLATION: the order was cancelled. AFTER_SALES: something"
        " came back. LATE_PAYMENT: the order did not need the money any more. GATEWAY: it was given"
        " back at the gateway."
    ),
)
strawberry.enum(OrderSort, name="OrderSort", description="What a list of orders is sorted by.")

__all__ = [
    "FulfilmentState",
    "FulfilmentStatus",
    "HoldReason",
    "MovementKind",
    "MovementState",
    "OrderPaymentStatus",
    "OrderSort",
    "OrderState",
    "PackageState",
    "PaymentState",
    "RefundCause",
    "RefundState",
    "ShortPick",
    "TrackingKind",
]
