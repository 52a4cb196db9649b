"""The life of an order as one table: which state may follow which."""

from __future__ import annotations

from enum import StrEnum


class OrderState(StrEnum):
    """Where an order is in its life."""

    PENDING_PAYMENT = "PENDING_PAYMENT"
    AWAITING_FULFILMENT = "AWAITING_FULFILMENT"
    ON_HOLD = "ON_HOLD"
    PICKING = "PICKING"
    PACKED = "PACKED"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"


_S = OrderState

TRANSITIONS: dict[OrderState, frozenset[OrderState]] = {
    _S.PENDING_PAYMENT: frozenset({_S.AWAITING_FULFILMENT, _S.CANCELLED}),
    _S.AWAITING_FULFILMENT: frozenset({_S.ON_HOLD, _S.PICKING, _S.PACKED, _S.CANCELLED}),
    _S.ON_HOLD: frozenset({_S.AWAITING_FULFILMENT, _S.PICKING, _S.PACKED, _S.CANCELLED}),
    _S.PICKING: frozenset({_S.AWAITING_FULFILMENT, _S.ON_HOLD, _S.PACKED, _S.CANCELLED}),
    _S.PACKED: frozenset(
        {_S.AWAITING_FULFILMENT, _S.PICKING, _S.ON_HOLD, _S.SHIPPED, _S.CANCELLED}
    ),
    _S.SHIPPED: frozenset({_S.DELIVERED}),
    _S.DELIVERED: frozenset({_S.COMPLETED}),
    _S.COMPLETED: frozenset(),
    _S.CANCELLED: frozenset(),
}

CANCELLED_BY_CUSTOMER = frozenset({_S.PENDING_PAYMENT, _S.AWAITING_FULFILMENT, _S.ON_HOLD})
"""States in which customers may cancel by themselves: nobody has taken anything off a shelf."""

UNSHIPPED = frozenset({_S.AWAITING_FULFILMENT, _S.ON_HOLD, _S.PICKING, _S.PACKED})
"""States in which something has still to leave the house: here an order can be late."""


def may_become(state: OrderState, target: OrderState) -> bool:
    """True if an order in `state` may go to `target` next."""
    return target in TRANSITIONS[state]
