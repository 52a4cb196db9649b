"""Enums of orders: importing it makes GraphQL enums of the domain's own, which fields then name."""

import strawberry

from storeql.orders.fulfilment.settings import ShortPick
from storeql.orders.fulfilment.states import (
    FulfilmentState,
    FulfilmentStatus,
    HoldReason,
    PackageState,
)
from storeql.orders.listing import OrderSort
from storeql.orders.payments.states import PaymentState
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
strawberry.enum(OrderSort, name="OrderSort", description="What a list of orders is sorted by.")

__all__ = [
    "FulfilmentState",
    "FulfilmentStatus",
    "HoldReason",
    "OrderSort",
    "OrderState",
    "PackageState",
    "PaymentState",
    "ShortPick",
    "TrackingKind",
]
