"""The life of what a warehouse sends, and what it makes of its order: tables, and one function."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from storeql.orders.states import OrderState


class FulfilmentState(StrEnum):
    """Where what one warehouse sends of an order is."""

    OPEN = "OPEN"
    PICKING = "PICKING"
    PACKED = "PACKED"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"


class PackageState(StrEnum):
    """Where a package is; pieces go into an open one alone."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"


class FulfilmentStatus(StrEnum):
    """How much of an order has left the house."""

    UNFULFILLED = "UNFULFILLED"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"


class HoldReason(StrEnum):
    """Why an order waits."""

    FRAUD_CHECK = "FRAUD_CHECK"
    ADDRESS = "ADDRESS"
    SHORT_PICKED = "SHORT_PICKED"
    PAYMENT_REVIEW = "PAYMENT_REVIEW"
    OTHER = "OTHER"


_F = FulfilmentState

FULFILMENT_STEPS: dict[FulfilmentState, frozenset[FulfilmentState]] = {
    _F.OPEN: frozenset({_F.PICKING, _F.PACKED, _F.CANCELLED}),
    _F.PICKING: frozenset({_F.OPEN, _F.PACKED, _F.CANCELLED}),
    _F.PACKED: frozenset({_F.OPEN, _F.PICKING, _F.SHIPPED, _F.CANCELLED}),
    _F.SHIPPED: frozenset({_F.DELIVERED}),
    _F.DELIVERED: frozenset(),
    _F.CANCELLED: frozenset(),
}

IN_HOUSE = frozenset({_F.OPEN, _F.PICKING, _F.PACKED})
"""Its pieces are still reserved in its warehouse."""
GONE = frozenset({_F.SHIPPED, _F.DELIVERED})


ORDERS_OF: dict[FulfilmentStatus, frozenset[OrderState]] = {
    FulfilmentStatus.UNFULFILLED: frozenset(OrderState)
    - {OrderState.SHIPPED, OrderState.DELIVERED, OrderState.COMPLETED},
    FulfilmentStatus.PARTIALLY_SHIPPED: frozenset(
        {OrderState.ON_HOLD, OrderState.PICKING, OrderState.PACKED}
    ),
    FulfilmentStatus.SHIPPED: frozenset({OrderState.SHIPPED}),
    FulfilmentStatus.DELIVERED: frozenset({OrderState.DELIVERED, OrderState.COMPLETED}),
}
"""Where orders with a status are: how a list of them finds the few among the many."""


def derived_state(fulfilments: Sequence[FulfilmentState], *, is_held: bool) -> OrderState:
    """The state of an order that goes ahead, from those of its fulfilments.

    PICKING: the warehouse has begun, and something is not packed yet, also when a part has left.
    What is held has something that did not leave, if only a piece that no warehouse has.
    """
    if is_held:
        return OrderState.ON_HOLD
    living = [state for state in fulfilments if state is not _F.CANCELLED]
    waiting = [state for state in living if state in IN_HOUSE]
    if living and not waiting:
        delivered = all(state is _F.DELIVERED for state in living)
        return OrderState.DELIVERED if delivered else OrderState.SHIPPED
    if waiting and all(state is _F.PACKED for state in waiting):
        return OrderState.PACKED
    untouched = all(state is _F.OPEN for state in living)
    return OrderState.AWAITING_FULFILMENT if untouched else OrderState.PICKING


def derived_status(fulfilments: Sequence[FulfilmentState], *, is_held: bool) -> FulfilmentStatus:
    """How much of an order with these fulfilments has left."""
    living = [state for state in fulfilments if state is not _F.CANCELLED]
    if not any(state in GONE for state in living):
        return FulfilmentStatus.UNFULFILLED
    if is_held or any(state in IN_HOUSE for state in living):
        return FulfilmentStatus.PARTIALLY_SHIPPED
    delivered = all(state is _F.DELIVERED for state in living)
    return FulfilmentStatus.DELIVERED if delivered else FulfilmentStatus.SHIPPED
