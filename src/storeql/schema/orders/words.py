"""Enums of orders: importing it makes GraphQL enums of the domain's own, which fields then name."""

import strawberry

from storeql.orders.listing import OrderSort
from storeql.orders.payments.states import PaymentState
from storeql.orders.states import OrderState

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
strawberry.enum(OrderSort, name="OrderSort", description="What a list of orders is sorted by.")

__all__ = ["OrderSort", "OrderState", "PaymentState"]
